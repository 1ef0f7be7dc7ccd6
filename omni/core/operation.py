"""What makes a function an act of the shop: all of it happens, or nothing."""

import functools
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

from omni.core import past
from omni.core.sqlstates import WORTH_ANOTHER_TRY, sqlstate

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 3
LONGEST_PAUSE = 0.1  # seconds, before the second try; double before the third


def operation(act: Callable[P, R]) -> Callable[P, R]:
    """Run the act in one transaction, joining the caller's where there is one.

    No savepoint: a refusal anywhere undoes the whole, each nested act would cost two more round trips, and a
    half-undone act is what nobody expects. A caller that wants to go on after a Refusal wraps the call in
    `transaction.atomic()`.
    """

    @functools.wraps(act)
    def whole(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(savepoint=False):
            if past.is_told():
                with past.at(kwargs.get("now")):  # type: ignore[arg-type]
                    return act(*args, **kwargs)
            return act(*args, **kwargs)

    return whole


def retry(act: Callable[[], R]) -> R:
    """Run a whole act again, up to three times, where the database chose it as the victim of a deadlock.

    Only the outermost caller can repeat the whole; inside a transaction the error goes up to them.
    """
    if connection.in_atomic_block:
        return act()
    for attempt in range(1, TRIES):
        try:
            return act()
        except OperationalError as error:
            if sqlstate(error) not in WORTH_ANOTHER_TRY:
                raise
            time.sleep(random.uniform(0, LONGEST_PAUSE * attempt))
    return act()


def retried(act: Callable[P, R]) -> Callable[P, R]:
    """The same as a decorator, for acts that lock many rows."""

    @functools.wraps(act)
    def stubborn(*args: P.args, **kwargs: P.kwargs) -> R:
        return retry(lambda: act(*args, **kwargs))

    return stubborn
