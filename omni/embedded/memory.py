"""How much memory this process may use, and how much of it PostgreSQL keeps for its pages."""

import os
from pathlib import Path

LIMIT = Path("/sys/fs/cgroup/memory.max")
MEGABYTE = 1 << 20
LEAST_SHARED, MOST_SHARED = 256, 4096


def memory_megabytes() -> int:
    """Of the machine, or of the container that holds this process if it has less."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = LIMIT.read_text().strip() if LIMIT.exists() else "max"
    return min(machine, machine if limit == "max" else int(limit)) // MEGABYTE


def cache_settings(megabytes: int) -> dict[str, str]:
    """An eighth of the memory for shared pages, and half counted on from the system's own cache.

    PostgreSQL's manual speaks of a quarter on a machine of its own; here web processes and workers live beside it.
    Shelves of one item lie as far apart as its stores, so what is not in here is read page by page: at ten million
    shelves a question for five items cost two and a half times as much with 256 MB.
    """
    shared = min(MOST_SHARED, max(LEAST_SHARED, megabytes // 8))
    return {"shared_buffers": f"{shared}MB", "effective_cache_size": f"{max(1024, megabytes // 2)}MB"}
