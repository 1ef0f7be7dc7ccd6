"""Statements that the server plans once for each connection: for texts that many requests ask, word for word.

Planning the text of a rule took longer than answering it. Such a text names its columns: a star would break while a
migration adds one.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, Generic, Self, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from psycopg import ClientCursor, Cursor

Row = TypeVar("Row", bound=Model)


class Columns(Generic[Row]):
    """The columns of a model by name, for such a text, and its rows as instances."""

    def __init__(self, model: type[Row]) -> None:
        self.model = model
        fields = model._meta.concrete_fields
        self.names = [field.attname for field in fields]
        self._read = [(n, field.from_db_value) for n, field in enumerate(fields) if hasattr(field, "from_db_value")]

    def of(self, alias: str = "") -> str:
        """`alias.id, alias.name, ...`"""
        return ", ".join(f"{alias}.{name}" if alias else name for name in self.names)

    def row(self, values: Sequence[Any]) -> Row:
        """The instance of what such a text returned."""
        mine = list(values)
        for n, read in self._read:
            mine[n] = read(mine[n], None, connection)
        return self.model.from_db(connection.alias, self.names, mine)


FEW = 2_000  # values; a plan for any number of them looks each up, and more are sooner met by reading a table


class _PreparedCursor(Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **how: Any) -> Self:
        return super().execute(query, params, **{**how, "prepare": True})


class _ToldCursor(_PreparedCursor):
    """For a log of queries: where Django looks for what was said, it finds it with its values."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> Self:
        super().execute(query, params, **how)
        said = ClientCursor(self.connection).mogrify(query, params)
        self._query = SimpleNamespace(query=said.encode())  # type: ignore[assignment]
        return self


def array(values: Iterable[int]) -> str:
    """Whole numbers for `%s::bigint[]`: as text they take a third of what the driver needs for a list."""
    return f"{{{','.join(map(str, values))}}}"


@contextmanager
def prepared(values: int = 0) -> Iterator[CursorWrapper]:
    """A cursor like any other of the connection; values travel beside the text, and lists need their type in it:
    `ANY(%s::bigint[])`. Where a list holds very many `values`, the statement is planned for them."""
    here = connections[DEFAULT_DB_ALIAS]  # the proxy in `connection` would look it up for each word
    if values > FEW:
        with here.cursor() as cursor:
            yield cursor
        return
    here.close_if_health_check_failed()
    here.ensure_connection()
    with here.wrap_database_errors:
        mine = (_ToldCursor if here.queries_logged else _PreparedCursor)(here.connection)
    with here._prepare_cursor(mine) as cursor:  # type: ignore[attr-defined]  # as `here.cursor()` wraps its own
        yield cursor
