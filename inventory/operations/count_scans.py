"""Scan by scan: somebody counts an area, takes a scan back, says that the area is done, or looks at an item again."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from inventory.models import CountArea, CountLine, CountScan, CountSession
from inventory.models.count_line import LineState
from inventory.operations.count import MAX_COUNT, raise_counts
from inventory.operations.judge_count import judge_items
from inventory.operations.scanned_item import scanned_item
from omni.core.actors import Actor
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal


@dataclass(frozen=True)
class Scanned:
    """A scan as it was saved. `is_late`: its item is settled already and will be counted anew."""

    scan: CountScan
    is_late: bool = False


@retried
@operation
def scan_item(
    *, area_id: int, code: str, units: int | None = None, by: Actor, now: datetime, at: datetime | None = None,
    key: str = "",
) -> Scanned:  # fmt: skip
    """One scan counts one unit, a pack its units, a typed number so many of them; the same `key` changes nothing.

    `at` is when it was done, for a scan that waited on its device.
    """
    area = CountArea.objects.select_related("session").get(pk=area_id)
    session = area.session
    key = key[:64] or uuid.uuid4().hex
    if seen := CountScan.objects.filter(session=session, key=key).select_related("variant__product").first():
        return Scanned(seen, seen.round is None)
    if units is not None and not 0 <= units <= MAX_COUNT:
        raise Invalid("bad_quantity", _("A count is between 0 and %d.") % MAX_COUNT)
    variant, pack = scanned_item(code)
    session = in_lock(session)
    line = CountLine.objects.filter(session=session, variant=variant).select_for_update().first()
    is_late = (line is not None and line.settled_at is not None) or not session.is_at_work
    scan = CountScan(
        session=session, area=area, variant=variant, quantity=pack if units is None else pack * units,
        round=None if is_late else 0, scanned_at=_moment(session, at, now), received_at=now, person_id=by.user_id,
        actor=by.label, key=key,
    )  # fmt: skip
    CountScan.objects.bulk_create([scan], ignore_conflicts=True)  # its twin may have come by another way meanwhile
    scan = CountScan.objects.select_related("variant__product").get(session=session, key=key)
    if is_late:
        raise_counts(
            items=[(variant.pk, session.location_id)], reason=_("Scanned when its count was settled already"),
            cause=f"count-session:{session.pk}", by=by, now=now,
        )  # fmt: skip
    elif session.status == CountSession.Status.REVIEW:
        judge_items(session, [variant.pk], now=now)
    return Scanned(scan, is_late)


@operation
def undo_scan(*, scan_id: int, by: Actor, now: datetime) -> CountScan:
    """Take a scan back; a second time changes nothing."""
    scan = CountScan.objects.select_related("session").get(pk=scan_id)
    session = in_lock(scan.session)
    settled = CountLine.objects.filter(session=session, variant=scan.variant_id, settled_at__isnull=False).exists()
    if settled or not session.is_at_work:
        raise Refusal("already_settled", _("This item is settled already. Ask for a new count of it."))
    CountScan.objects.bulk_create([CountScan(
        session=session, area_id=scan.area_id, variant_id=scan.variant_id, quantity=-scan.quantity, round=scan.round,
        scanned_at=now, received_at=now, person_id=by.user_id, actor=by.label, key=f"undo:{scan.pk}", undoes=scan,
    )], ignore_conflicts=True)  # fmt: skip
    if session.status == CountSession.Status.REVIEW:
        judge_items(session, [scan.variant_id], now=now)
    return scan


@operation
def finish_area(*, area_id: int, by: Actor, now: datetime) -> CountArea:
    """Somebody walked it all. It comes behind their scans, so nothing of theirs is still on its way."""
    area = CountArea.objects.select_for_update().get(pk=area_id)
    if area.done_at is None:
        area.done_at, area.done_by_id = now, by.user_id
        area.save(update_fields=["done_at", "done_by"])
    return area


@operation
def reopen_area(*, area_id: int, by: Actor) -> CountArea:
    """There was more to count after all."""
    area = CountArea.objects.select_for_update().get(pk=area_id)
    area.done_at = area.done_by = None
    area.save(update_fields=["done_at", "done_by"])
    return area


@operation
def count_again(
    *, line_id: int, counted: int, by: Actor, now: datetime, at: datetime | None = None, key: str = ""
) -> CountLine:  # fmt: skip
    """All units of an item, counted anew; what was counted before no longer stands.

    Refuses whoever counted it last, where another pair of eyes is wanted.
    """
    if not 0 <= counted <= MAX_COUNT:
        raise Invalid("bad_quantity", _("A count is between 0 and %d.") % MAX_COUNT)
    session = in_lock(CountLine.objects.select_related("session").get(pk=line_id).session)
    line = CountLine.objects.select_for_update().get(pk=line_id)
    key = key[:64] or uuid.uuid4().hex
    if CountScan.objects.filter(session=session, key=key).exists():
        return line
    if line.settled_at or line.state not in (LineState.MOVED, LineState.RECOUNT):
        raise Refusal("already_counted", _("Somebody has counted this item already."))
    before = counted_by(line)
    if line.state == LineState.RECOUNT and by.user_id in before:
        raise Refusal("same_person", _("You counted this item yourself. Somebody else counts it again."))
    line.round += 1
    line.is_second_look, line.is_recount_wanted = bool(before) and by.user_id not in before, False
    line.save(update_fields=["round", "is_second_look", "is_recount_wanted"])
    CountScan.objects.create(
        session=session, variant_id=line.variant_id, quantity=counted, round=line.round,
        scanned_at=_moment(session, at, now), received_at=now, person_id=by.user_id, actor=by.label, key=key,
    )  # fmt: skip
    judge_items(session, [line.variant_id], now=now)
    line.refresh_from_db()
    return line


def counted_by(line: CountLine) -> set[int]:
    """Who has counted this item so far."""
    scans = CountScan.objects.filter(session=line.session_id, variant=line.variant_id, undoes=None)
    return set(scans.exclude(person=None).values_list("person_id", flat=True))


def in_lock(session: CountSession) -> CountSession:
    """Many scan at once while it is open; whoever ends, decides or books waits for them, and they for whoever does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM inventory_countsession WHERE id = %s AND status = 'open' FOR SHARE", [session.pk])
        if cursor.fetchone() is None:
            cursor.execute("SELECT 1 FROM inventory_countsession WHERE id = %s FOR UPDATE", [session.pk])
    now_it_is = CountSession.objects.get(pk=session.pk)
    if now_it_is.status == CountSession.Status.CANCELLED:
        raise Refusal("count_cancelled", _("This count was cancelled. Nothing of it is booked."))
    return now_it_is


def _moment(session: CountSession, at: datetime | None, now: datetime) -> datetime:
    """When it was done: never before the count began, nor after it arrived."""
    return min(max(at or now, session.started_at), now)
