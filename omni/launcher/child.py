"""One long-running process of the shop and what the launcher knows about it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from omni.embedded.place import CHECKOUT, log_file
from omni.embedded.process import spawn, stop

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 30.0
CALM_AFTER_SECONDS = 60.0


@dataclass(kw_only=True)
class Child:
    """What to run with Python, how to see that it answers, and how it likes to be stopped."""

    name: str
    title: str
    process_kind: str
    arguments: Sequence[str]
    answers: Callable[["Child"], bool]
    stop_steps: Sequence[tuple[signal.Signals, float]]
    env: Mapping[str, str] = field(default_factory=dict)
    pass_fds: Sequence[int] = ()

    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = 0.0
    start_again_at: float | None = None
    exit_code: int | None = None
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = log_file(self.name)

    def start(self) -> None:
        """Start it; from the main thread only, or the kernel kills it when the thread ends."""
        self.process = spawn(
            [sys.executable, *self.arguments],
            log=self.log,
            env={**os.environ, "OMNI_PROCESS": self.process_kind, **self.env},
            cwd=CHECKOUT,
            # Nobody is left to watch it: what it had in hand is taken up again from the database.
            on_our_death=signal.SIGKILL,
            pass_fds=self.pass_fds,
        )
        self.started_at = time.monotonic()
        self.start_again_at = None

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def age(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self.started_at

    def plan_start(self) -> None:
        """It ended: start it again after a pause that grows with every quick end."""
        self.exit_code = self.process.returncode if self.process else None
        kill([self])  # what it had started itself
        self.pause = 0.0 if self.age > CALM_AFTER_SECONDS else self.pause
        self.pause = min(max(self.pause * 2, FIRST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)
        self.start_again_at = time.monotonic() + self.pause

    def is_due(self) -> bool:
        """Whether its pause is over."""
        return self.start_again_at is not None and time.monotonic() >= self.start_again_at


def stop_in_peace(children: Sequence[Child]) -> None:
    """Let them finish side by side what they have in hand; they are of one kind and like the same steps."""
    _end(children, steps=children[0].stop_steps)


def kill(children: Sequence[Child]) -> None:
    """End them and whatever they started, now."""
    _end(children, steps=())


def _end(children: Sequence[Child], *, steps: Sequence[tuple[signal.Signals, float]]) -> None:
    stop(*[child.process for child in children if child.process is not None], steps=steps)
    for child in children:
        child.process = None  # its number may soon be somebody else's
