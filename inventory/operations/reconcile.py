"""The worker's part of reconciliation: go on with what is unfinished, slice by slice, for a little while."""

import time
from datetime import datetime

from inventory.models import Snapshot
from inventory.operations.compare_snapshot import compare_next
from inventory.operations.read_snapshot import read_next

PATIENCE = 15.0  # seconds; the clock calls again


def reconcile(*, now: datetime, patience: float = PATIENCE) -> int:
    """Read and compare until nothing is left or the time is over; returns how many slices that were."""
    until, slices = time.monotonic() + patience, 0
    for pk, status in list(Snapshot.objects.unfinished().values_list("pk", "status")):
        reading = status == Snapshot.Status.READING
        while time.monotonic() < until:
            done = read_next(snapshot_id=pk, now=now) if reading else compare_next(snapshot_id=pk, now=now)
            slices += done
            if not done:
                if not reading:
                    break
                reading = False
    return slices
