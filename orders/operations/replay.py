"""Go on with replays slice by slice; how far one is stands in the same transaction, so that a worker that was killed
goes on behind its last whole slice."""

import json
import logging
import time
import zlib
from collections.abc import Sequence
from datetime import datetime

from django.db import Error, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.operation import retried
from omni.core.states import move
from orders.models import RoutingDecision, RoutingReplay, RoutingReplayOrder
from orders.operations.ask_replay import replayable
from orders.operations.past_decisions import grouped, groups_of, is_asked, past_of
from orders.operations.routing_policy import draft_rules
from orders.routing.decide import Given
from orders.routing.replay import Again, Bill, Past, Shelves, again, names_groups

logger = logging.getLogger(__name__)
BY = Actor.system("replay")
SLICE = 50  # decisions
PATIENCE = 15.0  # seconds
MOST_KEPT = 1_000  # plans that differ and are kept one by one; all are counted
Status = RoutingReplay.Status


def go_on(*, now: datetime, patience: float = PATIENCE) -> int:
    """Slices of the replays that wait or run. Returns how many; one that breaks holds no other up."""
    until, slices = time.monotonic() + patience, 0
    for pk in list(RoutingReplay.objects.unfinished().values_list("pk", flat=True)):
        try:
            while time.monotonic() < until and replay_next(replay_id=pk, now=now):
                slices += 1
        except Error:
            raise  # the database's: another try
        except Exception as trouble:
            logger.exception("A replay failed")
            _fail(pk, f"{type(trouble).__name__}: {trouble}", now)
    return slices


@retried
@transaction.atomic
def replay_next(*, replay_id: int, now: datetime, most: int = SLICE) -> bool:
    """Decide the next decisions again; False where another worker is at it or it has ended."""
    replay = _lock(replay_id)
    if replay is None or not replay.is_at_work:
        return False
    if replay.status == Status.WAITING:
        move(replay, Status.RUNNING, by=BY)
    if replay.rule_set.edits != replay.edits:
        _stop(replay, _("The draft was changed meanwhile: ask again."), now)
        return False
    rows = _next(replay, most)
    _decide(replay, rows)
    if rows:
        replay.after_at, replay.after_id = rows[-1].decided_at, rows[-1].pk
        replay.done = min(replay.total, replay.done + len(rows))
    if len(rows) == most:
        replay.save()
        return True
    replay.done, replay.shelves = replay.total, b""
    replay.save()
    move(replay, Status.DONE, by=BY, finished_at=now)
    return False


def _lock(pk: int) -> RoutingReplay | None:
    """One worker at a time goes on with it; another one takes the next."""
    rows = RoutingReplay.objects.select_related("rule_set").select_for_update(of=("self",), skip_locked=True)
    return rows.filter(pk=pk).first()


def _next(replay: RoutingReplay, most: int) -> list[RoutingDecision]:
    rows = replayable(replay.since, replay.until)
    if replay.after_at is not None:
        rows = rows.filter(decided_at__gte=replay.after_at).exclude(
            Q(decided_at=replay.after_at) & Q(pk__lte=replay.after_id)
        )
    return list(rows.order_by("decided_at", "pk")[:most])


def _decide(replay: RoutingReplay, rows: Sequence[RoutingDecision]) -> None:
    rules = draft_rules(replay.rule_set)
    shelves = Shelves.of(json.loads(zlib.decompress(bytes(replay.shelves)))) if replay.shelves else Shelves()
    before, after = (Bill(**replay.totals.get(side, {})) for side in ("before", "after"))
    told = []
    pasts = [(row, past_of(row)) for row in rows]
    groups = groups_of([past for _row, past in pasts if past]) if names_groups(rules) else {}
    for row, past in pasts:
        if past is None:
            replay.left_out += 1
            continue
        asked = grouped(past, groups) if groups and not names_groups(past.rules) else past
        found = again(asked, rules if is_asked(replay.rule_set, past.problem.order) else None, shelves)
        before, after = before + past.bill, after + found.bill
        if found.bill.cost != past.bill.cost or set(found.given) != set(past.given):
            told.append(_row(replay, row, past, found))
    replay.moved += sum(each.places_before != each.places_after for each in told)
    RoutingReplayOrder.objects.bulk_create(told[: max(0, MOST_KEPT - replay.different)])
    replay.different += len(told)
    replay.totals = {"before": before.plain, "after": after.plain}
    replay.shelves = zlib.compress(json.dumps(shelves.plain, separators=(",", ":")).encode())


def _row(replay: RoutingReplay, row: RoutingDecision, past: Past, found: Again) -> RoutingReplayOrder:
    return RoutingReplayOrder(
        replay=replay, decision=row, places_before=_places(past.given), places_after=_places(found.given),
        amount_before=past.bill.cost, amount_after=found.bill.cost,
    )  # fmt: skip


def _places(given: Sequence[Given]) -> list[int]:
    units: dict[int, int] = {}
    for each in given:
        units[each.place] = units.get(each.place, 0) + each.quantity
    return sorted(units, key=lambda place: (-units[place], place))


@transaction.atomic
def _fail(pk: int, why: str, now: datetime) -> None:
    replay = _lock(pk)
    if replay is not None and replay.is_at_work:
        _stop(replay, why, now)


def _stop(replay: RoutingReplay, why: str, now: datetime) -> None:
    move(replay, Status.FAILED, by=BY, reason=why[:200], failed_because=why[:300], finished_at=now)
