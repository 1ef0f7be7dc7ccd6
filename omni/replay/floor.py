"""People in the stores while a replay runs: they pick, miss, cancel, hand over, and get in each other's way.

Everything goes through operations. A refusal is an answer (somebody was faster); anything else is a failure.
"""

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from django.db import OperationalError
from django.utils import timezone

from inventory.models import CycleCount, Location, PutBack, StockLevel
from inventory.operations.apply_movements import Reported, apply_movements
from inventory.operations.count import count_item
from inventory.operations.put_back import put_back
from omni.core.actors import Actor
from omni.core.models import Grant, User
from omni.core.models.user import Role
from omni.core.refusals import Refusal
from omni.core.sqlstates import LOCK_TIMEOUT, sqlstate
from orders.models import FulfillmentOrder, HandOver, Order, PickList, PickupChoice
from orders.models.fulfillment_order import FREE, Status
from orders.models.order_line import Method
from orders.operations.answer_choice import answer_choice
from orders.operations.cancel import cancel
from orders.operations.claim import claim, give_back
from orders.operations.decline import decline
from orders.operations.hand_over import Collector, hand_over, undo_hand_over
from orders.operations.hold_order import hold_order, unhold_order
from orders.operations.pick import acknowledge_stop, pick
from orders.operations.ship import ship
from orders.operations.short_pick import short_pick
from orders.operations.stage import stage
from orders.pickup_code import pickup_code

SHORT_REASONS = ("not-found", "damaged", "sold-just-now")


def floor_worker(name: str) -> Actor:
    """An associate who may work anywhere."""
    user, made = User.objects.get_or_create(username=f"floor-{name}", defaults={"display_name": f"Floor {name}"})
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        Grant.objects.create(user=user, role=Role.LEAD, scope=None)
    return Actor.of(user)


@dataclass
class Floor:
    """One person's shift; `done` counts acts, `refused` the codes of refusals."""

    by: Actor
    rng: Random
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def act(self) -> bool:
        """Do one thing at random; False where there was nothing to do."""
        (what,) = self.rng.choices(list(ACTS), weights=list(ACTS.values()))
        try:
            if not what(self):
                return False
            self.done[what.__name__] += 1
        except Refusal as refusal:
            self.refused[f"{what.__name__}: {refusal.code}"] += 1
        except OperationalError as error:
            if sqlstate(error) != LOCK_TIMEOUT:
                raise
            self.refused[f"{what.__name__}: lock timeout"] += 1
        return True

    def one(self, things):
        """One of the first hundred, or None."""
        found = list(things[:100])
        return self.rng.choice(found) if found else None


def pick_some(floor: Floor) -> bool:
    """Claim one to three works of a store and walk for them."""
    released = FulfillmentOrder.objects.filter(status__in=FREE, location__kind=Location.Kind.STORE, order__hold="")
    first = floor.one(released.select_related("location").order_by("due_at"))
    if first is None:
        return False
    numbers = list(released.filter(location=first.location).values_list("number", flat=True)[: floor.rng.randint(1, 3)])
    pick_list = claim(location=first.location, numbers=numbers or [first.number], by=floor.by, now=timezone.now())
    _walk(floor, pick_list)
    return True


def go_on(floor: Floor) -> bool:
    """Somebody left a list half done."""
    pick_list = floor.one(PickList.objects.open().order_by("started_at"))
    if pick_list is None:
        return False
    _walk(floor, pick_list)
    return True


def _walk(floor: Floor, pick_list: PickList) -> None:
    leaves = floor.rng.random() < 0.1
    for work in pick_list.fulfillment_orders.filter(status=Status.PICKING):
        for line in work.lines.all():
            _pick_line(floor, pick_list, line)
        if leaves:
            give_back(pick_list_id=pick_list.pk, by=floor.by, now=timezone.now())
            return
        fresh = FulfillmentOrder.objects.get(pk=work.pk)
        if fresh.status == Status.PICKING:
            stage(number=work.number, shelf_code=f"S-{floor.rng.randrange(40)}", by=floor.by, now=timezone.now())


def _pick_line(floor: Floor, pick_list: PickList, line) -> None:
    left = line.to_pick_quantity
    if left and floor.rng.random() < 0.08:
        gone = floor.rng.randint(1, left)
        short_pick(pick_list_id=pick_list.pk, line_id=line.pk, quantity=gone, by=floor.by, now=timezone.now(),
                   reason_code=floor.rng.choice(SHORT_REASONS))  # fmt: skip
        left -= gone
    for _unit in range(min(left, 60)):
        try:
            pick(
                pick_list_id=pick_list.pk,
                code=line.order_line.sku,
                by=floor.by,
                now=timezone.now(),
                key=uuid.uuid4().hex,
            )
        except Refusal as refusal:
            if refusal.code != "stopped":
                raise
            acknowledge_stop(pick_list_id=pick_list.pk, by=floor.by)


