"""Ctrl-C, a closed terminal and `kill` all mean: stop in order. A second time means: at once."""

import ctypes
import signal

from omni.embedded.process import PR_SET_PDEATHSIG

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Hurry(Exception):
    """Told to stop a second time, or while nothing runs yet that could be stopped in order."""


class StopSignals:
    """Remembers the first signal for a loop that looks at it; the second one raises Hurry."""

    def __init__(self, *, with_parent: bool) -> None:
        self.told = False
        self.is_preparing = True
        for number in SIGNALS:
            signal.signal(number, self._on_signal)
        if with_parent:  # make was killed: the kernel tells us
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    def _on_signal(self, _number: int, _frame: object) -> None:
        if self.told or self.is_preparing:
            for number in SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            raise Hurry
        self.told = True
