"""PostgreSQL's own words for what went wrong."""

from django.db import InterfaceError, InternalError, OperationalError

SERIALIZATION_FAILURE = "40001"
DEADLOCK = "40P01"
LOCK_TIMEOUT = "55P03"
STATEMENT_TIMEOUT = "57014"
IDLE_IN_TRANSACTION = "25P03"
TRANSACTION_TIMEOUT = "25P04"

WORTH_ANOTHER_TRY = frozenset({SERIALIZATION_FAILURE, DEADLOCK})


# psycopg files these two under internal errors; they mean that the server gave up waiting for us, and nothing was done.
GAVE_UP = frozenset({IDLE_IN_TRANSACTION, TRANSACTION_TIMEOUT})


def is_away(error: BaseException) -> bool:
    """True where the database is away, busy, or gave us up: the same request may be sent again."""
    return isinstance(error, (OperationalError, InterfaceError)) or (
        isinstance(error, InternalError) and sqlstate(error) in GAVE_UP
    )


def sqlstate(error: BaseException) -> str | None:
    """The five-character code behind a Django database error, where the server gave one."""
    for candidate in (error, error.__cause__):
        state = getattr(candidate, "sqlstate", None)
        if state:
            return str(state)
    return None


def violated(error: Exception) -> str | None:
    """The name of the constraint that said no, where one did."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None)
