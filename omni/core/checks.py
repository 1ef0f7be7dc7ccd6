"""Invariants: what must hold between all rows, each a question that returns whoever breaks it."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction

SHOWN = 10


@dataclass(frozen=True)
class Violators:
    """A query whose rows are the violators."""

    sql: str
    params: tuple[Any, ...] = ()


Answer = Violators | str | Iterable[Any]


@dataclass(frozen=True)
class Check:
    """One invariant in the words of the shop, and the function that looks for its violators."""

    name: str
    description: Any
    find: Callable[[], Answer]


@dataclass(frozen=True)
class Finding:
    """What one check found: how many, and the first of them."""

    check: str
    description: str
    count: int
    first: list[str]
    seconds: float


_checks: dict[str, Check] = {}


def check(name: str, description: Any) -> Callable[[Callable[[], Answer]], Callable[[], Answer]]:
    """Register a function that returns SQL (`Violators`), or an iterable of whatever names a violator."""

    def register(find: Callable[[], Answer]) -> Callable[[], Answer]:
        known = _checks.get(name)
        if known and known.find.__qualname__ != find.__qualname__:
            raise ValueError(f"Two checks are called {name}.")
        _checks[name] = Check(name=name, description=description, find=find)
        return find

    return register


def checks() -> dict[str, Check]:
    """All registered checks, by name."""
    return dict(sorted(_checks.items()))


def run_checks(names: Iterable[str] | None = None) -> list[Finding]:
    """Ask all (or the named) questions of one snapshot, so that work going on meanwhile is no violation."""
    wanted = checks() if names is None else {name: _checks[name] for name in names}
    if connection.in_atomic_block:
        return [_ask(one) for one in wanted.values()]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return [_ask(one) for one in wanted.values()]


def _ask(one: Check) -> Finding:
    began = time.perf_counter()
    answer = one.find()
    if isinstance(answer, str):
        answer = Violators(answer)
    count, first = _queried(answer) if isinstance(answer, Violators) else _iterated(answer)
    return Finding(one.name, str(one.description), count, first, round(time.perf_counter() - began, 3))


def _queried(violators: Violators) -> tuple[int, list[str]]:
    # The check's own text is the query; nothing a user typed gets into it.
    query = f"SELECT count(*) OVER (), v.* FROM ({violators.sql}) v LIMIT {SHOWN}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(query, violators.params or None)
        names = [column.name for column in cursor.description][1:]
        rows = cursor.fetchall()
    shown = [" ".join(f"{name}={value}" for name, value in zip(names, row[1:], strict=True)) for row in rows]
    return (rows[0][0] if rows else 0), shown


def _iterated(violators: Iterable[Any]) -> tuple[int, list[str]]:
    iterator = iter(violators)
    first = [str(violator) for violator in islice(iterator, SHOWN)]
    return len(first) + sum(1 for _more in iterator), first
