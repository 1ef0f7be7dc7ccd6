"""Two stores with the same things in each, and one person per role at the first."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from http.cookies import SimpleCookie
from typing import Any

import numpy as np
from django.core.files.base import ContentFile
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone

from customers.models import Consent
from customers.operations.record_consent import record_consent
from customers.operations.store_credit import issue_credit
from inventory.models import (
    Adjustment,
    AdjustmentLimit,
    AvailabilityRule,
    ConfidenceModel,
    CountLine,
    CountSession,
    CycleCount,
    Delivery,
    Drift,
    Feed,
    Location,
    LocationSet,
    PickVisit,
    PurchaseOrder,
    PutBack,
    Snapshot,
    SnapshotRow,
    StockHeld,
    SupplyTerm,
)
from inventory.operations.close_locations import close_locations
from inventory.operations.hold import place_hold
from inventory.operations.hold_apart import hold_apart
from omni.core.actors import Actor
from omni.core.models import (
    AuditRun,
    Device,
    Event,
    EventDelivery,
    InboundMessage,
    Job,
    StateChange,
    User,
    WebhookDelivery,
    WebhookEndpoint,
)
from omni.core.models.api_key import ApiKey
from omni.core.operations.enroll_device import invite_device
from orders.models import (
    Basket,
    CostParameters,
    FulfillmentOrder,
    HandOver,
    LostSale,
    Manifest,
    OrderException,
    Partner,
    Payment,
    PaymentIntent,
    PickList,
    PickupChoice,
    PriceSet,
    Promotion,
    Refund,
    RoutingFrontier,
    RoutingReplay,
    RoutingRun,
    RuleSet,
    Shipment,
    Tariff,
    TaxRate,
)
from orders.operations.authorize import start_payment
from orders.operations.claim import claim
from orders.operations.hand_basket import park_basket
from orders.operations.known_prices import Kept, digest_of
from orders.operations.lost_sale import record_lost_sale
from orders.operations.manifest import open_manifest
from orders.operations.pay_basket import start_basket_payment
from orders.operations.place_basket import place_basket
from orders.operations.release import release_due
from returns.models import ReturnOrder, ReturnUnit
from returns.operations.bring import bring
from returns.operations.look_at import keep_photo
from returns.operations.receive import Looked, receive
from returns.operations.regrade import regrade
from tests.factories import GroupFactory, LocationFactory, line, person, placed, stocked
from tests.factories.baskets import add, basket_of
from tests.factories.confidence import made_up_visits, model_in_force
from tests.factories.counts import counting
from tests.factories.feeds import feed_of, movements_sent, reconciled, sent
from tests.factories.floor import staged
from tests.factories.parcels import labelled
from tests.factories.partners import out, vendor, with_feed
from tests.factories.routing import costs_set, frontier_done, replay_done, rule_set, tariff_set
from tests.factories.rules import draft
from tests.factories.supply import announced, ordered, received
from tests.factories.transfers import transfer_asked

HANDLER = ClientHandler(enforce_csrf_checks=False)  # the middleware of hundreds of browsers, put together once
ROLES = ("associate", "lead", "manager", "district", "hq", "partner")
BY = Actor.system("house")


@dataclass
class Place:
    """One store and one of everything that an address can name."""

    location: Location
    variant: Any
    order: Any
    work: FulfillmentOrder
    pick_list: PickList
    staged_order: Any
    staged: FulfillmentOrder
    shipping: FulfillmentOrder
    parcel: Shipment
    manifest: Manifest
    choice: PickupChoice
    count: CycleCount
    counting: CountSession
    purchase_order: PurchaseOrder
    delivery: Delivery
    put_back: PutBack
    exception: OrderException
    hand_over_id: int
    refund: Refund
    payment: Payment
    intent: PaymentIntent
    held: StockHeld
    transfer: Any
    drift: Drift
    hold_id: Any
    returned: ReturnOrder
    held_unit: ReturnUnit
    device: Device
    associate: User
    basket: Basket
    sold: Basket
    lost_sale: LostSale
    consent: Consent
    difference: SnapshotRow
    adjustment: Adjustment
    visit: PickVisit
    partner: Partner
    vendor_work: FulfillmentOrder
    vendor_file: Snapshot


@dataclass
class World:
    """What the matrix walks through."""

    own: Place
    foreign: Place
    people: dict[str, User]
    endpoint: WebhookEndpoint
    delivery: EventDelivery
    sent: WebhookDelivery
    job: Job
    audit: AuditRun
    sessions: dict[tuple[str, int], str] = field(default_factory=dict)

    def client(self, role: str | None, at: Place) -> Client:
        """A browser; signed in with this role at that store, or nobody's."""
        client = browser()
        if role is not None:
            client.cookies = SimpleCookie(self._signed_in(role, at))
        return client

    def _signed_in(self, role: str, at: Place) -> str:
        """The cookies of a session that is made once and used again, for hundreds of addresses are tried."""
        if (role, at.location.pk) not in self.sessions:
            client = Client()
            client.force_login(self.people[role], "django.contrib.auth.backends.ModelBackend")
            session = client.session
            session["location_id"] = str(at.location.pk)
            session.save()
            self.sessions[role, at.location.pk] = client.cookies.output(attrs=[], header="", sep=";").strip()
        return self.sessions[role, at.location.pk]


