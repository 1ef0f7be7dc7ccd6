"""Decide again over all unreleased parcels and waiting units together, and move the promises where that saves money.

One router at a time; nobody waits for it, and it waits for nobody: what changed since it was read stays as it is. What
goes wrong here costs nothing but money: every order keeps the sound plan that it was placed with.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ParamSpec, TypeVar

import numpy as np
from django.db import OperationalError
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.models import Location
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.one_at_a_time import one_at_a_time
from omni.core.operation import operation
from omni.core.refusals import Refusal
from omni.core.settings_store import setting
from omni.core.sqlstates import LOCK_TIMEOUT, WORTH_ANOTHER_TRY, sqlstate
from orders import events, preferences
from orders.models import Order, OrderException, OrderLine, RoutingRun
from orders.models.order_line import Method
from orders.operations.assign import Assignment, allocate
from orders.operations.batch_arrays import Problem, build
from orders.operations.batch_prices import asked
from orders.operations.certify import gap_of, is_certificate_due
from orders.operations.join_parcels import join_parcels
from orders.operations.move_promise import Share, move_promise
from orders.operations.raise_exception import settle_exception
from orders.operations.read_batch import Wanted, read_batch
from orders.operations.routing_policy import policies
from orders.operations.tell_move import Told, moved_decision
from orders.routing.batch import UNIT, Ints
from orders.routing.book import Book, empty_book
from orders.routing.kernel import COMPILED, KERNEL
from orders.routing.moves import Moves, order_costs, worthwhile
from orders.routing.plan import Decided, plan_batch
from orders.routing.search import EFFORT

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger(__name__)

BY = Actor.system("routing")
ONE_ROUTER = 0x726F757465  # "route"
TRIES = 3
MOST_SEARCHES = 40_000 if KERNEL == COMPILED else 1_000  # of a run: about two seconds, so that releases need not wait
LONGEST_COMMIT = 30.0  # seconds; who is not reached keeps the plan that it has until the next run
RUNS_ARE_KEPT = timedelta(days=60)
CENT = 100  # hundredths of a cent
BUSY = WORTH_ANOTHER_TRY | {LOCK_TIMEOUT}
MEANWHILE = frozenset({"order_busy", "promise_changed", "moved_enough", "changed_meanwhile"})  # no use to try again


@dataclass
class _Outcome:
    """What became of one round."""

    again: set[int] = field(default_factory=set)  # orders whose shelf or day was taken by somebody else
    moved: int = 0
    promised: int = 0
    conflicts: int = 0
    saved: int = 0


def route_batch(*, now: datetime) -> RoutingRun | None:
    """One run; None where HQ paused it, another router is at it, or there is nothing to decide."""
    if setting(preferences.ROUTING_PAUSED):
        return None
    with one_at_a_time(ONE_ROUTER) as is_mine:
        return _run(now) if is_mine else None


def route_some(*, orders: Collection[int], now: datetime) -> int:
    """Decide again over a few orders (ids) at once, without those that nothing happened to; returns how many moved.

    Nobody else is kept waiting for it: what the router does at the same moment shows as a difference to what was read.
    """
    moved = 0
    for _attempt in range(TRIES):
        problem = _read(orders, now)
        if not problem.lines:
            break
        moves, decided = _decide(problem)
        then = decided.node
        done = _commit(problem, moves, then, now)
        moved += done.moved
        orders = done.again
        if not orders:
            break
    return moved


def _run(now: datetime) -> RoutingRun | None:
    _close_interrupted(now)
    run = RoutingRun(started_at=now)
    try:
        _decide_all(run, now)
    except Exception as failure:
        logger.exception("routing run failed; every order keeps its plan")
        return _degrade(run, f"{type(failure).__name__}: {failure}"[:300])
    return _finish(run) if run.pk else None


def _decide_all(run: RoutingRun, now: datetime) -> None:
    """Whoever lost a shelf or a day to somebody else meanwhile is decided about again, three times at most."""
    only: Collection[int] | None = None
    certified: tuple[Problem, Decided, int] | None = None
    for attempt in range(TRIES):
        problem = _timed(run, "read_seconds", _read, only, now)
        if not problem.lines:
            break
        if attempt == 0:
            run.orders, run.lines, run.left_out = len(problem.numbers), len(problem.lines), problem.left_out
            run.save()
        moves, decided = _timed(run, "decide_seconds", _decide, problem)
        then = decided.node
        if attempt == 0:
            run.too_little = moves.too_little
            kept = np.where((then < 0) & (problem.now >= 0), problem.now, then)
            planned = int(order_costs(problem.net, problem.orders, kept).sum())
            run.planned_amount = _amount(planned)
            priced = asked(problem, problem.prices)
            certified = (priced, decided, int(order_costs(priced.net, priced.orders, kept).sum()))
        done = _timed(run, "commit_seconds", _commit, problem, moves, then, now)
        run.moved += done.moved
        run.promised += done.promised
        run.conflicts += done.conflicts
        run.saved_amount += _amount(done.saved)
        only = done.again
        if not only:
            break
    run.conflicts += len(only or ())
    if certified and is_certificate_due(now=now):  # at last: no move waits for it
        gap = _timed(run, "decide_seconds", gap_of, *certified)
        # Proved at the prices that the plan was chosen by, told as a share of what it really costs.
        share = gap and gap * certified[2] / max(float(run.planned_amount) * UNIT, 1.0)
        run.gap = share if share is None or share <= 1 else None  # more says nothing


def forget_runs(*, now: datetime) -> None:
    """Runs of another season are told by nobody any more."""
    RoutingRun.objects.filter(started_at__lt=now - RUNS_ARE_KEPT).delete()


def _close_interrupted(now: datetime) -> None:
    """Whoever had begun them holds the lock no more."""
    RoutingRun.objects.filter(status=RoutingRun.Status.RUNNING).update(
        status=RoutingRun.Status.DEGRADED, degraded_reason="interrupted", finished_at=Greatest(F("started_at"), now)
    )


def _read(only: Collection[int] | None, now: datetime) -> Problem:
    return build(read_batch(now=now, only=only), policies=policies(now=now), now=now)


def _timed(run: RoutingRun, name: str, act: Callable[P, R], *what: P.args, **how: P.kwargs) -> R:
    began = time.perf_counter()
    try:
        return act(*what, **how)
    finally:
        setattr(run, name, getattr(run, name) + time.perf_counter() - began)


def _decide(problem: Problem) -> tuple[Moves, Decided]:
    """Chosen at the prices of what orders to come will need; what a move saves is told at real cost."""
    _require_sound(problem)
    priced = asked(problem, problem.prices)
    decided = plan_batch(priced.net, priced.orders, effort=min(EFFORT, MOST_SEARCHES // len(problem.numbers)))
    least = setting(preferences.ROUTING_LEAST_CENTS) * CENT
    moves = worthwhile(priced.net, priced.orders, problem.now, decided.node, least)
    if priced is problem:
        return moves, decided
    here, there = (order_costs(problem.net, problem.orders, node) for node in (problem.now, decided.node))
    return moves._replace(saving={order: int(here[order] - there[order]) for order in moves.orders}), decided


def _require_sound(problem: Problem) -> None:
    """Prices that cannot be true would move everything: better not to decide."""
    net = problem.net
    for name, prices in (("tariff", net.tariff), ("fee", net.fee), ("line fee", net.line_fee)):
        if prices.size and int(prices.min()) < -UNIT * 1000:
            raise ValueError(f"a price in {name} is below -1000 dollars")
    if not np.all(np.diff(net.unit_start) >= 0) or len(net.unit_value) != int(net.unit_start[-1]):
        raise ValueError("unit values do not belong to the shelves")


def _commit(problem: Problem, moves: Moves, then: Ints, now: datetime) -> _Outcome:
    """Each order in its own transaction, first those whose units others wait for."""
    done, until = _Outcome(conflicts=moves.in_circles), time.monotonic() + LONGEST_COMMIT
    nothing_taken = empty_book(problem.net, problem.orders)
    told = _who_yields(problem, moves, then)
    for order in moves.orders:
        if time.monotonic() > until:
            break
        try:
            saving = moves.saving[order] - _found(problem, order, then)
            if _move(problem, nothing_taken, order, then, saving, told[order], now):
                done.moved += 1
                done.saved += saving
            done.promised += _promise(problem, order, then, now)
        except Refusal as refusal:
            if refusal.code in MEANWHILE:
                done.conflicts += 1
            else:
                done.again.add(problem.lines[int(problem.orders.start[order])].order_id)
        except OperationalError as error:
            if sqlstate(error) not in BUSY:
                raise
            done.conflicts += 1
    return done


def _who_yields(problem: Problem, moves: Moves, then: Ints) -> dict[int, list[Told]]:
    """By order what it leaves to others or has from them, with what the other one saves; nothing is said of money
    where that has had no place until now."""
    told: dict[int, list[Told]] = defaultdict(list)
    for each in moves.yielded:
        taker = None if _found(problem, each.taker, then) else moves.saving[each.taker]
        for order in (each.giver, each.taker):
            told[order].append((each, taker))
    return told


def _found(problem: Problem, order: int, then: Ints) -> int:
    """What it would have cost to leave its waiting units without a place: not saved by moving anything."""
    lost = problem.orders.lost
    return sum(int(lost[n]) for n, line in _lines(problem, order) if line.work_line is None and then[n] >= 0)


def _move(
    problem: Problem, book: Book, order: int, then: Ints, saving: int, told: Sequence[Told], now: datetime
) -> bool:
    """Whether parcels of it moved; some may only wait."""
    shares = [
        Share(line.work_line, line.quantity, line.location_id, problem.places[then[n]].pk)
        for n, line in _lines(problem, order) if line.work_line is not None and line.location_id is not None
    ]  # fmt: skip
    if all(share.seen_id == share.location_id for share in shares):
        return False
    decision = moved_decision(problem, book, order, then, saving, told)
    move_promise(number=problem.numbers[order], shares=shares, saving=saving, decision=decision, by=BY, now=now)
    return True


def _promise(problem: Problem, order: int, then: Ints, now: datetime) -> bool:
    """Whether waiting units of it got a place."""
    units = {
        line.line_id: (line.quantity, problem.places[then[n]].pk)
        for n, line in _lines(problem, order) if line.work_line is None and then[n] >= 0
    }  # fmt: skip
    return bool(units) and promise_as_planned(number=problem.numbers[order], units=units, now=now)


def _lines(problem: Problem, order: int) -> list[tuple[int, Wanted]]:
    own = range(int(problem.orders.start[order]), int(problem.orders.start[order + 1]))
    return [(n, problem.lines[n]) for n in own]


@operation
def promise_as_planned(*, number: int, units: dict[int, tuple[int, int]], now: datetime) -> bool:
    """Waiting units (order line -> how many, location) get their place, where all of them still wait.

    Raises Refusal `order_busy`, `promise_changed`, or `insufficient_stock` where the shelf or the day was taken.
    """
    order = Order.objects.select_for_update(skip_locked=True, of=("self",)).filter(number=number).first()
    if order is None:
        raise Refusal("order_busy", _("Somebody works on this order right now."))
    lines = list(OrderLine.objects.filter(order=order, pk__in=list(units), method=Method.SHIP))
    if order.hold or {line.pk: line.waiting_quantity for line in lines} != {pk: n for pk, (n, _place) in units.items()}:
        raise Refusal("promise_changed", _("This order changed since it was looked at."))
    places = Location.objects.with_closures().in_bulk({place for _n, place in units.values()})
    given = [Assignment(line, places[units[line.pk][1]], units[line.pk][0], Method.SHIP) for line in lines]
    if allocate(order=order, assignments=given, by=BY, now=now).failed:
        raise Refusal("insufficient_stock", _("Other orders took these units a moment ago."))
    join_parcels(order=order, by=BY, now=now)
    if not order.lines.filter(waiting_quantity__gt=0).exists():
        for kind in (OrderException.Kind.WAITING, OrderException.Kind.ATTEMPTS):
            settle_exception(order=order, kind=kind, resolution=_("promised from new stock"), by=BY, now=now)
    return True


def _amount(money: int) -> Decimal:
    return Decimal(money) / UNIT


def _finish(run: RoutingRun) -> RoutingRun:
    was_degraded = RoutingRun.objects.exclude(pk=run.pk).order_by("-pk").values_list("status", flat=True).first()
    run.status, run.finished_at = RoutingRun.Status.DONE, max(timezone.now(), run.started_at)
    run.save()
    if was_degraded == RoutingRun.Status.DEGRADED:
        emit(events.ROUTING_RECOVERED, aggregate=("routing_run", str(run.pk)), by=BY, payload={"run": run.pk})
    return run


def _degrade(run: RoutingRun, reason: str) -> RoutingRun:
    run.status, run.degraded_reason = RoutingRun.Status.DEGRADED, reason
    run.finished_at = max(timezone.now(), run.started_at)
    run.save()
    emit(events.ROUTING_DEGRADED, aggregate=("routing_run", str(run.pk)), by=BY,
         payload={"run": run.pk, "reason": reason, "orders": run.orders})  # fmt: skip
    return run
