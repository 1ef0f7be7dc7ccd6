"""What orders do when something happens.

Handlers that touch many orders run outside the delivery's transaction (`calls_out`) and take one order at a time: what
they do can be done twice without harm, and no lock is held while waiting for the next order's.
"""

from django.utils import timezone

from inventory import events as inventory_events
from omni.core import inbound
from omni.core.actors import Actor
from omni.core.events import on
from omni.core.models import Event, InboundMessage
from orders import events
from orders.carriers import hooks
from orders.models import PaymentIntent
from orders.operations.authorize import void_payment
from orders.operations.call_provider import call_provider
from orders.operations.follow import record_news
from orders.operations.follow_address import follow_address
from orders.operations.follow_transfer import follow_transfer
from orders.operations.hear_provider import hear_provider
from orders.operations.partner_alarms import mail_alarm
from orders.operations.promise_waiting import promise_waiting, waiting_orders
from orders.operations.record_outcome import record_outcome
from orders.operations.resolve_shortfall import resolve_shortfall
from orders.operations.settle_offers import settle_offers
from orders.operations.tell_customer import tell_customer
from orders.operations.text_customer import text_customer
from orders.operations.void_label import return_label
from orders.operations.wait_for_supply import hear_supply, orders_of, take_arrived, unpromised_orders
from orders.payments import stripe_hooks


@on(inventory_events.SHORTFALL, name="orders.resolve_shortfall", calls_out=True, in_practice=True)
def move_promises(event: Event) -> None:
    resolve_shortfall(
        variant_id=event.payload["variant_id"], location_id=event.payload["location_id"], now=timezone.now()
    )


@on(inventory_events.LOCATION_PAUSED, name="orders.settle_offers", calls_out=True)
def settle_offers_of_pause(event: Event) -> None:
    settle_offers(
        location_code=event.payload["location"], send_away=bool(event.payload.get("send_away")), by=Actor(event.actor),
        now=timezone.now(),
    )  # fmt: skip


@on(inventory_events.STOCK_INCREASED, name="orders.promise_waiting", calls_out=True, in_practice=True)
def promise_new_stock(event: Event) -> None:
    for number in waiting_orders(variant_ids=event.payload["variant_ids"], limit=20):
        promise_waiting(number=number, now=timezone.now())


@on(events.ADDRESS_CHANGED, name="orders.follow_address", calls_out=True)
def follow_changed_address(event: Event) -> None:
    follow_address(number=int(event.aggregate_id), changed=frozenset(event.payload["fields"]), now=timezone.now())


@on(inventory_events.TRANSFER_MOVED, name="orders.follow_transfer", calls_out=True, in_practice=True)
def follow_units_sent_to_store(event: Event) -> None:
    follow_transfer(number=event.payload["number"], now=timezone.now())


@on(inventory_events.SUPPLY_ARRIVED, name="orders.take_arrived", calls_out=True, in_practice=True)
def take_what_arrived(event: Event) -> None:
    for number in orders_of(event.payload["demands"]):
        take_arrived(number=number, now=timezone.now())


@on(inventory_events.SUPPLY_MOVED, name="orders.hear_supply", calls_out=True, in_practice=True)
def hear_of_supply(event: Event) -> None:
    for number in orders_of(event.payload["demands"]):
        hear_supply(number=number, now=timezone.now())


@on(inventory_events.PURCHASE_CHANGED, name="orders.hear_change", calls_out=True)
@on(inventory_events.PURCHASE_ORDERED, name="orders.hear_purchase", calls_out=True)
def hear_of_new_supply(event: Event) -> None:
    for number in unpromised_orders(now=timezone.now()):
        hear_supply(number=number, now=timezone.now())


@on(inventory_events.RULE_RETIRED, name="orders.promise_after_rule", calls_out=True)
@on(inventory_events.RULE_ACTIVATED, name="orders.promise_under_rule", calls_out=True)
def promise_under_new_rules(event: Event) -> None:
    """A rule may give units back as well: whoever waits for any is asked again, oldest first."""
    for number in waiting_orders(limit=200):
        promise_waiting(number=number, now=timezone.now())


def _call_provider(event: Event) -> None:
    """Whatever of the order waits for its provider; each call has a key of its own, so asking twice is safe."""
    call_provider(number=int(event.aggregate_id), now=timezone.now())


@on(events.COLLECTED, name="orders.capture_collected", calls_out=True, in_practice=True)
def capture_collected(event: Event) -> None:
    _call_provider(event)


@on(events.CARRIED_OUT, name="orders.capture_carried_out", calls_out=True, in_practice=True)
def capture_carried_out(event: Event) -> None:
    _call_provider(event)


@on(events.SHIPPED, name="orders.capture_shipped", calls_out=True, in_practice=True)
def capture_shipped(event: Event) -> None:
    _call_provider(event)


