"""Periodic jobs: each slot runs once, whether beat rings or the relay steps in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

Job = Callable[[datetime], None]
SHORTEST_PATIENCE = 10.0  # seconds before the relay believes that beat is away


@dataclass(frozen=True)
class PeriodicJob:
    """A function that the clock calls."""

    name: str
    seconds: float
    queue: str
    function: Job

    def slot(self, now: datetime) -> datetime:
        """The slot that `now` falls into: slots are counted from 1970, so all processes agree."""
        number = int(now.timestamp() // self.seconds)
        return datetime.fromtimestamp(number * self.seconds, tz=UTC)

    @property
    def patience(self) -> timedelta:
        """How late the job may be before the relay runs it."""
        return timedelta(seconds=self.seconds + max(SHORTEST_PATIENCE, self.seconds))


_jobs: dict[str, PeriodicJob] = {}


def periodic(name: str, *, seconds: float, queue: str = "celery") -> Callable[[Job], Job]:
    """Register `function(now)` to run every so many seconds; it does at most 20 seconds of work at a time."""

    def register(function: Job) -> Job:
        known = _jobs.get(name)
        if known and known.function.__qualname__ != function.__qualname__:
            raise ValueError(f"Two periodic jobs are called {name}.")
        _jobs[name] = PeriodicJob(name=name, seconds=seconds, queue=queue, function=function)
        return function

    return register


def jobs() -> dict[str, PeriodicJob]:
    """All registered jobs, by name."""
    return _jobs
