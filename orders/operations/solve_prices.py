"""What units and slots will be worth to the orders of the next 24 hours, worked out from those of the last weeks.

Days are drawn from past orders and auctioned at what is free on the shelves now (`orders/routing/prices.py`). Later on
what came is held against what was expected: drift lowers the weight of the prices, and the next ones expect the volume
that has come.
"""

import logging
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db.models import Count, DateTimeField, Exists, F, Func, OuterRef, Value

from omni.core.actors import Actor
from omni.core.backoff import told
from omni.core.events import emit
from omni.core.one_at_a_time import one_at_a_time
from omni.core.operation import operation
from omni.core.settings_store import setting
from orders import events, preferences
from orders.models import Order, OrderLine, PriceSet
from orders.models.order_line import Method
from orders.operations.batch_arrays import Problem, build
from orders.operations.known_prices import NOTHING, Kept, broken_words, digest_of, unpacked
from orders.operations.read_batch import Wanted, past_wanted, with_shelves
from orders.operations.routing_policy import policies
from orders.routing.futures import drift, futures, volume, weight
from orders.routing.kernel import COMPILED, KERNEL
from orders.routing.prices import Prices, solve

logger = logging.getLogger(__name__)

BY = Actor.system("routing")
PAST = timedelta(days=28)
MOST_PAST = 40_000  # lines that baskets are drawn from, of the latest orders
HOUR = timedelta(hours=1)
HOURS = 24  # that the prices are for
FUTURES = 6
MOST_ORDERS = 20_000 if KERNEL == COMPILED else 1_000  # in a simulated day: the job is to end within seconds
CELLS = 20  # items by which drift is counted, beside all others
FIRST_AGAIN = timedelta(minutes=5)  # after a failure
MOST_DOUBLED = 10  # times that the wait after a failure grows
LATE = 2  # a set counts until it is so many times as old as the next one was due
KEPT = timedelta(days=60)
ONE_SOLVER = 0x736F6C7665  # "solve"
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)  # what reading something else than a forecast raises


@dataclass(frozen=True)
class _Forecast:
    hours: list[float]  # orders in each hour from now
    items: list[list[float]]  # [variant, its lines for each order], of those wanted most
    lines: float  # for each order

    @property
    def orders(self) -> float:
        return sum(self.hours)


def solve_when_due(*, now: datetime) -> PriceSet | None:
    """New prices where HQ's interval is over, or the newest are broken; None too while another worker is at it, and
    where it fails: HQ is told, and it is tried again later and later, at most HQ's interval apart."""
    if not _is_due(now):
        return None
    with one_at_a_time(ONE_SOLVER) as is_mine:
        if not is_mine or not _is_due(now):
            return None
        try:
            return solve_prices(now=now)
        except Exception as failure:
            logger.exception("Prices for orders to come cannot be worked out; the last ones count while they are good")
            _tell_failed(because=f"They could not be worked out: {told(failure)}"[:200], now=now)
            return None


def _is_due(now: datetime) -> bool:
    hours = setting(preferences.PRICE_HOURS)
    if not hours or ((again_at := tried_again_at(now=now)) and now < again_at):
        return False
    newest = PriceSet.objects.newest(now)
    return newest is None or bool(newest.broken_because) or newest.solved_at <= now - timedelta(hours=hours)


def tried_again_at(*, now: datetime) -> datetime | None:
    """Where prices could not be worked out, when that is tried again: each time after twice as long."""
    failed = list(PriceSet.objects.failures(now).values_list("solved_at", flat=True)[:MOST_DOUBLED])
    wait = min(FIRST_AGAIN * 2 ** max(len(failed) - 1, 0), timedelta(hours=max(setting(preferences.PRICE_HOURS), 1)))
    return failed[0] + wait if failed else None


