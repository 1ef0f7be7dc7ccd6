"""The test database is kept from run to run, until what makes its tables changes: migrating takes half a minute.

Only on our own server: on one that somebody lends (OMNI_TEST_DATABASE_URL) nothing is left behind.
`pytest --create-db` makes it anew all the same.
"""

import os
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from django.db import connection

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


def may_be_kept() -> bool:
    return "OMNI_TEST_DATABASE_URL" not in os.environ


def is_fresh() -> bool:
    """True where the test database is there and was made of the same."""
    with connection._nodb_cursor() as cursor:
        name = connection.creation._get_test_db_name()
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() == (made_of(),)


def mark() -> None:
    """Everything is in it."""
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"COMMENT ON DATABASE {name} IS '{made_of()}'")
