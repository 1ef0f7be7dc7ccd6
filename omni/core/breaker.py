"""A partner that just failed is left alone for a while, so that its trouble is felt once and not on every request."""

import threading
import time


class Breaker:
    """Closed: ask. Open: do not ask for `rest` seconds after a failure."""

    def __init__(self, *, rest: float) -> None:
        self.rest = rest
        self._asleep_until = 0.0
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        """True while the partner is left alone."""
        return time.monotonic() < self._asleep_until

    def failed(self) -> None:
        """Leave the partner alone from now on."""
        with self._lock:
            self._asleep_until = time.monotonic() + self.rest

    def reset(self) -> None:
        """Ask again at once."""
        with self._lock:
            self._asleep_until = 0.0