@operation
def _tell_failed(*, because: str, now: datetime) -> None:
    """Keep the failure beside the sets that were solved, and tell HQ."""
    packed, hours = NOTHING.to_bytes(), max(setting(preferences.PRICE_HOURS), 1)
    failed = PriceSet.objects.create(
        solved_at=now, good_until=now + timedelta(hours=hours), seed=0, futures=0, past_orders=0, expected_orders=0,
        prices=packed, digest=digest_of(packed), weight=0, is_failed=True, broken_because=because,
    )  # fmt: skip
    _tell_broken(failed)


def solve_prices(*, now: datetime, seed: int | None = None) -> PriceSet | None:
    """Work them out and keep them; None where nothing was ordered. Where none of it is decided by cost the set is
    empty, so that it is not looked for again before the next one is due."""
    began = time.perf_counter()
    wanted = past_wanted(since=now - PAST, now=now, most=MOST_PAST)
    if not wanted:
        return None
    problem = build(with_shelves(wanted, now=now), policies=policies(now=now), now=now)
    forecast = _expected(wanted, now)
    count = round(forecast.orders * len(problem.numbers) / len({each.order_id for each in wanted}))
    seed = int(now.timestamp()) if seed is None else seed
    kept = _solved(problem, min(max(count, 1), MOST_ORDERS), seed) if problem.numbers else NOTHING
    packed = kept.to_bytes()
    return PriceSet.objects.create(
        solved_at=now, good_until=now + timedelta(hours=max(setting(preferences.PRICE_HOURS), 1) * LATE), seed=seed,
        futures=FUTURES, past_orders=len(problem.numbers), expected_orders=forecast.orders, shelves=len(kept.price),
        slots=len(kept.slot_price), prices=packed, digest=digest_of(packed),
        forecast={"hours": forecast.hours, "items": forecast.items, "lines": forecast.lines},
        solve_seconds=time.perf_counter() - began,
    )  # fmt: skip


def _solved(problem: Problem, drawn: int, seed: int) -> Kept:
    days = list(futures(problem.orders, count=drawn, days=FUTURES, seed=seed))
    net = problem.net._replace(capacity=np.minimum(problem.net.capacity, drawn * 8).astype(np.int32))
    return _worth_keeping(problem, solve(net, days))


def _expected(wanted: Sequence[Wanted], now: datetime) -> _Forecast:
    """By the hours of the day of the past orders, at the volume that has come since the last forecast that holds."""
    orders, lines = len({each.order_id for each in wanted}), Counter(each.variant_id for each in wanted)
    hours = _by_hour(now)
    total = sum(hours)
    if total and (last := PriceSet.objects.filter(broken_because="").newest(now)) and last.measured_at:
        last.refresh_from_db(fields=["forecast"])
        try:
            expected = _hours_of(last)
        except UNREADABLE:
            logger.exception("The forecast of price set %s cannot be read", last.pk)
        else:
            share = _until(expected, last.measured_at - last.solved_at) / max(sum(expected), 1e-9)
            total = volume(day=total, share=share, came=last.came)
    return _Forecast(
        [each * total / max(sum(hours), 1e-9) for each in hours],
        [[variant, n / orders] for variant, n in lines.most_common(CELLS)], len(wanted) / orders,
    )  # fmt: skip


