"""Whoever asked to be forgotten is named in no row of any table, once what they ordered is done."""

from dataclasses import replace

import pytest
from django.db import connection
from django.utils import timezone

from customers.models import Customer
from customers.operations.erase import erase_customer
from customers.operations.merge import merge_customers
from omni.core.actors import Actor
from omni.core.models import Event
from orders.models import Basket, Message, OrderException
from orders.operations.arrive import Car, arrive
from orders.operations.buy_label import buy_label
from orders.operations.forget_customer import forget_baskets, forget_erased
from orders.operations.hand_basket import drop_basket, park_basket
from orders.operations.hand_over import Collector, hand_over
from orders.operations.leave import hand_parcel_over
from orders.operations.name_collector import name_collector
from orders.operations.pack import Box, pack
from orders.operations.pay_basket import start_basket_payment
from orders.operations.place_basket import place_basket
from orders.operations.release import release_due
from orders.operations.request import Contact
from orders.operations.set_contact import set_contact
from orders.operations.settle import finalize_hand_overs
from orders.operations.tell_customer import tell_customer
from orders.operations.text_customer import text_customer
from returns.models import ReturnLabel, ReturnOrder
from returns.operations.bring import bring
from returns.operations.forget_customer import forget_returns
from returns.operations.give_up import cancel_return
from tests.factories import line, person, placed
from tests.factories.baskets import add, basket_of
from tests.factories.floor import staged
from tests.factories.parcels import carton
from tests.shop import audit

pytestmark = pytest.mark.django_db
WHO = Contact(name="Zenobia Quark", email="zenobia@quark.example", phone="+16125559871")
HOME = {"name": "Zenobia Quark", "line1": "77 Hidden Hollow", "line2": "", "city": "Minneapolis", "region": "MN",
        "postal_code": "55401", "country": "US"}  # fmt: skip
# Everything that could lead to her, and to who came for her and in what.
TRACES = ("zenobia", "quark", "6125559871", "612-555-9871", "hidden hollow", "mortimer", "vane", "chartreuse", "yugo")


def traces() -> list[str]:
    """Each table whose rows still hold one of them, whatever the column: a row is searched as its whole text."""
    names = [table for table in connection.introspection.table_names() if not table.startswith("django_migrations")]
    found = []
    with connection.cursor() as cursor:
        for table in names:
            cursor.execute(f'SELECT t::text FROM "{table}" t WHERE t::text ILIKE ANY(%s) LIMIT 1',
                           [[f"%{trace}%" for trace in TRACES]])  # fmt: skip
            found += [f"{table}: {row[0][:300]}" for row in cursor.fetchall()]
    return found


@pytest.fixture
def bought(desk, shirt):
    """Collected by somebody else from the curb, shipped, sold at the counter, given up, merged, told, returned."""
    now, by = timezone.now(), desk.by
    carton()
    shirt.weight_g, shirt.length_mm, shirt.width_mm, shirt.height_mm = 400, 250, 200, 40
    shirt.save()
    how = {"contact": WHO, "metadata": {"gift_to": "Zenobia"}}
    pickup = placed(line(shirt, at=desk.store), collector_name="Mortimer Vane", **how)
    parcel = placed(replace(line(shirt), gift_message="Dear Zenobia"), shipping_address=HOME, **how)
    for order in (pickup, parcel):
        order.fulfillment_orders.update(release_at=now)
    release_due(now=now)
    _collected(pickup, desk, now)
    _shipped(parcel, desk, now)
    for event in Event.objects.filter(topic__in=["orders.staged", "orders.shipped", "orders.arrived"]):
        if event.topic != "orders.arrived":
            tell_customer(event=event, now=now)
        if event.topic != "orders.shipped":
            text_customer(event=event, now=now)
    Message.objects.filter(order=parcel).update(problem="550 no such box zenobia@quark.example")
    OrderException.objects.create(order=parcel, kind="waiting", detail="Call Zenobia", raised_at=now, resolved_at=now)
    _sold(desk, shirt, now)
    _parked(desk, shirt, now)
    twin = Customer.objects.create(name="Z. Quark", phone="+16125559872")
    kept = pickup.customer
    kept.name = ""
    kept.save(update_fields=["name"])
    merge_customers(kept_id=kept.pk, gone_id=twin.pk, reason="Zenobia said so", by=by, now=now)
    back = bring(
        order_number=pickup.number, reference=pickup.lines.get().reference, location=desk.store, by=by, now=now
    )
    ReturnOrder.objects.filter(pk=back.pk).update(note="Zenobia was upset", id_note="Quark's license", id_digest="a1")
    ReturnLabel.objects.create(return_order=back, key="r-1", status="bought", pdf=b"x", zpl="^FDZenobia Quark^FS",
                               asked_at=now)  # fmt: skip
    return kept, back