def browser() -> Client:
    """One that has seen nothing yet."""
    client = Client()
    client.handler = HANDLER
    return client


def make_world() -> World:
    """Through the operations that everybody uses."""
    own, foreign = _place("own"), _place("foreign")
    Promotion.objects.create(code="MAY10", name="May", percent=10, starts_at=timezone.now())
    TaxRate.objects.create(name="MN", rate=Decimal("0.06875"))
    ApiKey.issue(name="somebody", scopes=["events:read"])
    draft(name="Keep two")
    RoutingRun.objects.create(started_at=timezone.now(), status="done", orders=3, moved=1)
    kept = Kept(*[np.zeros(0, np.int64)] * 5).to_bytes()
    PriceSet.objects.create(
        solved_at=timezone.now(), good_until=timezone.now() + timedelta(hours=8), seed=1, futures=6, past_orders=3,
        expected_orders=3, prices=kept, digest=digest_of(kept),
    )  # fmt: skip
    InboundMessage.objects.create(source="simulator", event_id="msg-1", body={"events": []})
    people = {role: person(role, at=own.location) for role in ("associate", "lead", "manager")}
    people |= {"district": person("district", at=own.location.group), "hq": person("hq")}
    people["partner"] = person("partner", at=own.partner.location)
    endpoint = WebhookEndpoint.objects.create(url="https://example.org/hook", topics=["*"])
    event = Event.objects.create(topic="t.x", aggregate_type="a", aggregate_id="1", position=10**9, sequence=1)
    lane = {"event": event, "lane": "l", "position": 10**9, "status": "dead", "finished_at": timezone.now()}
    return World(
        own, foreign, people, endpoint,
        delivery=EventDelivery.objects.create(subscriber="s", **lane),
        sent=WebhookDelivery.objects.create(endpoint=endpoint, **lane),
        job=Job.objects.create(kind="import"), audit=AuditRun.objects.create(),
    )  # fmt: skip


def chain_wide(world: World) -> dict[str, Any]:
    """The things that belong to no store."""
    return {
        "event": Event.objects.latest("pk"), "change": StateChange.objects.latest("pk"), "key": ApiKey.objects.first(),
        "endpoint": world.endpoint, "delivery": world.delivery, "sent": world.sent, "job": world.job,
        "audit": world.audit, "routing_run": RoutingRun.objects.get(),
        "price_set": PriceSet.objects.get(),
        "promotion": Promotion.objects.get(), "tax": TaxRate.objects.get(),
        "user": world.people["associate"],
        "inbound": InboundMessage.objects.first(),
        "feed": Feed.objects.first(), "movement_file": movements_sent(Feed.objects.first(), "nothing"),
        "snapshot": Snapshot.objects.first(), "rule": AvailabilityRule.objects.get(),
        "limit": AdjustmentLimit.objects.first(),
        "location_set": LocationSet.objects.get_or_create(code="kiosks", name="Kiosks")[0],
        "routing_frontier": RoutingFrontier.objects.first() or frontier_done(),
        "routing_replay": RoutingReplay.objects.first() or replay_done(),
        "rule_set": RuleSet.objects.first() or rule_set("World", filters=[{"kind": "open"}]),
        "costs": CostParameters.objects.first() or costs_set(),
        "tariff": Tariff.objects.first() or tariff_set("World/Ground", 70_000),
        "term": SupplyTerm.objects.get_or_create(category="Apparel")[0],
        "model": ConfidenceModel.objects.filter(is_active=True).first() or model_in_force(),
    }  # fmt: skip


