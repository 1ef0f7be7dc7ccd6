"""Labels: bought once whatever happens, refused in the carrier's words, given back when they are not used."""

from datetime import timedelta

import pytest
from django.utils import timezone

from omni.core.actors import Actor
from omni.core.checks import run_checks
from orders.carriers.port import CarrierAway, Rate
from orders.carriers.simulator import Simulator
from orders.models import Shipment, SimulatedLabel
from orders.operations.buy_label import GIVE_UP, ask_carrier, buy_label, resolve_leftovers, start_label
from orders.operations.fix_address import fix_address
from orders.operations.label_by_hand import label_by_hand
from orders.operations.parcel_addresses import parcel_of, recipient_of, sender_of
from orders.operations.quote import offers, quote
from orders.operations.unpack import unpack
from orders.operations.void_label import return_label, void_label
from tests.factories import LocationFactory, person
from tests.factories.parcels import packed
from tests.refusing import refused

pytestmark = pytest.mark.django_db
NOW = timezone.now
GROUND = "SimPost/Ground"


@pytest.fixture
def store():
    return LocationFactory(line1="1 Oak St", city="Minneapolis", region="MN", postal_code="55401")


@pytest.fixture
def by(store):
    return Actor.of(person("associate", at=store))


def now_is(parcel: Shipment) -> str:
    return Shipment.objects.get(pk=parcel.pk).status


def test_a_bought_label_is_on_its_parcel_with_tracking_and_paper(store, by):
    parcel = packed(store)
    label = buy_label(number=parcel.number, service=GROUND, by=by, now=NOW())
    parcel.refresh_from_db()
    assert (parcel.status, parcel.carrier, parcel.service) == ("labelled", "SimPost", "Ground")
    assert parcel.tracking_number == label.tracking_number
    assert bytes(label.document.pdf).startswith(b"%PDF")
    assert label.key == f"{parcel.number}-L1"


def test_a_second_label_for_the_same_parcel_is_refused(store, by):
    parcel = packed(store)
    buy_label(number=parcel.number, service=GROUND, by=by, now=NOW())
    with refused("has_label"):
        buy_label(number=parcel.number, service="SimPost/Priority", by=by, now=NOW())
    assert SimulatedLabel.objects.count() == 1


def test_a_refusal_is_kept_in_the_carriers_words_and_another_try_has_another_key(store, by):
    parcel = packed(store, address={"line1": "1 REFUSE St"})
    with pytest.raises(Exception, match="No such house number") as no:
        buy_label(number=parcel.number, service=GROUND, by=by, now=NOW())
    assert (no.value.code, no.value.extra["field"], now_is(parcel)) == ("carrier_refused", "line1", "packed")
    fix_address(number=parcel.order.number, address=parcel.order.shipping_address | {"line1": "1 Main St"},
                by=by, now=NOW())  # fmt: skip
    label = buy_label(number=parcel.number, service=GROUND, by=by, now=NOW())
    assert [each.status for each in parcel.labels.order_by("pk")] == ["refused", "bought"]
    assert label.key == f"{parcel.number}-L2"


def test_an_answer_that_never_came_is_looked_up_at_once(store, by):
    parcel = packed(store, address={"line2": "TIMEOUT"})
    label = buy_label(number=parcel.number, service=GROUND, by=by, now=NOW())
    assert (label.status, now_is(parcel), SimulatedLabel.objects.count()) == ("bought", "labelled", 1)


def test_a_killed_process_leaves_a_key_that_the_clock_resolves(store, by):
    """Killed after the carrier sold it, before we noted it."""
    parcel = packed(store, address={"line2": "TIMEOUT"})
    start_label(number=parcel.number, service=GROUND, by=by, now=NOW())
    key = parcel.labels.get().key
    with pytest.raises(Exception, match="No answer"):
        _sell(parcel, key)
    assert resolve_leftovers(now=NOW()) == 0, "the one who asked may still be waiting"
    assert resolve_leftovers(now=NOW() + timedelta(minutes=2)) == 1
    assert (parcel.labels.get().status, now_is(parcel), SimulatedLabel.objects.count()) == ("bought", "labelled", 1)


def _sell(parcel: Shipment, key: str):
    return Simulator().buy(sender_of(parcel), recipient_of(parcel), parcel_of(parcel), GROUND, key)