def _collected(order, desk, now):
    work = staged(order.fulfillment_orders.get(), by=desk.associate)
    name_collector(number=order.number, name="Mortimer Q. Vane", by=desk.by, now=now)
    arrive(number=work.number, car=Car(bay="4", car="Yugo", color="chartreuse"), by=desk.by, now=timezone.now())
    hand_over(number=work.number, collector=Collector("photo_id", name="Mortimer Vane", note="knows Zenobia"),
              by=desk.by, now=timezone.now())  # fmt: skip
    finalize_hand_overs(now=now + timezone.timedelta(hours=1))


def _shipped(order, desk, now):
    work = staged(order.fulfillment_orders.get(), by=desk.associate)
    shipment = pack(number=work.number, box=Box(carton="M"), by=desk.by, now=now)
    buy_label(number=shipment.number, service="SimPost/Ground", by=desk.by, now=now)
    hand_parcel_over(number=shipment.number, by=desk.by, now=now)


def _sold(desk, shirt, now):
    basket = _basket(desk.associate, desk, shirt, now)
    at = {"basket_id": basket.pk, "by": desk.by, "now": now}
    start_basket_payment(method="till_receipt", reference="T-1", **at)
    place_basket(**at)


def _parked(desk, shirt, now):
    """One that was given up, and one that waits for nobody."""
    for finish in (drop_basket, park_basket):
        somebody = person("associate", at=desk.store)
        basket = _basket(somebody, desk, shirt, now)
        more = {"note": "Zenobia, chartreuse coat"} if finish is park_basket else {}
        finish(basket_id=basket.pk, by=Actor.of(somebody), now=now, **more)


def _basket(user, desk, shirt, now):
    basket = basket_of(user, desk.store)
    add(basket, shirt)
    set_contact(basket_id=basket.pk, name=WHO.name, email=WHO.email, phone=WHO.phone, address=HOME, customer_id=None,
                by=Actor.of(user), now=now)  # fmt: skip
    return Basket.objects.get(pk=basket.pk)


def test_no_row_of_any_table_names_them(desk, bought):
    customer, back = bought
    assert len({found.partition(":")[0] for found in traces()}) > 8, "the search finds what is there"
    now = timezone.now()
    erase_customer(customer_id=customer.pk, by=desk.by, now=now)
    cancel_return(rma_number=back.rma_number, reason="not wanted", by=desk.by, now=now)
    while forget_erased(now=now):
        pass
    forget_returns(now=now)
    forget_baskets(now=now + timezone.timedelta(days=8))
    assert traces() == []
    assert audit() == {}


def test_what_is_forgotten_once_is_left_alone(desk, bought):
    customer, _back = bought
    now = timezone.now()
    erase_customer(customer_id=customer.pk, by=desk.by, now=now)
    later = now + timezone.timedelta(days=8)
    first = (forget_erased(now=now), forget_baskets(now=later))
    assert first == (3, 2)
    assert (forget_erased(now=now), forget_baskets(now=later), forget_returns(now=now)) == (0, 0, 0)