def _place(name: str) -> Place:
    now = timezone.now()
    location = LocationFactory(name=f"The {name} store", code=f"{name}-1", group=GroupFactory(code=f"{name}-group"))
    picker = person("associate", at=location)
    variant = stocked(location, 20)
    order, staged_order = (placed(line(variant, 2, at=location)) for _ in range(2))
    release_due(now=timezone.now())
    in_staging = staged(staged_order.fulfillment_orders.get(), by=picker)
    work = order.fulfillment_orders.get()
    pick_list = claim(location=location, numbers=[work.number], by=Actor.of(picker), now=now)
    choice = PickupChoice.objects.create(
        order_line=order.lines.get(), location=location, quantity=1, offered_at=now, token=f"token-{name}"
    )
    close_locations(location_ids=[location.pk], starts_on=now.date().replace(year=2030),
                    ends_on=now.date().replace(year=2030), reason="refit", by=BY)  # fmt: skip
    purchase_order = ordered(location, {variant: 24}, number=f"PO-{name}")
    partner = with_feed(vendor(f"The {name} vendor"))
    vendor_work = out(partner)
    partner.alarms.create(kind="unconfirmed", fulfillment_order=vendor_work, since=now, raised_at=now)
    return Place(
        partner=partner, vendor_work=vendor_work, vendor_file=_vendor_file(partner),
        purchase_order=purchase_order,
        delivery=received(announced(location, {variant: 12}, order=purchase_order, number=f"ASN-{name}")),
        location=location, variant=variant, order=order, work=work, pick_list=pick_list, staged_order=staged_order,
        staged=in_staging, shipping=_shipping(location, picker), choice=choice, hand_over_id=_hand_over(in_staging),
        refund=_refund(order), payment=_payment(order), intent=_intent(order),
        parcel=_parcel(location, picker),
        manifest=open_manifest(location=location, carrier="SimPost", by=BY, now=now),
        count=CycleCount.objects.create(location=location, variant=variant, reason="looks odd", raised_at=now),
        counting=_counting(location, variant),
        put_back=PutBack.objects.create(
            location=location, variant=variant, quantity=1, cause="x", reason="x", created_at=now
        ),
        exception=OrderException.objects.create(order=order, kind="payment", detail="declined", raised_at=now),
        held=StockHeld.objects.create(location=location, variant=variant, bucket="display", quantity=0),
        drift=Drift.objects.create(
            number="on_hand", location=location, variant=variant, shown_quantity=2, summed_quantity=1, found_at=now
        ),
        transfer=transfer_asked(location, LocationFactory(), {variant: 1}, by=BY),
        hold_id=_hold(location, variant), returned=begun_return(location, variant),
        held_unit=_held_unit(location, variant),
        associate=person("associate", at=location), device=_device(location), consent=_consent(order),
        difference=_difference(location), adjustment=_adjustment(location, picker),
        visit=made_up_visits([(variant.pk, location.pk)], 1, until=now)[0],
        basket=_parked(location, picker), sold=_sold(location, picker), lost_sale=_lost_sale(location, picker),
    )  # fmt: skip


def _adjustment(location: Location, associate: User) -> Adjustment:
    """One unit that is on display."""
    return hold_apart(variant_id=stocked(location, 2).pk, location_id=location.pk, source="shelf", target="display",
                      quantity=1, by=Actor.of(associate), now=timezone.now())  # fmt: skip


def _vendor_file(partner: Partner) -> Snapshot:
    file = sent(partner.feed, (stocked(partner.location, 3), partner.location, 2))
    file.refresh_from_db()
    return file


def _difference(location: Location) -> SnapshotRow:
    """A shelf that a source says is empty; it waits for a person."""
    return reconciled(feed_of(location.code), (stocked(location, 9), location, 0)).rows.get()


def _lost_sale(location: Location, associate: User) -> LostSale:
    by, key = Actor.of(associate), f"lost-{location.code}"
    return record_lost_sale(location=location, key=key, wanted="a kite", by=by, now=timezone.now())


def _consent(order: Any) -> Consent:
    return record_consent(customer_id=order.customer_id, channel="email", purpose="service", is_given=True,
                          source="store", by=BY, now=timezone.now())  # fmt: skip


def _device(location: Location) -> Device:
    """A shared till, its code not typed yet."""
    device, _code = invite_device(
        name="Till 1", kind="till", scope=location.scope, user=person("lead", at=location), now=timezone.now()
    )
    return device


