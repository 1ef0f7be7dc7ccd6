"""A server that is too old is named before the first migration trips over it."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections
from django.utils.translation import gettext as _

OLDEST = 180_000  # uuidv7() and transaction_timeout


def postgres_is_new_enough(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Asked by `migrate` and by `check --database default`."""
    return [problem for alias in databases or [] if (problem := _too_old(alias))]


def _too_old(alias: str) -> Error | None:
    version: int = getattr(connections[alias], "pg_version", 0)
    if version >= OLDEST:
        return None
    return Error(
        _("PostgreSQL 18 or newer is needed; this server is version %(version)d.") % {"version": version // 10_000},
        id="omni.E001",
    )
