"""Own one embedded server for as long as anybody uses it: `python -m omni.embedded.keeper postgres`.

A process of its own, so that the server survives the command that happened to start it while others use
it, and ends with the last of them, however they end. The server in turn dies with its keeper.
"""

import signal
import subprocess
import sys
import time

from omni.embedded.lock import FileLock
from omni.embedded.postgres import Postgres
from omni.embedded.process import wait_until
from omni.embedded.server import Server
from omni.embedded.trouble import ServerTrouble, tail
from omni.embedded.valkey import Valkey

KINDS: dict[str, type[Server]] = {kind.name: kind for kind in (Postgres, Valkey)}
LOOK_EVERY_SECONDS = 0.1
STARTS_PER_MINUTE = 6


def main(name: str) -> int:
    """Keep the server until the last user leaves; 0 also when another keeper already does."""
    server = KINDS[name]()
    keeper = FileLock(server.keeper_lock)
    # A user who merely looks whether a keeper is there holds the lock for a moment.
    if not wait_until(keeper.take_alone, seconds=1):
        return 0
    server.trouble.unlink(missing_ok=True)
    try:
        Keeper(server, keeper).run()
    except ServerTrouble as trouble:
        server.trouble.write_text(str(trouble))
        return 1
    return 0


class Keeper:
    """The loop of one keeper process."""

    def __init__(self, server: Server, lock: FileLock) -> None:
        self.server = server
        self.lock = lock
        self.users = FileLock(server.users_lock)
        self.process: subprocess.Popen[bytes] | None = None
        self.starts: list[float] = []
        self.told_to_stop = False
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def run(self) -> None:
        """Start what is down, until nobody holds the users' lock; it stays ours until we are gone."""
        self.lock.note("")
        try:
            while not self.told_to_stop and not self.users.take_alone():
                if self.process is None or self.process.poll() is not None:
                    self._start()
                time.sleep(LOOK_EVERY_SECONDS)
        finally:
            self.lock.note("")
            if self.process is not None:
                self.server.stop(self.process)

    def _start(self) -> None:
        now = time.monotonic()
        self.starts = [at for at in self.starts if at > now - 60] + [now]
        if len(self.starts) > STARTS_PER_MINUTE:
            raise ServerTrouble(f"{self.server.title} ends again and again:\n{tail(self.server.log)}")
        if len(self.starts) > 1:
            print(f"{self.server.title} ended by itself, starting it again", file=sys.stderr, flush=True)
            time.sleep(LOOK_EVERY_SECONDS * 2 ** (len(self.starts) - 2))
        self.lock.note("")
        self.process = self.server.start()
        self.lock.note(str(self.server.chosen_port))

    def _on_signal(self, _number: int, _frame: object) -> None:
        self.told_to_stop = True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
