"""A lead looks through a count: approves, refuses, has it counted again, decides on what nobody counted, and books."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from inventory import events
from inventory.models import Bucket, CountLine, CountScan, CountSession, CycleCount, StockLevel, StockMovement
from inventory.models.count_line import LineState
from inventory.operations.count import raise_counts
from inventory.operations.count_scans import counted_by
from inventory.operations.count_session import lock_session, told
from inventory.operations.judge_count import Weighed, judge, judge_items, judge_session
from inventory.operations.know_moments import lock_locations
from inventory.operations.move_stock import Move, move_stock
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, NotAllowed, Refusal
from omni.core.states import move

AT_ONCE = 500
APPROVE, REFUSE, RECOUNT, ZERO, LEAVE = "approve", "refuse", "recount", "zero", "leave"
FITS = {
    APPROVE: {LineState.APPROVAL},
    REFUSE: {LineState.APPROVAL, LineState.READY, LineState.RECOUNT, LineState.MOVED},
    RECOUNT: {LineState.APPROVAL, LineState.READY, LineState.MATCHES, LineState.UNCOUNTED},
    ZERO: {LineState.UNCOUNTED},
    LEAVE: {LineState.UNCOUNTED},
}


@retried
@operation
def decide_lines(
    *, session_id: int, ids: Sequence[int], act: str, reason: str = "", by: Actor, now: datetime, approves: bool
) -> int:
    """Decide about these items; returns how many it was for. What somebody settled meanwhile is left alone.

    `approves`: this person may approve differences above the value; never one that they counted themselves.
    """
    if act not in FITS:
        raise Invalid("unknown_act", _("Choose what to do with them."))
    reason = reason.strip()[:200]
    if act in (APPROVE, REFUSE) and not reason:
        raise Invalid("reason_required", _("Say why."))
    if act == APPROVE and not approves:
        raise NotAllowed("not_allowed", _("A manager approves differences of this value."))
    session = lock_session(session_id)
    if session.status != CountSession.Status.REVIEW:
        raise Refusal("not_in_review", _("End the counting first, then decide."))
    lines = list(CountLine.objects.filter(session=session, pk__in=ids, state__in=FITS[act], settled_at=None)
                 .select_for_update().order_by("pk"))  # fmt: skip
    if act == APPROVE and (own := [line for line in lines if by.user_id in counted_by(line)]):
        raise Refusal("own_count", _("You counted %d of these yourself. Somebody else approves them.") % len(own))
    for line in lines:
        line.decided_at, line.decided_by, line.reason = now, by.label, reason
        _decide(session, line, act, by, now)
    CountLine.objects.bulk_update(lines, [
        "decided_at", "decided_by", "reason", "state", "settled_at", "approved_delta", "is_recount_wanted",
    ])  # fmt: skip
    open_variants = [line.variant_id for line in lines if line.settled_at is None]
    if open_variants and act != RECOUNT:
        judge_items(session, open_variants, now=now)
    return len(lines)


def _decide(session: CountSession, line: CountLine, act: str, by: Actor, now: datetime) -> None:
    if act == APPROVE:
        line.approved_delta = line.delta
    elif act == RECOUNT:
        line.is_recount_wanted, line.state = True, LineState.RECOUNT
    elif act == ZERO:
        CountScan.objects.bulk_create([CountScan(
            session=session, variant_id=line.variant_id, quantity=0, scanned_at=session.closed_at or now,
            received_at=now, person_id=by.user_id, actor=by.label, key=f"zero:{line.pk}", round=line.round,
        )], ignore_conflicts=True)  # fmt: skip
    else:
        line.state = LineState.REFUSED if act == REFUSE else LineState.LEFT
        line.settled_at = now


def book_count(*, session_id: int, by: Actor, now: datetime) -> int:
    """Book what is decided, slice by slice; returns how many items were settled. A second call finds nothing to do.

    The count ends once nothing waits any more.
    """
    _compare(session_id=session_id, now=now)
    settled = 0
    while ids := _next(session_id, now):
        settled += _book_slice(session_id=session_id, ids=ids, by=by, now=now)
    _end_where_done(session_id=session_id, by=by, now=now)
    return settled


SETTLES = (LineState.READY, LineState.MATCHES, LineState.OUTSIDE)


def _next(session_id: int, now: datetime) -> list[int]:
    """Judged within this call, and scanned long enough ago that whatever moved then is written down."""
    session = CountSession.objects.get(pk=session_id)
    if session.status != CountSession.Status.REVIEW:
        return []
    sure = now - timedelta(seconds=session.slack_seconds)
    lines = session.lines.filter(settled_at=None, state__in=SETTLES, last_at__lte=sure)
    return list(lines.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


@operation
def _compare(*, session_id: int, now: datetime) -> None:
    session = lock_session(session_id)
    if session.status == CountSession.Status.OPEN:
        raise Refusal("not_in_review", _("End the counting first, then decide."))
    if session.status == CountSession.Status.REVIEW:
        judge_session(session, now=now)


@retried
@operation
def _book_slice(*, session_id: int, ids: Sequence[int], by: Actor, now: datetime) -> int:
    session = lock_session(session_id)
    lock_locations([session.location_id], alone=True)
    lines = list(CountLine.objects.filter(pk__in=ids, settled_at=None).select_for_update().order_by("pk"))
    shelves = [(line.variant_id, line.location_id) for line in lines]
    StockLevel.objects.open_shelves(shelves)
    StockLevel.objects.lock(shelves)
    weighed = {each.pk: each for each in judge(session, [line.pk for line in lines], now=now)}
    verdicts = {pk: each.verdict(session) for pk, each in weighed.items()}
    sure = [line for line in lines if verdicts.get(line.pk) in (LineState.READY, LineState.MATCHES)]
    moves = [each for line in sure for each in _moves(line, weighed[line.pk])]
    if moves:
        move_stock(moves=moves, by=by, now=now)
    for line in lines:
        line.refresh_from_db(fields=["state", "expected", "delta", "value", "settled_at"])
        if verdicts.get(line.pk) in SETTLES:
            line.settled_at = now
            line.state = LineState.BOOKED if line.state == LineState.READY else line.state
    CountLine.objects.bulk_update(lines, ["state", "settled_at"])
    _close_tasks(sure, by=by)
    _ask_for_counts_elsewhere([line for line in lines if line.state == LineState.OUTSIDE], session, by, now)
    return sum(line.settled_at == now for line in lines)


def _moves(line: CountLine, found: Weighed) -> list[Move]:
    """The difference, at the moment of the scan; and what was set aside as not found before it is answered by it."""
    shelf, kind, cause = (line.variant_id, line.location_id), StockMovement.Kind.COUNT, line.cause
    at = line.last_at
    moves = [Move(*shelf, kind, found.delta, cause=cause, occurred_at=at)] if found.delta else []
    if found.lost:
        moves.append(Move(*shelf, kind, -found.lost, Bucket.NOT_FOUND, cause=cause, occurred_at=at))
    return moves


def _close_tasks(lines: Sequence[CountLine], *, by: Actor) -> None:
    """What somebody wanted counted before these scans is counted."""
    counts = {line.variant_id: line for line in lines}
    if not lines:
        return
    tasks = CycleCount.objects.filter(
        location=lines[0].location_id, variant__in=list(counts), done_at=None
    ).select_for_update()  # fmt: skip
    done = [task for task in tasks if task.raised_at <= counts[task.variant_id].last_at]
    for task in done:
        line = counts[task.variant_id]
        task.done_at, task.counted_by_id = line.last_at, by.user_id
        task.counted_quantity, task.expected_quantity = line.counted, line.expected
    CycleCount.objects.bulk_update(done, ["done_at", "counted_by", "counted_quantity", "expected_quantity"])


def _ask_for_counts_elsewhere(lines: Sequence[CountLine], session: CountSession, by: Actor, now: datetime) -> None:
    if lines:
        raise_counts(
            items=[(line.variant_id, line.location_id) for line in lines], by=by, now=now,
            reason=_("Found where something else was counted"), cause=f"count-session:{session.pk}",
        )  # fmt: skip


@operation
def _end_where_done(*, session_id: int, by: Actor, now: datetime) -> None:
    session = lock_session(session_id)
    if session.status != CountSession.Status.REVIEW or session.lines.filter(settled_at=None).exists():
        return
    move(session, CountSession.Status.BOOKED, by=by, ended_at=now)
    emit(events.COUNT_SESSION_BOOKED, aggregate=session.subject, by=by, payload=told(session) | {
        "differences": session.lines.filter(state=LineState.BOOKED).count(), "items": session.lines.count(),
    })  # fmt: skip
