"""A thing with a status, for tests; its registry is its own, so that no migration and no audit knows of it."""

from django.apps.registry import Apps
from django.db import connection, models

from omni.core.states import Stateful


class Status(models.TextChoices):
    OPEN = "open", "Open"
    PICKED = "picked", "Picked"
    GONE = "gone", "Gone"


class Parcel(Stateful):
    MOVES = {Status.OPEN: {Status.PICKED}, Status.PICKED: {Status.GONE, Status.OPEN}}

    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    scans = models.IntegerField(default=0)
    shelf = models.CharField(max_length=10, blank=True)

    class Meta:
        apps = Apps()
        app_label = "core"
        db_table = "trial_parcel"
        verbose_name = "parcel"


def make_table() -> None:
    """Gone with the test's transaction, or with `drop_table`."""
    with connection.schema_editor() as editor:
        editor.create_model(Parcel)


def drop_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS trial_parcel")
