"""A substitute is offered where the item is missing, and answered on the customer's phone."""

from decimal import Decimal

import pytest
from django.test import Client

from inventory.first_reasons import make_first_reasons
from omni.core.checks import run_checks
from orders.models import PickupChoice
from tests.factories import BarcodeFactory, ProductFactory, stocked

pytestmark = pytest.mark.django_db
refusing = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mugs(store):
    """Moss is wanted, navy lies here too and costs less."""
    make_first_reasons(sender=None)
    product = ProductFactory(title="Alder mug", category="Kitchen > Mugs")
    make = lambda color, price: stocked(  # noqa: E731
        store, 4, variant=BarcodeFactory(variant__product=product, variant__options={"color": color},
                                         variant__price=Decimal(price)).variant
    )  # fmt: skip
    return make("Moss", "12.00"), make("Navy", "10.00")


@pytest.fixture
def url(released, claimed, ana, mugs):
    work = released(2, variant=mugs[0])
    return f"/pick/{claimed(work, by=ana.user).number}/short/{work.lines.get().pk}/"


def test_the_picker_sees_what_could_be_taken_instead(ana, url, mugs):
    text = ana.get(url).content.decode()
    assert "Offer the customer something else instead" in text
    assert mugs[1].sku in text and "$10.00" in text


def test_offered_taken_and_answered_in_words(ana, url, mugs):
    ana.post(url, {"reason": "not-found", "quantity": 2, "substitute": mugs[1].sku})
    choice = PickupChoice.objects.get()
    assert choice.substitute == mugs[1]
    page = f"/choice/{choice.token}/"
    text = Client().get(page).content.decode()
    assert "Take this at Oak Street instead" in text
    assert "$20.00, $4.00 less than before" in text
    answer = Client().post(page, {"answer": "substitute"}, follow=True)
    text = answer.content.decode()
    assert "You take this instead" in text and "Alder mug, Navy" in text
    order = choice.order_line.order
    story = ana.get(f"/orders/{order.number}/").content.decode()
    assert "Alder mug, Navy instead of Alder mug, Moss" in story
    assert {finding.check for finding in run_checks() if finding.count} == set()


def test_a_scanned_one_counts_before_the_suggestions(ana, url, mugs, store):
    other = stocked(store, 4)
    ana.post(url, {"reason": "not-found", "quantity": 2, "substitute": mugs[1].sku, "substitute_code": other.sku})
    assert PickupChoice.objects.get().substitute == other


@refusing
def test_what_cannot_be_offered_is_said_beside_the_field(ana, url, mugs):
    answer = ana.post(url, {"reason": "not-found", "quantity": 2, "substitute_code": "NO-SUCH"})
    assert answer.status_code == 422
    assert "No item has the code NO-SUCH" in answer.content.decode()
    assert not PickupChoice.objects.exists()


def test_a_parcel_is_offered_nothing(ana, released, claimed, mugs):
    work = released(1, variant=mugs[0], ship=True)
    text = ana.get(f"/pick/{claimed(work, by=ana.user).number}/short/{work.lines.get().pk}/").content.decode()
    assert "Offer the customer something else" not in text


def test_on_a_choice_without_an_offer_the_answer_is_refused_in_words(ana, url, mugs):
    ana.post(url, {"reason": "not-found", "quantity": 2})
    page = f"/choice/{PickupChoice.objects.get().token}/"
    assert "instead" not in Client().get(page).content.decode()
