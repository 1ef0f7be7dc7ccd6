"""Decide again about one unreleased order by itself: of more lines than are decided about together with others, or
under rules that look at something else than money."""

from datetime import datetime

import numpy as np

from omni.core.settings_store import setting
from orders import preferences
from orders.operations.batch_arrays import Problem
from orders.operations.batch_distances import miles_to
from orders.operations.batch_prices import asked
from orders.operations.commit_moves import Outcome, commit_moves
from orders.operations.plan_lines import destination
from orders.operations.read_problem import read_problem
from orders.routing.batch import Ints
from orders.routing.explain import Share
from orders.routing.imitate import imitate, where_only_counts
from orders.routing.moves import Moves, order_costs, worthwhile
from orders.routing.rules import Objective
from orders.routing.single import plan_order
from orders.routing.tables import NEVER_MIND

CENT = 100  # hundredths of a cent


def route_alone(*, order: int, now: datetime) -> Outcome:
    """Move what is promised and not released of the order (its id) to where its rules would have it now, and promise
    what waits. Who was quicker on a shelf or a day wins: then the order keeps its plan."""
    problem = read_problem(only=[order], now=now, alone=True)
    if not problem.lines:
        return Outcome()
    moves, then = _decided(problem)
    return commit_moves(problem, moves, then, now)


def _decided(problem: Problem) -> tuple[Moves, Ints]:
    """Moves by what the rules look at; what one saves is told in money."""
    objective = problem.rules[0].objective
    if objective == Objective.COST:
        seen = asked(problem, problem.prices)
        net, orders, least = seen.net, seen.orders, setting(preferences.ROUTING_LEAST_CENTS) * CENT
        sent = seen.sent
        shares = plan_order(net, orders, others=0).shares
    else:
        miles = miles_to(destination(problem.lines[0].address), problem.places)
        # Whoever waits is served wherever that is: it costs no distance and no parcel too many.
        waiting = problem.orders._replace(lost=problem.orders.lost + NEVER_MIND)
        shares, least = imitate(problem.net, waiting, miles, objective), 1
        net, orders = where_only_counts(problem.net, waiting, miles, objective)
        sent = orders
    then = _nodes(shares, problem)
    moves = worthwhile(net, orders, problem.now, then, least, sent=sent)
    here, there = (order_costs(problem.net, problem.sent, node) for node in (problem.now, then))
    return moves._replace(saving={each: int(here[each] - there[each]) for each in moves.orders}), then


def _nodes(shares: tuple[Share, ...], problem: Problem) -> Ints:
    """The node of each line. A line that would be cut stays where it is: what is promised of it moves as a whole."""
    then = np.full(len(problem.lines), -1, np.int32)
    units = np.zeros(len(problem.lines), np.int64)
    for share in shares:
        if share.units >= units[share.line]:
            then[share.line], units[share.line] = share.node, share.units
    cut = units < problem.orders.quantity
    then[cut] = problem.now[cut]
    return then