def test_during_an_outage_nothing_is_bought_and_the_same_key_is_asked_again(store, by, monkeypatch):
    parcel = packed(store)
    with monkeypatch.context() as away:
        away.setattr(Simulator, "buy", _away)
        with pytest.raises(Exception, match="nothing is bought twice") as no:
            buy_label(number=parcel.number, service=GROUND, by=by, now=NOW())
    assert (no.value.code, parcel.labels.get().status) == ("no_answer", "asked")
    with refused("has_label"):
        start_label(number=parcel.number, service="SimPost/Priority", by=by, now=NOW())
    ask_carrier(key=parcel.labels.get().key, by=by, now=NOW())
    assert (parcel.labels.get().status, SimulatedLabel.objects.count()) == ("bought", 1)


def _away(*_args):
    raise CarrierAway("away")


def test_a_key_the_carrier_does_not_know_is_given_up_and_a_late_purchase_is_given_back(store, by):
    parcel = packed(store)
    start_label(number=parcel.number, service=GROUND, by=by, now=NOW())
    first = parcel.labels.get()
    resolve_leftovers(now=NOW() + GIVE_UP)
    first.refresh_from_db()
    assert first.status == "failed"
    _sell(parcel, first.key)  # it was in a queue at the carrier all the time
    second = buy_label(number=parcel.number, service=GROUND, by=by, now=NOW())
    resolve_leftovers(now=NOW() + GIVE_UP)
    return_label(key=first.key, by=by, now=NOW())
    first.refresh_from_db()
    assert (first.status, second.status, now_is(parcel)) == ("voided", "bought", "labelled")
    assert list(SimulatedLabel.objects.filter(voided_at=None).values_list("key", flat=True)) == [second.key]


def test_a_voided_label_leaves_a_packed_parcel_and_the_carrier_takes_it_back(store, by):
    parcel = packed(store)
    label = buy_label(number=parcel.number, service=GROUND, by=by, now=NOW())
    void_label(number=parcel.number, reason="wrong service", by=by, now=NOW())
    return_label(key=label.key, by=by, now=NOW())
    label.refresh_from_db()
    assert (label.status, now_is(parcel)) == ("voided", "packed")
    assert SimulatedLabel.objects.get().voided_at
    assert buy_label(number=parcel.number, service=GROUND, by=by, now=NOW()).key == f"{parcel.number}-L2"


def test_unpacking_while_the_carrier_is_asked_gives_the_label_back_once_it_is_known(store, by):
    parcel = packed(store)
    start_label(number=parcel.number, service=GROUND, by=by, now=NOW())
    unpack(number=parcel.number, by=by, now=NOW())
    ask_carrier(key=parcel.labels.get().key, by=by, now=NOW())
    assert (parcel.labels.get().status, now_is(parcel)) == ("voiding", "unpacked")


def test_a_void_that_the_carrier_refuses_is_kept_with_its_words(store, by):
    parcel = packed(store)
    label = buy_label(number=parcel.number, service=GROUND, by=by, now=NOW())
    SimulatedLabel.objects.all().delete()
    void_label(number=parcel.number, by=by, now=NOW())
    return_label(key=label.key, by=by, now=NOW())
    label.refresh_from_db()
    assert (label.status, label.refusal) == ("kept", "We know no such label.")


def test_a_number_typed_by_hand_is_a_label_too(store, by):
    parcel = packed(store)
    label_by_hand(number=parcel.number, carrier="UPS", tracking_number="1Z 999", by=by, now=NOW())
    parcel.refresh_from_db()
    assert (parcel.status, parcel.carrier, parcel.tracking_number) == ("labelled", "UPS", "1Z999")
    void_label(number=parcel.number, by=by, now=NOW())
    assert parcel.labels.get().status == "voided"
    assert not [finding for finding in run_checks() if finding.count]


def test_the_cheapest_service_that_keeps_the_promise_is_chosen_beforehand(store, by):
    parcel = packed(store, address={"postal_code": "90001"}, deliver_by=NOW() + timedelta(days=4))
    found = quote(shipment=parcel)
    best = next(offer for offer in found if offer.is_best)
    assert (found[0].service, found[0].is_late) == (GROUND, True)
    assert not best.is_late
    assert all(offer.rate.amount >= best.rate.amount for offer in found if not offer.is_late)


def test_where_nothing_keeps_the_promise_the_fastest_is_chosen():

    slow, fast = (
        Rate("A", "slow", 5, "USD", NOW() + timedelta(days=5)),
        Rate("A", "fast", 9, "USD", NOW() + timedelta(2)),
    )
    assert [offer.is_best for offer in offers([fast, slow], NOW())] == [False, True]
    assert [offer.is_best for offer in offers([fast, slow], None)] == [True, False]


def test_a_parcel_that_nobody_weighed_gets_no_label(store, by):
    parcel = packed(store)
    Shipment.objects.filter(pk=parcel.pk).update(weight_g=None)
    with refused("weigh_first"):
        buy_label(number=parcel.number, service=GROUND, by=by, now=NOW())