on(events.CAPTURE_RETRIED, name="orders.capture_again", calls_out=True, in_practice=True)(_call_provider)
on(events.VOID_REQUESTED, name="orders.void", calls_out=True, in_practice=True)(_call_provider)
on(events.REFUND_REQUESTED, name="orders.refund", calls_out=True, in_practice=True)(_call_provider)


@on(events.LABEL_VOID_ASKED, name="orders.return_label", calls_out=True)
def give_back_label(event: Event) -> None:
    return_label(key=event.payload["label"], by=Actor.system("label return"), now=timezone.now())


inbound.register("simulator", check=inbound.standard_webhooks, identify=hooks.simulator_id)
inbound.register("easypost", check=inbound.easypost_hmac, identify=hooks.easypost_id)


@on(inbound.RECEIVED, name="orders.read_hook")
def read_hook(event: Event) -> None:
    """Tracking news that a carrier sent; a message that means nothing to us is marked and left alone."""
    message = InboundMessage.objects.select_for_update().get(pk=event.payload["inbound"])
    if message.handled_at or message.source not in hooks.READERS:
        return
    news, problem = hooks.read(message.source, message.body)
    for each in news:
        record_news(news=each, source=message.source, now=timezone.now())
    message.handled_at, message.problem = timezone.now(), problem[:300]
    message.save(update_fields=["handled_at", "problem"])


inbound.register("stripe", check=inbound.stripe_signature, identify=stripe_hooks.event_id)


@on(inbound.RECEIVED, name="orders.read_payment_hook", calls_out=True)
def read_payment_hook(event: Event) -> None:
    """Stripe says that something became of a payment; what, we ask. Asked twice it is booked once."""
    message = InboundMessage.objects.get(pk=event.payload["inbound"])
    if message.source != "stripe" or message.handled_at:
        return
    heard, problem = stripe_hooks.read(message.body)
    if heard is not None:
        hear_provider(heard=heard, now=timezone.now())
    message.handled_at, message.problem = timezone.now(), problem[:300]
    message.save(update_fields=["handled_at", "problem"])


@on(events.PAYMENT_GIVEN_UP, name="orders.void_intent", calls_out=True)
def void_intent(event: Event) -> None:
    void_payment(key=PaymentIntent.objects.get(pk=event.payload["intent_id"]).key, now=timezone.now())


@on(events.PARTNER_ALARM, name="orders.mail_partner", calls_out=True)
def mail_partner(event: Event) -> None:
    mail_alarm(alarm_id=event.payload["alarm"], uid=event.uid, now=timezone.now())


def _text(event: Event) -> None:
    text_customer(event=event, now=timezone.now())


on(events.STAGED, name="orders.text_ready", calls_out=True, in_practice=True)(_text)
on(events.REMINDER_DUE, name="orders.text_reminder", calls_out=True, in_practice=True)(_text)
on(events.LAST_DAY, name="orders.text_last_day", calls_out=True, in_practice=True)(_text)
on(events.DELAYED, name="orders.text_delay", calls_out=True, in_practice=True)(_text)
on(events.CHOICE_OFFERED, name="orders.text_choice", calls_out=True, in_practice=True)(_text)
on(events.ARRIVED, name="orders.text_arrived", calls_out=True, in_practice=True)(_text)


def _tell(event: Event) -> None:
    tell_customer(event=event, now=timezone.now())


on(events.STAGED, name="orders.tell_ready", calls_out=True, in_practice=True)(_tell)
on(events.REMINDER_DUE, name="orders.tell_reminder", calls_out=True, in_practice=True)(_tell)
on(events.LAST_DAY, name="orders.tell_last_day", calls_out=True, in_practice=True)(_tell)
on(events.DELAYED, name="orders.tell_delay", calls_out=True, in_practice=True)(_tell)
on(events.SHIP_DATE_MOVED, name="orders.tell_later", calls_out=True, in_practice=True)(_tell)
on(events.CANCELLED, name="orders.tell_cancelled", calls_out=True, in_practice=True)(_tell)
on(events.EXPIRED, name="orders.tell_expired", calls_out=True, in_practice=True)(_tell)
on(events.CHOICE_OFFERED, name="orders.tell_choice", calls_out=True, in_practice=True)(_tell)
on(events.SUPPLY_CHANGED, name="orders.tell_supply", calls_out=True, in_practice=True)(_tell)
on(events.SUPPLY_RELEASED, name="orders.tell_supply_released", calls_out=True, in_practice=True)(_tell)
on(events.SHIPPED, name="orders.tell_shipped", calls_out=True, in_practice=True)(_tell)


def _keep_outcome(event: Event) -> None:
    record_outcome(number=event.payload["fulfillment_order"], now=event.occurred_at)


# What was predicted of a parcel is held against what became of it.
on(events.SHIPPED, name="orders.outcome_shipped")(_keep_outcome)
on(events.DECLINED, name="orders.outcome_declined")(_keep_outcome)
on(events.OFFER_TIMED_OUT, name="orders.outcome_timed_out")(_keep_outcome)
on(events.SHORT_PICKED, name="orders.outcome_short")(_keep_outcome)