def _shipping(location: Location, picker: User) -> FulfillmentOrder:
    """Packed, waiting for the carrier."""
    order = placed(line(stocked(location, 3)))
    FulfillmentOrder.objects.filter(order=order).update(release_at=timezone.now())
    release_due(now=timezone.now())
    return staged(order.fulfillment_orders.get(), by=picker, shelf="S-2")


def _parcel(location: Location, picker: User) -> Shipment:
    """Labelled, and heard of."""
    parcel = labelled(location, by=picker)
    parcel.tracking_events.create(
        source="test", event_id=parcel.number, tracking_number=parcel.tracking_number, status="announced",
        occurred_at=timezone.now(), recorded_at=timezone.now(),
    )  # fmt: skip
    return parcel


def _counting(location, variant) -> CountSession:
    """A count in review, with an item that has to be looked at again."""
    session = counting(location, by=BY)
    CountLine.objects.create(session=session, variant=variant, location=location, state="moved", counted=1, expected=1,
                             first_at=session.started_at, last_at=session.started_at)  # fmt: skip
    return session


def _hand_over(work: FulfillmentOrder) -> int:
    now = timezone.now()
    handed = HandOver.objects.create(
        fulfillment_order=work, check_kind="code", lines={}, reservation_ids=[], handed_over_at=now, undo_until=now
    )
    return handed.pk


def begun_return(location: Location, variant: Any) -> ReturnOrder:
    """Begun at the desk, of something carried out a moment ago."""
    sold = placed(replace(line(variant, at=location), method="carry_out"), channel="pos")
    return bring(order_number=sold.number, reference=sold.lines.get().reference, location=location, by=BY,
                 now=timezone.now())  # fmt: skip


def _held_unit(location: Location, variant: Any) -> ReturnUnit:
    """Taken back with a photo, held, and looked at again."""
    now = timezone.now()
    found = begun_return(location, variant)
    unit = found.units.get()
    keep_photo(rma_number=found.rma_number, unit_id=unit.pk, by=BY, now=now,
               photo=ContentFile(b"\x89PNG\r\n\x1a\n", name="x.png"))  # fmt: skip
    receive(rma_number=found.rma_number, looked={unit.pk: Looked(grade="C")}, location=location, by=BY, now=now)
    regrade(unit_id=unit.pk, grade="B", disposition="open_box", by=BY, now=now)
    return ReturnUnit.objects.select_related("return_order").get(pk=unit.pk)


def _parked(location: Location, associate: User) -> Basket:
    basket = basket_of(associate, location)
    add(basket, stocked(location, 2))
    return park_basket(basket_id=basket.pk, by=Actor.of(associate), now=timezone.now())


def _sold(location: Location, associate: User) -> Basket:
    """Paid at the till and carried out."""
    basket = basket_of(associate, location)
    add(basket, stocked(location, 1))
    by, now = Actor.of(associate), timezone.now()
    start_basket_payment(basket_id=basket.pk, method="till_receipt", reference="T-1", by=by, now=now)
    place_basket(basket_id=basket.pk, by=by, now=now)
    return Basket.objects.get(pk=basket.pk)


def _refund(order: Any) -> Refund:
    """Given back as store credit."""
    now = timezone.now()
    credit = issue_credit(amount=Decimal(5), currency="USD", key=f"world:{order.pk}", reason="x", by=BY, now=now)
    return Refund.objects.create(order=order, credit=credit, act_key="x", key=f"world:{order.pk}", amount=5,
                                 requested_at=now, requested_by="x", refunded_at=now)  # fmt: skip


def _payment(order: Any) -> Payment:
    return Payment.objects.create(order=order, method="card", reference="psp_1", authorized_amount=50)


def _intent(order: Any) -> PaymentIntent:
    return start_payment(key=f"world:{order.pk}", owner_key="basket:1", method="till_receipt", amount=Decimal(5),
                         currency="USD", reference="7", by=BY, now=timezone.now())  # fmt: skip


def _hold(location: Location, variant: Any) -> Any:
    """A cart of the key called "own" or "foreign"."""
    row = {"sku": variant.sku, "quantity": 1, "location": location.code, "variant_id": variant.pk}
    owner = f"key:{location.code.partition('-')[0]}"
    hold = place_hold(
        lines=[row | {"location_id": location.pk}], channel="web", expires_in=600, owner=owner, now=timezone.now()
    )
    return hold.pk
