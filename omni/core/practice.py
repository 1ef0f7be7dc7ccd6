"""The practice world: the same screens and operations over tables of their own, so that nothing done there is real.

While a request (or a piece of work) is inside, the connection looks for each table first in the schema `practice`,
which holds an empty twin of every table that the shop's work writes (`practice_tables`). What has no twin, such as
people and HQ's settings, is shared and can be read but not changed from inside (`practice_writes`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.backends.signals import connection_created

from omni.core.practice_tables import FIRST_ID
from omni.core.practice_writes import require_twin

_here: ContextVar[int | None] = ContextVar("practice_location", default=None)
_follow_up: list[Callable[[datetime], None]] = []
_guide: list[Callable[[Any], Any]] = []


def is_on() -> bool:
    """True inside the practice world: whoever would call out (mail, carrier, payment) plays it instead."""
    return _here.get() is not None


def location_id() -> int | None:
    """The practice location of whoever practices here, None in the real world."""
    return _here.get()


def is_practice_id(value: object) -> bool:
    """True for an id that only practice rows have."""
    return str(value).isdecimal() and int(str(value)[:19]) >= FIRST_ID


@contextmanager
def inside(location: int) -> Iterator[None]:
    """Everything in this block happens in the practice world, at this practice location."""
    with _turned(location), connection.execute_wrapper(_only_twins):
        yield


@contextmanager
def outside() -> Iterator[None]:
    """The real world again, for a block inside the practice world."""
    with _turned(None):
        yield


def narrowed(scope: frozenset[str] | None) -> frozenset[str] | None:
    """Where somebody may do something: in practice it is their own practice location, and nowhere else."""
    here = _here.get()
    if here is None:
        return scope
    return frozenset({f"location:{here}"}) if scope is None or scope else frozenset()


def after_each_act(follow_up: Callable[[datetime], None]) -> None:
    """Lend what the workers do in the real world; in practice it happens at once, after each act."""
    _follow_up[:] = [follow_up]


def follow_up(now: datetime) -> None:
    for each in _follow_up:
        each(now)


def lend_guide(guide: Callable[[Any], Any]) -> None:
    """Lend what tells a page in practice its next step."""
    _guide[:] = [guide]


def guide(request: Any) -> Any:
    """What the practice bar of this page shows."""
    return _guide[0](request) if _guide and is_on() else None


@contextmanager
def _turned(location: int | None) -> Iterator[None]:
    token = _here.set(location)
    try:
        _point(connection)
        yield
    finally:
        _here.reset(token)
        try:
            _point(connection)
        except Exception:
            connection.close()  # never hand a connection on that still looks at the other world
            raise


def _only_twins(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if is_on():
        require_twin(sql)
    return execute(sql, params, many, context)


def _point(to: Any) -> None:
    """Let an open connection look where this request is; one that is opened later is pointed when it opens.

    Below Django, so that it holds also while a transaction waits for its rollback.
    """
    if to.connection is not None:
        to.connection.execute("SET search_path TO practice, public" if is_on() else "RESET search_path")


def _opened(*, connection: Any, **_: Any) -> None:
    if is_on():
        _point(connection)


connection_created.connect(_opened, dispatch_uid="omni.core.practice")
