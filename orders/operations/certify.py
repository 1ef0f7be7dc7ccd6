"""How far from the best plan that there can be a run's plan is at most: found now and then, where that is cheap."""

from datetime import datetime, timedelta

from orders.models import RoutingRun
from orders.operations.batch_arrays import Problem
from orders.routing.bound import STEPS, bound
from orders.routing.kernel import COMPILED, KERNEL
from orders.routing.plan import Decided

EVERY = timedelta(minutes=10)  # a run without a certificate is as good
MOST_WORK = 120_000 if KERNEL == COMPILED else 3_000  # orders times steps: about two seconds
FEWEST_STEPS = 12


def is_certificate_due(*, now: datetime) -> bool:
    """Whether none of the last minutes' runs came with one."""
    return not RoutingRun.objects.since(now - EVERY).filter(gap__isnull=False).exists()


def gap_of(problem: Problem, decided: Decided, planned: int) -> float | None:
    """The share of what the plan costs (`planned`) that no other plan can save more than; None where there are too many
    orders for the time, or where the bound does not hold."""
    steps = min(STEPS, MOST_WORK // max(len(problem.numbers), 1))
    if planned <= 0 or steps < FEWEST_STEPS:
        return None
    try:
        found = bound(problem.net, problem.orders, decided.row_price, decided.node_price, steps=steps)
    except ValueError:  # weights that no carrier takes
        return None
    return max(0.0, (planned - found.least) / planned)
