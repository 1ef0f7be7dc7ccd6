"""Processor time that servers took: unlike a rate, it hardly depends on what else the machine does."""

import os
from collections.abc import Iterable
from pathlib import Path

from omni.embedded.place import var_folder
from omni.embedded.postgres import Postgres
from omni.embedded.process import marked
from omni.embedded.server import mark_of

TICKS = os.sysconf("SC_CLK_TCK")
PARENT, SPENT = 1, slice(11, 15)  # in /proc/PID/stat after the name: itself and its ended children, user and system


def of_database() -> float:
    """Seconds of this bench's PostgreSQL, ended connections included."""
    return _seconds(marked(mark_of(var_folder() / Postgres.name)))


def of_family(pid: int) -> float:
    """Seconds of a process and its children."""
    return _seconds([pid, *(each for each in _everybody() if _stat(each)[PARENT] == str(pid))])


def _seconds(pids: Iterable[int]) -> float:
    return sum(int(ticks) for pid in pids for ticks in _stat(pid)[SPENT]) / TICKS


def _everybody() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _stat(pid: int) -> list[str]:
    """The fields after the name, which may itself hold spaces; zeros for a process that has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ["0"] * SPENT.stop
