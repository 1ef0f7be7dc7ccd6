"""Decide again over all unreleased parcels and waiting units together, and move the promises where that saves money.

One router at a time; nobody waits for it, and it waits for nobody: what changed since it was read stays as it is. What
goes wrong here costs nothing but money: every order keeps the sound plan that it was placed with.
"""

import logging
import time
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ParamSpec, TypeVar

import numpy as np
from django.db import Error
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from omni.core.events import emit
from omni.core.one_at_a_time import one_at_a_time
from omni.core.settings_store import setting
from orders import events, preferences
from orders.models import RoutingRun
from orders.operations.batch_arrays import Problem
from orders.operations.batch_prices import asked
from orders.operations.certify import gap_of, is_certificate_due
from orders.operations.commit_moves import BY, Outcome, commit_moves
from orders.operations.read_problem import read_problem
from orders.operations.route_alone import route_alone
from orders.operations.tell_stuck import known_stuck, tell_stuck, tell_unstuck
from orders.routing.batch import UNIT
from orders.routing.kernel import COMPILED, KERNEL
from orders.routing.moves import Moves, order_costs, worthwhile
from orders.routing.plan import Decided, plan_batch
from orders.routing.search import EFFORT

Certified = tuple[Problem, Decided, int]  # at prices, with what the plan costs there

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger(__name__)

ONE_ROUTER = 0x726F757465  # "route"
TRIES = 3
MOST_SEARCHES = 40_000 if KERNEL == COMPILED else 1_000  # of a run: about two seconds, so that releases need not wait
LONGEST_ALONE = 5.0  # seconds of a run, for orders that are looked at one by one
RUNS_ARE_KEPT = timedelta(days=60)
CENT = 100  # hundredths of a cent


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
        problem = read_problem(only=orders, now=now)
        moved += sum(route_alone(order=each, now=now).moved for each in (*problem.large, *problem.imitating))
        if not problem.lines:
            break
        moves, decided = _decide(problem)
        then = decided.node
        done = commit_moves(problem, moves, then, now)
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
    large, certified = _together(run, now)
    _one_by_one(run, large, now)
    if certified and is_certificate_due(now=now):  # at last: no move waits for it
        gap = _timed(run, "decide_seconds", gap_of, *certified)
        # Proved at the prices that the plan was chosen by, told as a share of what it really costs.
        share = gap and gap * certified[2] / max(float(run.planned_amount) * UNIT, 1.0)
        run.gap = share if share is None or share <= 1 else None  # more says nothing


def _together(run: RoutingRun, now: datetime) -> tuple[list[int], Certified | None]:
    """Whoever lost a shelf or a day to somebody else meanwhile is decided about again, three times at most. Returns the
    orders that are too large for it, and what a certificate is made of."""
    only: Collection[int] | None = None
    large: list[int] = []
    certified: Certified | None = None
    for attempt in range(TRIES):
        problem = _timed(run, "read_seconds", read_problem, only=only, now=now)
        if attempt == 0 and (problem.lines or problem.large):
            large = problem.large
            run.orders, run.lines = len(problem.numbers), len(problem.lines)
            run.left_out = len(problem.imitating) + len(large)
            run.prices_trouble = problem.prices.trouble
            run.save()
        if not problem.lines:
            break
        moves, decided = _timed(run, "decide_seconds", _decide, problem)
        then = decided.node
        if attempt == 0:
            run.too_little = moves.too_little
            kept = np.where((then < 0) & (problem.now >= 0), problem.now, then)
            planned = int(order_costs(problem.net, problem.sent, kept).sum())
            run.planned_amount = _amount(planned)
            priced = asked(problem, problem.prices)
            certified = (priced, decided, int(order_costs(priced.net, priced.orders, kept).sum()))
        done = _timed(run, "commit_seconds", commit_moves, problem, moves, then, now)
        _add(run, done)
        only = done.again
        if not only:
            break
    run.conflicts += len(only or ())
    return large, certified


def _one_by_one(run: RoutingRun, large: Sequence[int], now: datetime) -> None:
    """As many of them as there is time for, beginning with another one each minute. One that breaks is on HQ's list
    until it is decided about again, or has nothing left to decide."""
    until, stuck = time.monotonic() + LONGEST_ALONE, known_stuck()
    if gone := stuck.difference(large):
        tell_unstuck(orders=gone, resolution=_("nothing of it is left to decide"), now=now)
    first = int(now.timestamp() // 60) % max(len(large), 1)
    for order in (*large[first:], *large[:first]):
        if time.monotonic() > until:
            break
        try:
            _add(run, _timed(run, "decide_seconds", route_alone, order=order, now=now))
        except Error:
            raise  # the database's: the next run
        except Exception as failure:
            logger.exception("Order %s cannot be decided about by itself; it keeps its plan", order)
            tell_stuck(order=order, failure=failure, now=now)
            continue
        if order in stuck:
            tell_unstuck(orders=[order], resolution=_("decided about again"), now=now)
        run.orders, run.left_out = run.orders + 1, run.left_out - 1


def _add(run: RoutingRun, done: Outcome) -> None:
    run.moved += done.moved
    run.promised += done.promised
    run.conflicts += done.conflicts
    run.saved_amount += _amount(done.saved)


def forget_runs(*, now: datetime) -> None:
    """Runs of another season are told by nobody any more."""
    RoutingRun.objects.filter(started_at__lt=now - RUNS_ARE_KEPT).delete()


def _close_interrupted(now: datetime) -> None:
    """Whoever had begun them holds the lock no more."""
    RoutingRun.objects.filter(status=RoutingRun.Status.RUNNING).update(
        status=RoutingRun.Status.DEGRADED, degraded_reason="interrupted", finished_at=Greatest(F("started_at"), now)
    )


def _timed(run: RoutingRun, name: str, act: Callable[P, R], *what: P.args, **how: P.kwargs) -> R:
    began = time.perf_counter()
    try:
        return act(*what, **how)
    finally:
        setattr(run, name, getattr(run, name) + time.perf_counter() - began)


def _decide(problem: Problem) -> tuple[Moves, Decided]:
    """Chosen at the prices of what orders to come will need; what a move saves is told at real cost."""
    priced = asked(problem, problem.prices)
    decided = plan_batch(priced.net, priced.orders, effort=min(EFFORT, MOST_SEARCHES // len(problem.numbers)))
    least = setting(preferences.ROUTING_LEAST_CENTS) * CENT
    moves = worthwhile(priced.net, priced.orders, problem.now, decided.node, least, sent=priced.sent)
    if priced is problem:
        return moves, decided
    here, there = (order_costs(problem.net, problem.sent, node) for node in (problem.now, decided.node))
    return moves._replace(saving={order: int(here[order] - there[order]) for order in moves.orders}), decided


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
