"""The frame's own apps: it gathers what the others registered and lends the event feed its wake-up call."""

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.core.checks import Tags, register
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import autodiscover_modules

from omni import celery
from omni.core import practice_tables, wake
from omni.server_check import postgres_is_new_enough

GATHERED = ("subscribers", "audits", "tasks", "tabs", "screen_help", "stories")


class HqConfig(AdminConfig):
    """Django's admin on our own site, at /hq/."""

    default = False
    default_site = "omni.admin.HqSite"


class OmniConfig(AppConfig):
    """The frame; installed last, so that all apps are ready before it."""

    name = "omni"
    default = True

    def ready(self) -> None:
        autodiscover_modules(*GATHERED)
        celery.app.conf.beat_schedule = celery.beat_schedule()
        wake.set_hook(celery.hint)
        register(postgres_is_new_enough, Tags.database)
        # Django tells only apps with models of a migration; the kernel stands for the whole run.
        core = apps.get_app_config("core")
        pre_migrate.connect(_wait_briefly_for_locks, sender=core)
        post_migrate.connect(_wait_as_usual, sender=core)
        post_migrate.connect(practice_tables.make_after_migration, sender=core)


def _wait_briefly_for_locks(*, using: str, **_: object) -> None:
    """A migration that queues for a lock would hold up every page behind it: let it fail and be run again."""
    _execute(using, "SET lock_timeout = '3s'")


def _wait_as_usual(*, using: str, **_: object) -> None:
    _execute(using, "RESET lock_timeout")


def _execute(using: str, statement: str) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(statement)
