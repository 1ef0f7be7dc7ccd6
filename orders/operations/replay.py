"""Go on with replays slice by slice; how far one is stands in the same transaction, so that a worker that was killed
goes on behind its last whole slice."""

import json
import logging
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import Error, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from inventory.models import Location
from inventory.models.location_set import groups_and_sets_of
from omni.core.actors import Actor
from omni.core.operation import retried
from omni.core.states import move
from orders.models import RoutingDecision, RoutingReplay, RoutingReplayOrder, RuleSet
from orders.operations.ask_replay import replayable
from orders.operations.routing_policy import costs_of, draft_rules, rules_of
from orders.routing.batch import UNIT
from orders.routing.decide import Given
from orders.routing.problem import from_bytes
from orders.routing.replay import Again, Bill, Past, Shelves, again, bill, names_groups
from orders.routing.rules import OrderFacts

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
    pasts = [(row, _past(row)) for row in rows]
    groups = _groups([past for _row, past in pasts if past]) if names_groups(rules) else {}
    for row, past in pasts:
        if past is None:
            replay.left_out += 1
            continue
        asked = _grouped(past, groups) if groups and not names_groups(past.rules) else past
        found = again(asked, rules if _is_asked(replay.rule_set, past.problem.order) else None, shelves)
        before, after = before + past.bill, after + found.bill
        if found.bill.cost != past.bill.cost or set(found.given) != set(past.given):
            told.append(_row(replay, row, past, found))
    replay.moved += sum(each.places_before != each.places_after for each in told)
    RoutingReplayOrder.objects.bulk_create(told[: max(0, MOST_KEPT - replay.different)])
    replay.different += len(told)
    replay.totals = {"before": before.plain, "after": after.plain}
    replay.shelves = zlib.compress(json.dumps(shelves.plain, separators=(",", ":")).encode())


def _past(row: RoutingDecision) -> Past | None:
    """None where it was kept in a form that is not read any more."""
    told = row.explanation
    try:
        problem = from_bytes(bytes(row.inputs))
        given = tuple(Given(*each) for each in told["given"])
    except (ValueError, KeyError, zlib.error):
        return None
    costs = costs_of((row.cost_parameters_id, row.tariff_id))
    items = [(kind, name, amount) for kind, name, _place, amount in told["items"]]
    lates = [late for _place, _service, _zone, _pounds, late, _positions in told["parcels"]]
    rules = rules_of((row.rule_set_id, row.rule_set_version))
    return Past(
        row.order_id, problem, given, bill(items, lates, row.unserved_quantity, costs), rules, costs,
        is_anew=row.kind == RoutingDecision.Kind.REPLAN,
    )  # fmt: skip


def _groups(pasts: Sequence[Past]) -> dict[int, frozenset[int]]:
    """Of all locations that were asked: the groups and sets that they are in today."""
    ids = {place.id for past in pasts for place in past.problem.places}
    return groups_and_sets_of(list(Location.objects.filter(pk__in=ids)))


def _grouped(past: Past, groups: Mapping[int, frozenset[int]]) -> Past:
    places = [replace(place, groups=groups.get(place.id, frozenset())) for place in past.problem.places]
    return replace(past, problem=replace(past.problem, places=places))


def _is_asked(rules: RuleSet, order: OrderFacts) -> bool:
    """Whether its conditions meet the order."""
    return (
        (not rules.channels or order.channel in rules.channels)
        and (not rules.services or not order.services.isdisjoint(rules.services))
        and (not rules.tags or not order.tags.isdisjoint(rules.tags))
        and (rules.minimum_amount is None or order.value >= round(rules.minimum_amount * UNIT))
    )


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
