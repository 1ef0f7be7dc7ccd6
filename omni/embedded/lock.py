"""File locks that the kernel releases with their holder, however it ends."""

import fcntl
import os
from pathlib import Path


class FileLock:
    """One open lock file; shared by many or held by one."""

    def __init__(self, path: Path) -> None:
        # Not inheritable: a child that kept the descriptor would keep the lock of a dead parent.
        self.handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def share(self) -> bool:
        """Join the holders of the shared lock; False while one process holds it alone."""
        return self._take(fcntl.LOCK_SH)

    def take_alone(self) -> bool:
        """Hold it alone; False while anybody else holds it."""
        return self._take(fcntl.LOCK_EX)

    def release(self) -> None:
        fcntl.flock(self.handle, fcntl.LOCK_UN)

    def note(self, text: str) -> None:
        """What the one who holds it alone lets others know."""
        os.ftruncate(self.handle, 0)
        os.pwrite(self.handle, text.encode(), 0)

    def close(self) -> None:
        os.close(self.handle)

    def _take(self, kind: int) -> bool:
        try:
            fcntl.flock(self.handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def is_held_alone(path: Path) -> bool:
    """Whether some process holds this lock alone now."""
    lock = FileLock(path)
    try:
        return not lock.share()
    finally:
        lock.close()
