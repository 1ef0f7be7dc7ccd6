"""Statements that the server plans once for each connection: for texts that many requests ask, word for word.

Planning the text of a rule took longer than answering it. Such a text names its columns: a star would break while a
migration adds one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor


class _PreparedCursor(Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **how: Any) -> Self:
        return super().execute(query, params, **{**how, "prepare": True})

    def _send_query_prepared(self, name: bytes, pgq: Any, **how: Any) -> None:
        self._query = pgq  # where Django looks for what was asked, which psycopg fills for other statements only
        super()._send_query_prepared(name, pgq, **how)


@contextmanager
def prepared() -> Iterator[CursorWrapper]:
    """A cursor like any other of the connection; values travel beside the text, and lists need their type in it:
    `ANY(%s::bigint[])`."""
    with connection.cursor() as cursor:
        with connection.wrap_database_errors:
            mine = _PreparedCursor(connection.connection)
        cursor.cursor.close()
        cursor.cursor = mine
        yield cursor
