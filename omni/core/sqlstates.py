"""PostgreSQL's own words for what went wrong."""

SERIALIZATION_FAILURE = "40001"
DEADLOCK = "40P01"
LOCK_TIMEOUT = "55P03"
STATEMENT_TIMEOUT = "57014"

WORTH_ANOTHER_TRY = frozenset({SERIALIZATION_FAILURE, DEADLOCK})


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
