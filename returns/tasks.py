"""What the clock does for returns."""

from datetime import datetime

from omni.core.schedule import periodic
from returns.operations.forget_customer import forget_returns
from returns.operations.give_up import end_forgotten


@periodic("returns.end_forgotten", seconds=600)
def end(now: datetime) -> None:
    end_forgotten(now=now)


@periodic("returns.forget", seconds=600, queue="bulk")
def forget(now: datetime) -> None:
    forget_returns(now=now)
