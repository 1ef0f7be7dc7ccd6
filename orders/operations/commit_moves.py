"""Make the moves that were decided on, each order's in a transaction of its own; its waiting units get their place."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import OperationalError
from django.utils.translation import gettext as _

from inventory.models import Location
from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Refusal
from omni.core.sqlstates import LOCK_TIMEOUT, WORTH_ANOTHER_TRY, sqlstate
from orders.models import Order, OrderException, OrderLine
from orders.models.order_line import Method
from orders.operations.assign import Assignment, allocate
from orders.operations.batch_arrays import Problem
from orders.operations.join_parcels import join_parcels
from orders.operations.move_promise import Share, move_promise
from orders.operations.raise_exception import settle_exception
from orders.operations.read_batch import Wanted
from orders.operations.tell_move import Told, moved_decision
from orders.routing.batch import Ints
from orders.routing.book import Book, empty_book
from orders.routing.moves import Moves

BY = Actor.system("routing")
LONGEST = 30.0  # seconds; who is not reached keeps the plan that it has until the next run
BUSY = WORTH_ANOTHER_TRY | {LOCK_TIMEOUT}
MEANWHILE = frozenset({"order_busy", "promise_changed", "moved_enough", "changed_meanwhile"})  # no use to try again


@dataclass
class Outcome:
    """What became of one round."""

    again: set[int] = field(default_factory=set)  # orders whose shelf or day was taken by somebody else
    moved: int = 0
    promised: int = 0
    conflicts: int = 0
    saved: int = 0


def commit_moves(problem: Problem, moves: Moves, then: Ints, now: datetime) -> Outcome:
    """Each order in its own transaction, first those whose units others wait for; `then` has the node of each line."""
    done, until = Outcome(conflicts=moves.in_circles), time.monotonic() + LONGEST
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
