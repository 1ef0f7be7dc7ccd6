"""Servers of the bench's own: it fills a database with a million rows, and that must never be the shop's."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from django.core.management import CommandError
from django.db import connection

from omni.embedded import servers
from omni.embedded.lock import FileLock
from omni.embedded.place import CHECKOUT, var_folder
from omni.embedded.postgres import Postgres
from omni.embedded.server import mark_of
from omni.embedded.valkey import Valkey

FOLDER = "bench"
INSIDE = "OMNI_BENCH"


def is_inside() -> bool:
    """Whether this process was started with the servers of a bench."""
    return os.environ.get(INSIDE) == "1"


def run_inside(arguments: Sequence[str], *, keep: bool, tell: Callable[[str], None]) -> int:
    """Run this command line again, with empty servers of its own that are gone afterwards; its exit code."""
    var = var_folder()
    only_one = FileLock(var / "bench.lock")
    if not only_one.take_alone():
        raise CommandError(f"A bench is already running in {var / FOLDER}.")
    folder = var / FOLDER
    _take_environment(folder)
    _clear(folder)
    try:
        with servers(tell=tell):
            return _run([sys.executable, "manage.py", *arguments])
    finally:
        if keep:
            tell(f"Kept: {folder}")
        else:
            _clear(folder)
        only_one.close()


def require_scratch() -> None:
    """Only the server of the bench's own folder is ever filled. Raises CommandError."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW cluster_name")
        (name,) = cursor.fetchone()
    folder = var_folder()
    if folder.name != FOLDER or name != mark_of(folder / Postgres.name):
        raise CommandError("This is not the database of a bench; nothing was measured and nothing was changed.")


def _take_environment(folder: Path) -> None:
    """Whatever the shell says about servers, tests or addresses belongs to somebody else."""
    for name in [name for name in os.environ if name.startswith("OMNI_")]:
        del os.environ[name]
    os.environ |= {"OMNI_VAR": str(folder), "OMNI_PROCESS": "manage", INSIDE: "1", "OMNI_EMAIL_URL": "dummymail://"}


def _clear(folder: Path) -> None:
    """Nothing of an earlier run, also of one that was killed and is still about to end."""
    if not folder.exists():
        return
    for server in (Postgres(), Valkey()):
        server.wait_for_leftovers()
    shutil.rmtree(folder)


def _run(command: Sequence[str]) -> int:
    """Ctrl-C reaches both of us; the other one has children to stop, so it ends first."""
    with subprocess.Popen(command, cwd=CHECKOUT) as inside:  # noqa: S603 - this very command again
        while True:
            try:
                return inside.wait()
            except KeyboardInterrupt:
                continue