def _by_hour(now: datetime) -> list[float]:
    """Orders in each of the hours from now on a mean day. All are counted, for those that are drawn from may be of a
    few hours; an hour's mean is of the days on which anything was ordered by then."""
    shipped = OrderLine.objects.filter(order=OuterRef("pk"), method=Method.SHIP, quantity__gt=0)
    began = Func(Value(HOUR), F("placed_at"), Value(now), function="date_bin", output_field=DateTimeField())
    past = Order.objects.filter(Exists(shipped), placed_at__gte=now - PAST, placed_at__lt=now)
    rows = past.annotate(began=began).values_list("began").annotate(n=Count("pk")).order_by()
    counts = {(now - at) // HOUR: n for at, n in rows}  # by hours ago, from 1
    longest = max(counts, default=0)
    hours = [0.0] * HOURS
    for ago, n in counts.items():
        days = (longest - ago % HOURS) // HOURS + (ago % HOURS > 0)
        hours[-ago % HOURS] += n / days
    return hours


def _hours_of(found: PriceSet) -> list[float]:
    """The orders that its forecast has for each hour. Raises one of UNREADABLE where that says something else."""
    hours = [float(each) for each in found.forecast["hours"]]
    if len(hours) != HOURS or min(hours) < 0:
        raise ValueError("the forecast is not one of the hours of a day")
    return hours


def _until(hours: Sequence[float], elapsed: timedelta) -> float:
    """The orders expected in this time from the first of the hours."""
    whole, rest = divmod(elapsed / HOUR, 1)
    return sum(hours[n % HOURS] for n in range(int(whole))) + hours[int(whole) % HOURS] * rest


def _worth_keeping(problem: Problem, prices: Prices) -> Kept:
    """What is worth more to orders to come than where it lies."""
    net, ids = problem.net, np.array([place.pk for place in problem.places], np.int64)
    variants = np.array(sorted({each.variant_id for each in problem.lines}), np.int64)
    of = np.repeat(np.arange(len(variants)), np.diff(net.sku_start))
    first = net.unit_value[np.minimum(net.unit_start[:-1], max(len(net.unit_value) - 1, 0))]
    more = np.flatnonzero((net.row_quantity > 0) & (prices.unit > first)) if len(net.unit_value) else np.zeros(0, int)
    slots = np.flatnonzero(prices.slot > 0)
    return Kept(variants[of[more]], ids[net.row_node[more]], prices.unit[more], ids[slots], prices.slot[slots])


def watch_prices(*, now: datetime) -> PriceSet | None:
    """Hold what came against what was expected, and see whether the newest prices can still be read; returns them."""
    newest = PriceSet.objects.newest(now)
    if newest is None or not newest.may_count:
        return newest
    newest.refresh_from_db(fields=["prices", "forecast"])
    try:
        unpacked(bytes(newest.prices), newest.digest)
        newest.came, newest.drift = _drift(newest, now)
    except UNREADABLE as trouble:
        logger.exception("Routing is degraded: price set %s cannot be read", newest.pk)
        return give_up(price_set=newest, because=broken_words(newest.pk, trouble), now=now)
    newest.weight, newest.measured_at = weight(newest.drift), now
    newest.save(update_fields=["came", "drift", "weight", "measured_at"])
    return newest


@operation
def give_up(*, price_set: PriceSet, because: str, now: datetime) -> PriceSet:
    """Nobody decides by this set any more, and HQ is told."""
    price_set.broken_because, price_set.weight, price_set.measured_at = because, 0, now
    price_set.save(update_fields=["broken_because", "weight", "measured_at"])
    _tell_broken(price_set)
    return price_set


def _tell_broken(price_set: PriceSet) -> None:
    emit(events.ROUTING_PRICES_BROKEN, aggregate=("price_set", str(price_set.pk)), by=BY,
         payload={"price_set": price_set.pk, "reason": price_set.broken_because})  # fmt: skip


def _drift(found: PriceSet, now: datetime) -> tuple[int, float]:
    orders = _until(_hours_of(found), now - found.solved_at)
    items = {int(variant): each for variant, each in found.forecast["items"]}
    since = {"order__placed_at__gt": found.solved_at, "order__placed_at__lte": now, "method": Method.SHIP}
    rows = OrderLine.objects.filter(**since).values_list("variant_id").annotate(n=Count("pk")).order_by()
    came = dict(rows)
    expected = [*(orders * each for each in items.values())]
    counted = [came.get(variant, 0) for variant in items]
    rest = max(orders * found.forecast["lines"] - sum(expected), 0.0)
    placed = Order.objects.filter(placed_at__gt=found.solved_at, placed_at__lte=now, lines__method=Method.SHIP)
    return placed.distinct().count(), drift([*expected, rest], [*counted, sum(came.values()) - sum(counted)])


def forget_prices(*, now: datetime) -> None:
    """Sets of another season decide nothing any more; their key stays with the decisions."""
    PriceSet.objects.filter(solved_at__lt=now - KEPT).delete()
