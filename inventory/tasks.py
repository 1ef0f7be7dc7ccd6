"""What the clock does for stock."""

from datetime import datetime

from inventory.operations.fit_confidence import fit_confidence
from inventory.operations.forget_off_shelf import forget_off_shelf
from inventory.operations.forget_snapshots import forget_snapshots, sweep_files
from inventory.operations.hear_feed import tell_silent_feeds
from inventory.operations.hold import expire_holds
from inventory.operations.learn_sales import learn_sales
from inventory.operations.learn_signs import learn_signs
from inventory.operations.learn_words import learn_words
from inventory.operations.look_for_drift import look_after_audit
from inventory.operations.number_changes import forget_changes, number_changes
from inventory.operations.partitions import make_partitions
from inventory.operations.plan_counts import plan_counts
from inventory.operations.reconcile import book_files, reconcile
from inventory.operations.sum_lags import JOB as SUM_LAGS
from inventory.operations.sum_lags import sum_lags
from inventory.operations.supply_moves import move_late_supply
from omni.core.schedule import periodic


@periodic("inventory.expire_holds", seconds=10)
def expire_holds_due(now: datetime) -> None:
    expire_holds(now=now)


@periodic("inventory.make_partitions", seconds=24 * 3600, queue="bulk")
def make_partitions_ahead(now: datetime) -> None:
    make_partitions(now=now)


@periodic("inventory.learn_words", seconds=600, queue="bulk")
def learn_catalog_words(now: datetime) -> None:
    learn_words()


@periodic("inventory.reconcile", seconds=5, queue="bulk")
def reconcile_snapshots(now: datetime) -> None:
    reconcile(now=now)


@periodic("inventory.book_movement_files", seconds=5, queue="bulk")
def book_movement_files(now: datetime) -> None:
    book_files(now=now)


@periodic("inventory.move_late_supply", seconds=3600)
def move_late_supply_on(now: datetime) -> None:
    move_late_supply(now=now)


@periodic("inventory.tell_silent_feeds", seconds=60)
def tell_of_silent_feeds(now: datetime) -> None:
    tell_silent_feeds(now=now)


@periodic("inventory.forget_snapshots", seconds=3600, queue="bulk")
def forget_old_snapshots(now: datetime) -> None:
    forget_snapshots(now=now)
    sweep_files(now=now)


@periodic(SUM_LAGS, seconds=60, queue="bulk")
def sum_lags_of_feeds(now: datetime) -> None:
    sum_lags(now=now)


@periodic("inventory.forget_off_shelf", seconds=3600, queue="bulk")
def forget_moments_off_shelf(now: datetime) -> None:
    forget_off_shelf(now=now)


@periodic("inventory.learn_signs", seconds=300, queue="bulk")
def learn_signs_of_shelves(now: datetime) -> None:
    learn_signs(now=now)


@periodic("inventory.fit_confidence", seconds=24 * 3600, queue="bulk")
def fit_confidence_anew(now: datetime) -> None:
    fit_confidence(now=now)


@periodic("inventory.number_changes", seconds=1)
def number_stock_changes(now: datetime) -> None:
    """The relay does it four times a second; where it is away, the clock does."""
    while number_changes():
        continue


@periodic("inventory.forget_changes", seconds=3600, queue="bulk")
def forget_old_changes(now: datetime) -> None:
    forget_changes(now=now)


@periodic("inventory.plan_counts", seconds=300, queue="bulk")
def plan_counts_of_stores(now: datetime) -> None:
    plan_counts(now=now)


@periodic("inventory.look_for_drift", seconds=300, queue="bulk")
def look_for_drift_after_audit(now: datetime) -> None:
    look_after_audit(now=now)


@periodic("inventory.learn_sales", seconds=24 * 3600, queue="bulk")
def learn_sales_of_shelves(now: datetime) -> None:
    learn_sales(now=now)
