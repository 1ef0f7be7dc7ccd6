"""Rows of old snapshots that were as expected, bad rows and files are let go: nobody reports that late any more.

What a person or the job decided stays, and so do the counts.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from django.core.files.storage import Storage
from django.db import connection, transaction

from inventory import preferences
from inventory.models import MovementFile, Snapshot
from omni.core.private_files import private_files
from omni.core.settings_store import setting

FOLDERS: dict[str, type[Any]] = {"snapshots": Snapshot, "movement-files": MovementFile}
SLICE = 20_000
BUDGET = 15.0  # seconds; the clock calls again
ARRIVING = timedelta(days=1)  # a younger file may still get its row

FORGET = """
DELETE FROM inventory_snapshotrow WHERE id IN (
    SELECT id FROM inventory_snapshotrow WHERE snapshot_id = %s AND outcome = '' LIMIT %s)
"""


def forget_snapshots(*, now: datetime, budget: float = BUDGET) -> int:
    """Let go of what is older than the setting says, for a little while; returns how many snapshots that were."""
    until, done = time.monotonic() + budget, 0
    before = now - timedelta(days=setting(preferences.SNAPSHOT_DAYS))
    for file in MovementFile.objects.outlived(before).iterator():
        _forget_rest(file, now)
    old = Snapshot.objects.outlived(before)
    for snapshot in old.iterator():
        while time.monotonic() < until and _forget_slice(snapshot):
            continue
        if time.monotonic() >= until:
            break
        _forget_rest(snapshot, now)
        done += 1
    return done


def sweep_files(*, now: datetime) -> int:
    """Files whose row was never written, because the connection was lost; returns how many."""
    storage = private_files()
    lost = []
    for folder, model in FOLDERS.items():
        needed = set(model._default_manager.exclude(file="").values_list("file", flat=True))
        lost += [name for name in _old_files(storage, folder, now - ARRIVING) if name not in needed]
    for name in lost:
        storage.delete(name)
    return len(lost)


def _forget_slice(snapshot: Snapshot) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [snapshot.pk, SLICE])
        return cursor.rowcount == SLICE


@transaction.atomic
def _forget_rest(snapshot: Snapshot | MovementFile, now: datetime) -> None:
    """The file goes once nothing names it any more."""
    name, storage = snapshot.file.name, snapshot.file.storage
    snapshot.problems.all().delete()
    snapshot.file, snapshot.forgotten_at = "", now
    snapshot.save(update_fields=["file", "forgotten_at"])
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def _old_files(storage: Storage, folder: str, before: datetime) -> Iterator[str]:
    if not storage.exists(folder):
        return
    folders, files = storage.listdir(folder)
    for name in files:
        path = str(PurePosixPath(folder, name))
        if storage.get_modified_time(path).astimezone(UTC) < before:
            yield path
    for each in folders:
        yield from _old_files(storage, str(PurePosixPath(folder, each)), before)
