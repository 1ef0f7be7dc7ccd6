"""Go on with replays: the decisions of a period in the order in which they were made, each by other rules."""

import json
import zlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from omni.core.actors import Actor
from omni.core.operation import retried
from orders.models import RoutingDecision, RoutingReplay, RoutingReplayOrder
from orders.operations.ask_replay import replayable
from orders.operations.past_decisions import grouped, groups_of, is_asked, past_of
from orders.operations.past_trials import PATIENCE, finish, go_on_with, taken_up
from orders.operations.routing_policy import draft_rules
from orders.routing.decide import Given
from orders.routing.replay import Again, Bill, Past, Shelves, again, names_groups

BY = Actor.system("replay")
SLICE = 50  # decisions
MOST_KEPT = 1_000  # plans that differ and are kept one by one; all are counted


def go_on(*, now: datetime, patience: float = PATIENCE) -> int:
    """Slices of the replays that wait or run; returns how many."""
    return go_on_with(RoutingReplay, lambda pk: replay_next(replay_id=pk, now=now), by=BY, now=now, patience=patience)


@retried
@transaction.atomic
def replay_next(*, replay_id: int, now: datetime, most: int = SLICE) -> bool:
    """Decide the next decisions again; False where another worker is at it or it has ended."""
    replay = taken_up(RoutingReplay, replay_id, by=BY, now=now)
    if replay is None:
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
    finish(replay, by=BY, now=now)
    return False


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
