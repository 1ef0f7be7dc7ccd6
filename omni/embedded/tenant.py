"""One process as the user of one embedded server."""

import subprocess
import sys
import time
from collections.abc import Callable

from omni.embedded.lock import FileLock, is_held_alone
from omni.embedded.place import CHECKOUT, log_file
from omni.embedded.server import Server
from omni.embedded.trouble import ServerTrouble, tail

Tell = Callable[[str], None]

LOOK_EVERY_SECONDS = 0.05
# A database that was cut off in heavy writing replays its log for minutes; it is not to be given up.
PATIENCE_SECONDS = 300
GAVE_UP = 1


class Tenant:
    """Holds the shared users' lock; the keeper stops the server when the last holder is gone."""

    def __init__(self, server: Server, tell: Tell) -> None:
        self.server = server
        self.tell = tell
        self.users = FileLock(server.users_lock)
        self.keeper: subprocess.Popen[bytes] | None = None
        self.url = ""

    def join(self) -> None:
        """Take part, and see to it that somebody keeps the server; it may not answer yet."""
        self._wait(self.users.share, f"Waiting for {self.server.title} to stop before it starts again ...")
        self._has_keeper()

    def wait(self) -> None:
        """Return when the server answers; call it again after the keeper was killed."""
        self._wait(self._is_served, f"Waiting for {self.server.title} to answer ...")

    def is_kept(self) -> bool:
        """A cheap look: whether somebody keeps the server."""
        return is_held_alone(self.server.keeper_lock)

    def leave(self) -> None:
        """Give up the lock; the last one waits until the server has stopped."""
        self.users.release()
        self._wait(self._is_over, f"Stopping {self.server.title} ...")
        self.users.close()
        if self.keeper is not None:
            self.keeper.poll()

    def _is_served(self) -> bool:
        if not self._has_keeper():
            return False
        self.url = self.server.url  # before the answer: a server that ends right after it has no port
        return self.server.answers()

    def _has_keeper(self) -> bool:
        """Start a keeper where there is none; of two that start at once, one gives way."""
        if self.is_kept():
            return True
        if self.keeper is None:
            self.keeper = self._start_keeper()
        ended = self.keeper.poll()
        if ended is not None:  # it gave way to another one (0), was killed (negative), or gave up
            self.keeper = None
        if ended == GAVE_UP:
            raise ServerTrouble(self._why())
        return False

    def _start_keeper(self) -> subprocess.Popen[bytes]:
        self.server.trouble.unlink(missing_ok=True)
        with open(log_file(f"{self.server.name}-keeper"), "ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "omni.embedded.keeper", self.server.name],
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _why(self) -> str:
        if self.server.trouble.exists():
            return self.server.trouble.read_text()
        return f"{self.server.title} cannot be started:\n{tail(log_file(f'{self.server.name}-keeper'))}"

    def _is_over(self) -> bool:
        """Stopped, or somebody else goes on using it."""
        if not self.is_kept():
            return True
        if self.users.take_alone():  # nobody is left, and the keeper has not looked yet
            self.users.release()
            return False
        return self._others_use_it()

    def _others_use_it(self) -> bool:
        """A keeper on its way out holds the lock alone; users share it."""
        shared = self.users.share()
        self.users.release()
        return shared

    def _wait(self, condition: Callable[[], bool], message: str) -> None:
        started = time.monotonic()
        told = False
        while not condition():
            waited = time.monotonic() - started
            if waited > PATIENCE_SECONDS:
                raise ServerTrouble(f"{message} given up after {waited:.0f} s:\n{tail(self.server.log)}")
            if waited > 1 and not told:
                self.tell(message)
                told = True
            time.sleep(LOOK_EVERY_SECONDS)
