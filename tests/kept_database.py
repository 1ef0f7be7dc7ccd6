"""The test database is kept from run to run, until what makes its tables changes: migrating takes half a minute.
And of several workers only the first migrates: its database is the template of the others', which take a second each.

Only on our own server: on one that somebody lends (OMNI_TEST_DATABASE_URL) nothing is left behind.
`pytest --create-db` makes it anew all the same.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.state import ProjectState
from pytest import MonkeyPatch

ROOT = Path(__file__).parent.parent
# Tables, first rows and the twins of practice come of these, and of the libraries' own migrations.
MAKERS = ("*/migrations/*.py", "omni/core/migrations/*.py", "*/first_*.py", "*/apps.py", "omni/core/practice_tables.py",
          "requirements-dev.txt", "tests/clean_tables.py")  # fmt: skip


def made_of() -> str:
    """One word for everything that makes the tables; another one each month, for the months of the ledger."""
    seen = sha256(f"{datetime.now(tz=UTC):%Y-%m}".encode())
    for path in sorted(path for pattern in MAKERS for path in ROOT.glob(pattern)):
        seen.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()


TEMPLATE = "test_omni_template"


def may_be_kept() -> bool:
    return "OMNI_TEST_DATABASE_URL" not in os.environ


@contextmanager
def alone() -> Iterator[None]:
    """Of the workers of a run one at a time makes its database: the first one migrates, the others copy."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [TEMPLATE])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [TEMPLATE])


@contextmanager
def quick_migrations() -> Iterator[None]:
    """PostgreSQL adds an index or a constraint without asking the model for the others it has; for each of hundreds
    Django would make the classes of all related models anew, half of the time that migrating takes."""

    def append(self: ProjectState, app_label: str, model_name: str, option_name: str, added: object) -> None:
        options = self.models[app_label, model_name].options
        options[option_name] = [*options[option_name], added]

    with MonkeyPatch.context() as patched:
        patched.setattr(ProjectState, "_append_option", append)
        yield


def is_fresh() -> bool:
    """True where the test database is there and was made of the same, if need be as a copy of the template."""
    name = connection.creation._get_test_db_name()
    with connection._nodb_cursor() as cursor:
        if _is_of(cursor, name):
            return True
        if not _is_of(cursor, TEMPLATE):
            return False
        _copy(cursor, TEMPLATE, name)
        return True


def mark() -> None:
    """Everything is in it: it becomes the template of the other workers, and of those to come."""
    name = connection.settings_dict["NAME"]
    connection.close()  # a database is copied while nobody is in it
    with connection._nodb_cursor() as cursor:
        _say(cursor, name)
        if may_be_kept():
            _copy(cursor, name, TEMPLATE)


def _is_of(cursor: CursorWrapper, name: str) -> bool:
    cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
    return cursor.fetchone() == (made_of(),)


def _copy(cursor: CursorWrapper, source: str, target: str) -> None:
    """By files: a hundred megabytes of empty tables would else be written to the log, page by page."""
    old, new = connection.ops.quote_name(source), connection.ops.quote_name(target)
    cursor.execute(f"DROP DATABASE IF EXISTS {new} WITH (FORCE)")
    cursor.execute(f"CREATE DATABASE {new} TEMPLATE {old} STRATEGY file_copy")
    _say(cursor, target)


def _say(cursor: CursorWrapper, name: str) -> None:
    cursor.execute(f"COMMENT ON DATABASE {connection.ops.quote_name(name)} IS '{made_of()}'")
