"""What the clock does for orders."""

from datetime import datetime

from customers.operations.store_credit import expire_due
from omni.core import practice, relay
from omni.core.events import subscribers
from omni.core.schedule import periodic
from orders.operations import demo_partners, frontier, open_practice, replay
from orders.operations.accept import flag_overdue
from orders.operations.authorize import sweep_payments
from orders.operations.buy_label import resolve_leftovers
from orders.operations.call_provider import sweep_provider
from orders.operations.count_reliability import count_reliability
from orders.operations.expire import expire, overdue, remind_due, tell_last_day
from orders.operations.flag_missed import flag_missed
from orders.operations.follow_parcels import follow_parcels
from orders.operations.forget_customer import forget_baskets, forget_erased
from orders.operations.manifest import finish_abandoned
from orders.operations.partner_alarms import watch_partners
from orders.operations.promise_waiting import promise_waiting, waiting_orders
from orders.operations.put_away_decisions import put_away_decisions
from orders.operations.quote_prices import drop_expired
from orders.operations.release import release_due
from orders.operations.route_batch import forget_runs, route_batch
from orders.operations.settle import finalize_hand_overs
from orders.operations.solve_prices import forget_prices, solve_when_due, watch_prices
from orders.operations.tell_delays import tell_delays
from orders.operations.time_out import time_out, timed_out
from orders.operations.wait_for_supply import arrived_orders, hear_supply, take_arrived, unpromised_orders


@periodic("orders.release", seconds=2, queue="routing")
def release(now: datetime) -> None:
    while release_due(now=now):
        pass


@periodic("orders.forget_erased", seconds=600, queue="bulk")
def forget(now: datetime) -> None:
    while forget_erased(now=now):
        pass
    forget_baskets(now=now)


@periodic("orders.finalize_hand_overs", seconds=5)
def finalize(now: datetime) -> None:
    finalize_hand_overs(now=now)


@periodic("orders.expire", seconds=60)
def expire_uncollected(now: datetime) -> None:
    for number in overdue(now=now):
        expire(number=number, now=now)


@periodic("orders.remind", seconds=300)
def remind(now: datetime) -> None:
    remind_due(now=now)


@periodic("orders.last_day", seconds=300)
def last_day(now: datetime) -> None:
    tell_last_day(now=now)


@periodic("orders.tell_delays", seconds=60)
def delays(now: datetime) -> None:
    tell_delays(now=now)


@periodic("orders.take_arrived", seconds=60)
def take_arrived_units(now: datetime) -> None:
    """What could not be taken at once: the store was closed, or its day was full."""
    for number in arrived_orders(now=now):
        take_arrived(number=number, now=now)


@periodic("orders.hear_supply", seconds=60)
def promise_from_supply(now: datetime) -> None:
    """Orders that wait without a day, and what they wait for is coming by now."""
    for number in unpromised_orders(now=now):
        hear_supply(number=number, now=now)


@periodic("orders.flag_overdue", seconds=60)
def flag(now: datetime) -> None:
    flag_overdue(now=now)


@periodic("orders.watch_partners", seconds=30)
def watch(now: datetime) -> None:
    watch_partners(now=now)


@periodic("orders.time_out", seconds=5, queue="routing")
def end_offers(now: datetime) -> None:
    for number in timed_out(now=now):
        time_out(number=number, now=now)


@periodic("orders.flag_missed", seconds=30)
def flag_late(now: datetime) -> None:
    flag_missed(now=now)


@periodic("orders.promise_waiting", seconds=30, queue="routing")
def promise(now: datetime) -> None:
    for number in waiting_orders():
        promise_waiting(number=number, now=now)


@periodic("orders.route_batch", seconds=60, queue="routing")
def route(now: datetime) -> None:
    route_batch(now=now)


@periodic("orders.demo_partners", seconds=5)
def play_partners(now: datetime) -> None:
    demo_partners.play(now=now)


@periodic("orders.sweep_payments", seconds=30)
def resolve_unknown(now: datetime) -> None:
    sweep_provider(now=now)
    sweep_payments(now=now)


@periodic("orders.sweep_practice", seconds=3600)
def sweep_practice(now: datetime) -> None:
    open_practice.sweep(now=now)


def after_practice(now: datetime) -> None:
    """What workers would do, at once: in the practice world nobody else does it."""
    release_due(now=now)
    finalize_hand_overs(now=now)
    relay.stamp()
    relay.deliver(to=[name for name, subscriber in subscribers().items() if subscriber.in_practice])
    release_due(now=now)


practice.after_each_act(after_practice)


@periodic("orders.resolve_labels", seconds=60)
def resolve_labels(now: datetime) -> None:
    resolve_leftovers(now=now)


@periodic("orders.finish_manifests", seconds=60)
def finish_manifests(now: datetime) -> None:
    finish_abandoned(now=now)


@periodic("orders.follow_parcels", seconds=300, queue="bulk")
def ask_carriers(now: datetime) -> None:
    follow_parcels(now=now)


@periodic("orders.expire_credits", seconds=3600)
def expire_credits(now: datetime) -> None:
    expire_due(now=now)


@periodic("orders.drop_quotes", seconds=3600)
def drop_quotes(now: datetime) -> None:
    drop_expired(now=now)
    forget_runs(now=now)
    forget_prices(now=now)


@periodic("orders.watch_prices", seconds=60, queue="bulk")
def watch_newest_prices(now: datetime) -> None:
    watch_prices(now=now)
    solve_when_due(now=now)


@periodic("orders.count_reliability", seconds=24 * 3600, queue="bulk")
def count_reliability_anew(now: datetime) -> None:
    count_reliability(now=now)


@periodic("orders.put_away_decisions", seconds=24 * 3600, queue="bulk")
def put_away_old_decisions(now: datetime) -> None:
    put_away_decisions(now=now)


@periodic("orders.replay", seconds=5, queue="bulk")
def replay_past_orders(now: datetime) -> None:
    replay.go_on(now=now)


@periodic("orders.frontier", seconds=5, queue="bulk")
def try_settings(now: datetime) -> None:
    frontier.go_on(now=now)
