"""Corrections with reason codes and limits, and units that are set aside."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from inventory.models import Adjustment, AdjustmentLimit, ReasonCode, StockMovement
from inventory.operations.adjust import correct_shelf
from inventory.operations.hold_apart import hold_apart
from inventory.operations.undo_adjustment import undo_adjustment
from omni.core.actors import Actor
from omni.core.models import Event
from omni.core.operations.set_pin import choose_pin
from tests.factories import LocationFactory, VariantFactory, person, stocked
from tests.refusing import refused
from tests.shop import audit, held, level

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    return LocationFactory(name="Oak Street")


@pytest.fixture
def tee(store):
    return stocked(store, 20, variant=VariantFactory(unit_cost=10))


@pytest.fixture
def ana(store):
    return person("associate", at=store)


@pytest.fixture
def lee(store):
    lee = person("lead", at=store)
    choose_pin(user=lee, pin="482915", now=timezone.now())
    return lee


@pytest.fixture
def page(store, ana):
    client = Client()
    client.force_login(ana, "django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["location_id"] = str(store.pk)
    session.save()
    return client


def gone(tee, store, n, who, **more):
    return correct_shelf(variant_id=tee.pk, location_id=store.pk, quantity=-n, reason_code="stolen", by=Actor.of(who),
                         now=more.pop("now", timezone.now()), **more)  # fmt: skip


def aside(tee, store, source, target, n, who, **more):
    return hold_apart(variant_id=tee.pk, location_id=store.pk, source=source, target=target, quantity=n,
                      by=Actor.of(who), now=timezone.now(), **more)  # fmt: skip


def test_units_change_their_place_and_none_is_lost(store, tee, ana):
    aside(tee, store, "shelf", "display", 3, ana)
    aside(tee, store, "display", "damaged", 2, ana)
    aside(tee, store, "damaged", "shelf", 1, ana)
    assert (level(tee, store)[0], held(tee, store)) == (18, {"display": 1, "damaged": 1})
    aside(tee, store, "damaged", "away", 1, ana, reason_code="beyond-repair")
    assert (level(tee, store)[0], held(tee, store)) == (18, {"display": 1})
    assert audit() == {}


def test_more_than_there_is_refused_and_nothing_moves(store, tee, ana):
    with refused("more_than_there"):
        aside(tee, store, "display", "shelf", 1, ana)
    with refused("more_than_there"):
        aside(tee, store, "shelf", "display", 21, ana)
    with refused("unknown_reason"):
        aside(tee, store, "shelf", "display", 1, ana, reason_code="no-such")
    with refused("unknown_place"):
        aside(tee, store, "put_back", "shelf", 1, ana)
    with refused("unknown_place"):
        aside(tee, store, "shelf", "away", 1, ana)
    assert not Adjustment.objects.exists()
    assert level(tee, store)[0] == 20


def test_a_limit_is_of_the_day_and_of_the_reason(store, tee, ana):
    gone(tee, store, 3, ana)
    with refused("above_limit"):
        gone(tee, store, 3, ana)
    gone(tee, store, 2, ana)
    with refused("above_limit"):
        gone(tee, store, 1, ana)
    correct_shelf(variant_id=tee.pk, location_id=store.pk, quantity=1, reason_code="found", by=Actor.of(ana),
                  now=timezone.now())  # fmt: skip
    assert level(tee, store)[0] == 16
    gone(tee, store, 5, ana, now=timezone.now() + timedelta(days=1))
    assert level(tee, store)[0] == 11


def test_value_counts_too_and_a_reason_may_have_its_own_limit(store, tee, ana):
    AdjustmentLimit.objects.create(
        role="associate", reason=ReasonCode.objects.get(code="stolen"), most_units=20, most_value=25
    )
    gone(tee, store, 2, ana)
    with refused("above_limit"):
        gone(tee, store, 1, ana)
    assert (level(tee, store)[0], Adjustment.objects.count()) == (18, 1), "what is refused leaves nothing behind"


def test_who_approves_answers_for_it_up_to_their_own_limit(store, tee, ana, lee):
    AdjustmentLimit.objects.filter(role="lead").update(most_units=12)
    made = gone(tee, store, 10, ana, approved_by=Actor.of(lee))
    assert (made.answered_by, made.maker, made.approved_by) == (lee, ana, lee.shown_name)
    with refused("above_their_limit"):
        gone(tee, store, 3, ana, approved_by=Actor.of(lee))
    gone(tee, store, 5, ana)
    boss = person("manager", at=store)
    gone(tee, store, 5, ana, approved_by=Actor.of(boss))
    assert level(tee, store)[0] == 0


def test_taken_back_within_minutes_by_its_maker(store, tee, ana):
    made = gone(tee, store, 4, ana)
    other = Actor.of(person("associate", at=store))
    with refused("not_yours"):
        undo_adjustment(adjustment_id=made.pk, by=other, now=timezone.now())
    with refused("too_late"):
        undo_adjustment(adjustment_id=made.pk, by=Actor.of(ana), now=made.made_at + timedelta(minutes=16))
    undo_adjustment(adjustment_id=made.pk, by=Actor.of(ana), now=timezone.now())
    with refused("already_undone"):
        undo_adjustment(adjustment_id=made.pk, by=Actor.of(ana), now=timezone.now())
    assert level(tee, store)[0] == 20
    gone(tee, store, 5, ana)  # what was taken back counts against no limit
    assert list(StockMovement.objects.filter(cause__startswith=made.cause).values_list("quantity", flat=True)) == [
        -4,
        4,
    ]
    assert audit() == {}
    assert Event.objects.filter(topic="inventory.adjustment_undone").count() == 1


def test_what_went_on_meanwhile_is_not_taken_back(store, tee, ana):
    made = aside(tee, store, "shelf", "display", 2, ana)
    aside(tee, store, "display", "shelf", 1, ana)
    with refused("more_than_there"):
        undo_adjustment(adjustment_id=made.pk, by=Actor.of(ana), now=timezone.now())
    assert held(tee, store) == {"display": 1}


def test_pressed_twice_it_is_booked_once(store, tee, ana):
    first = gone(tee, store, 5, ana, key="one")
    assert gone(tee, store, 5, ana, key="one") == first
    assert level(tee, store)[0] == 15


def test_an_associate_scans_and_says_what_happened(page, store, tee):
    to = page.post("/adjustments/", {"code": tee.sku})
    assert to.status_code == 302
    assert "Oak Street" in page.get(to.url).content.decode()
    missing = page.post(to.url, {"what": "aside", "quantity": 2})
    assert missing.status_code == 422
    assert "Choose where the units are set aside." in missing.content.decode()
    done = page.post(to.url, {"what": "aside", "quantity": 2, "bucket": "damaged"}, follow=True)
    assert "2 units: Shelf → Damaged" in done.content.decode()
    page.post(to.url, {"what": "off", "quantity": 1, "bucket": "damaged", "reason": "beyond-repair"})
    page.post(f"/adjustments/{Adjustment.objects.latest('pk').pk}/undo/")
    assert (level(tee, store)[0], held(tee, store)) == (18, {"damaged": 2})


def test_above_the_limit_a_lead_types_their_pin(page, store, tee, lee):
    path, said = f"/adjustments/items/{tee.sku}/", {"what": "fewer", "quantity": 8, "reason": "stolen"}
    asked = page.post(path, said)
    assert asked.status_code == 409
    assert "second-approver" in asked.content.decode()
    assert level(tee, store)[0] == 20
    wrong = page.post(path, said | {"second-approver": lee.username, "second-pin": "111111"})
    assert wrong.status_code == 422
    page.post(path, said | {"second-approver": lee.username, "second-pin": "482915"})
    assert level(tee, store)[0] == 12
    assert lee.shown_name in page.get("/adjustments/").content.decode()