def hand_out(floor: Floor) -> bool:
    """A customer comes: with the code, sometimes for a part of it; now and then it was the wrong one."""
    work = floor.one(FulfillmentOrder.objects.waiting_for_collection().select_related("order"))
    if work is None:
        return False
    units = None
    if floor.rng.random() < 0.2:
        line = floor.rng.choice(list(work.lines.all()))
        units = {line.pk: max(1, line.in_staging_quantity // 2)}
    handed = hand_over(
        number=work.number, collector=Collector("code", code=pickup_code(work.order.code_seed)), by=floor.by,
        now=timezone.now(), units=units, cancel_remaining=floor.rng.random() < 0.1,
    )  # fmt: skip
    if floor.rng.random() < 0.1:
        undo_hand_over(hand_over_id=handed.pk, by=floor.by, now=timezone.now())
    return True


def undo_late(floor: Floor) -> bool:
    """Somebody tries to undo what another one handed over."""
    handed = floor.one(HandOver.objects.filter(undone_at=None).order_by("-pk"))
    if handed is None:
        return False
    undo_hand_over(hand_over_id=handed.pk, by=floor.by, now=timezone.now())
    return True


def send(floor: Floor) -> bool:
    """The carrier is here."""
    work = floor.one(FulfillmentOrder.objects.filter(status=Status.STAGED, method=Method.SHIP).order_by("staged_at"))
    if work is None:
        return False
    ship(number=work.number, carrier="UPS", tracking_number=uuid.uuid4().hex[:12], by=floor.by, now=timezone.now())
    return True


def change_mind(floor: Floor) -> bool:
    """A customer cancels all of an order, or some units of one line."""
    order = floor.one(Order.objects.filter(status__in=["open", "partly_fulfilled"]).order_by("-pk"))
    if order is None:
        return False
    lines = None
    if floor.rng.random() < 0.6:
        line = floor.rng.choice(list(order.lines.all()))
        lines = [(line.reference, floor.rng.randint(1, max(1, line.open_quantity)))]
    cancel(number=order.number, lines=lines, reason="customer", by=floor.by, now=timezone.now())
    return True


def say_no(floor: Floor) -> bool:
    """A store declines."""
    work = floor.one(FulfillmentOrder.objects.filter(status__in=[Status.RELEASED, Status.PLANNED]).order_by("-pk"))
    if work is None:
        return False
    decline(number=work.number, reason="too much work", by=floor.by, now=timezone.now())
    return True


def sell_at_till(floor: Floor) -> bool:
    """The till sells what an order was promised."""
    shelf = floor.one(StockLevel.objects.filter(reserved__gt=0, on_hand__gt=0).select_related("variant", "location"))
    if shelf is None:
        return False
    _book(floor, shelf, "pos_sale", floor.rng.randint(1, shelf.on_hand))
    return True


def receive(floor: Floor) -> bool:
    """A delivery: waiting orders and shortfalls are served."""
    shelf = floor.one(StockLevel.objects.filter(on_hand__lte=1).select_related("variant", "location").order_by("?"))
    if shelf is None:
        return False
    _book(floor, shelf, "receipt", floor.rng.randint(1, 12))
    return True


def _book(floor: Floor, shelf: StockLevel, kind: str, quantity: int) -> None:
    event = Reported(uuid.uuid4().hex, shelf.variant.sku, shelf.location.code, kind, quantity, timezone.now())
    apply_movements(reported=[event], source="floor", locations=Location.objects.all(), by=floor.by, now=timezone.now())


def clear_up(floor: Floor) -> bool:
    """Scan a unit back onto its shelf."""
    task = floor.one(PutBack.objects.filter(done_at=None).select_related("variant").order_by("created_at"))
    if task is None:
        return False
    put_back(put_back_id=task.pk, code=task.variant.sku, by=floor.by, now=timezone.now())
    return True


def count(floor: Floor) -> bool:
    """Count an item that was not found."""
    task = floor.one(CycleCount.objects.filter(done_at=None).order_by("raised_at"))
    if task is None:
        return False
    count_item(cycle_count_id=task.pk, counted=floor.rng.randrange(6), by=floor.by, now=timezone.now())
    return True


def choose(floor: Floor) -> bool:
    """A customer answers what shall become of missing units."""
    choice = floor.one(PickupChoice.objects.filter(answer="").order_by("offered_at"))
    if choice is None:
        return False
    home = {"line1": "1 Main St", "city": "Minneapolis", "postal_code": "55401", "country": "US"}
    answer = floor.rng.choice(["ship", "cancel", "other_store"])
    answer_choice(
        choice_id=choice.pk, answer=answer, by=floor.by, now=timezone.now(), address=home if answer == "ship" else None,
        location_code=_another(floor, choice) if answer == "other_store" else "",
    )  # fmt: skip
    return True


def _another(floor: Floor, choice: PickupChoice) -> str:
    """A store that has some, else any."""
    having = Location.objects.filter(stock_levels__variant=choice.order_line.variant_id, stock_levels__on_hand__gt=1)
    place = floor.one(having.exclude(pk=choice.location_id)) or floor.one(Location.objects.filter(can_pick_up=True))
    return place.code


def hold_up(floor: Floor) -> bool:
    """HQ looks at an order for a moment."""
    order = floor.one(Order.objects.filter(status="open", hold="").order_by("-pk"))
    if order is None:
        return False
    hold_order(number=order.number, kind="fraud_review", note="a closer look", by=floor.by, now=timezone.now())
    if floor.rng.random() < 0.8:
        unhold_order(number=order.number, by=floor.by, now=timezone.now())
    return True


ACTS: dict[Callable[[Floor], bool], int] = {
    pick_some: 30, go_on: 6, hand_out: 18, send: 12, change_mind: 8, say_no: 4, sell_at_till: 5, receive: 6,
    clear_up: 6, count: 4, choose: 4, hold_up: 3, undo_late: 2,
}  # fmt: skip
