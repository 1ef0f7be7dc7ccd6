"""Under which conditions something was measured: without them a figure means nothing."""

import os
import platform
from pathlib import Path

import django
from django.db import connection
from django.utils import timezone

from omni.bench import scale

SETTINGS = ("fsync", "synchronous_commit", "full_page_writes", "shared_buffers")


def circumstances(*, command: str, locations: int) -> dict[str, str]:
    """Date, command, machine, servers and the size of the chain."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
        cursor.execute("SELECT name || ' ' || current_setting(name) FROM unnest(%s::text[]) name", [list(SETTINGS)])
        settings = ", ".join(name for (name,) in cursor.fetchall())
    cores = len(os.sched_getaffinity(0))
    return {
        "Measured": f"{timezone.now():%Y-%m-%d %H:%M} UTC by `{command}`",
        "Machine": f"{cores} cores ({_processor()}), {_memory_gb():.0f} GB, load {os.getloadavg()[0]:.1f} at the start",
        "PostgreSQL": f"{version}, {settings}",
        "Python": f"{platform.python_version()}, Django {django.get_version()}",
        "Chain": f"{locations:,} locations, {scale.VARIANTS:,} variants, {locations * scale.STOCKED:,} shelves",
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
