"""Values that the database makes."""

from django.db.models import Func, UUIDField


class UuidV7(Func):
    """A public id that sorts by time and tells nobody how many there are; made by PostgreSQL 18."""

    function = "uuidv7"
    template = "%(function)s()"
    output_field = UUIDField()
