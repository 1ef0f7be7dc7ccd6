"""The customer's choice: behind their link only, once, and honest about what stores still have."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inventory.models import StockLevel
from omni.core.actors import Actor
from omni.core.checks import run_checks
from orders.models import PickupChoice
from orders.operations.cancel import cancel
from tests.factories import LocationFactory, stocked
from tests.factories.floor import staged

pytestmark = pytest.mark.django_db
ADDRESS = {"name": "Ada Byron", "line1": "2 Side St", "city": "Edina", "region": "MN", "postal_code": "55435"}


@pytest.fixture
def elm(db):
    return LocationFactory(name="Elm Street", code="ELM", line1="80 Elm Street", city="St. Paul", region="MN")


@pytest.fixture
def choice(released, ana, elm):
    """Oak Street found none of Ada's lamp; Elm Street has two."""
    work = released(1)
    stocked(elm, 2, variant=work.variant)
    staged(work, by=ana.user, short=1)
    return PickupChoice.objects.get()


@pytest.fixture
def customer():
    return Client()


def url(choice):
    return reverse("orders:choice", args=[choice.token])


def violations():
    return {finding.check: finding.first for finding in run_checks() if finding.count}


def test_the_page_says_what_happened_and_what_there_is(customer, choice):
    page = customer.get(url(choice))
    text = page.content.decode()
    assert page.status_code == 200
    for words in ("Oak Street does not have this item", choice.order_line.title, "Elm Street", "80 Elm Street",
                  "miles from Oak Street", "Ready by", "Ship it", "Cancel it", 'value="1 Main St"'):  # fmt: skip
        assert words in text
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page["Cache-Control"]


def test_a_link_nobody_was_given_leads_nowhere(customer, choice):
    assert customer.get(reverse("orders:choice", args=["x" * 32])).status_code == 404
    assert customer.get(reverse("orders:choice", args=[str(choice.pk)])).status_code == 404


def test_another_store_is_chosen_once_and_promised_there(customer, choice, elm):
    assert customer.post(url(choice), {"answer": "store:ELM"}).url == url(choice)
    choice.refresh_from_db()
    assert (choice.answer, choice.answered_by) == ("other_store", "customer")
    work = choice.order_line.order.fulfillment_orders.get(location=elm)
    assert (work.method, work.lines.get().quantity) == ("pickup", 1)
    text = customer.get(url(choice)).content.decode()
    assert "Pick it up at Elm Street" in text
    assert "It will be ready by" in text
    again = customer.post(url(choice), {"answer": "cancel"})
    assert (again.status_code, "Pick it up at Elm Street" in again.content.decode()) == (409, True)
    assert violations() == {}


def test_shipping_goes_to_the_address_typed(customer, choice, elm):
    customer.post(url(choice), {"answer": "ship"} | ADDRESS)
    choice.refresh_from_db()
    order = choice.order_line.order
    assert choice.answer == "ship"
    assert order.shipping_address == ADDRESS | {"line2": "", "country": "US"}
    assert order.fulfillment_orders.get(method="ship").location == elm
    text = customer.get(url(choice)).content.decode()
    assert "It will be shipped" in text
    assert "2 Side St" in text
    assert violations() == {}


def test_shipping_without_an_address_says_what_is_missing_and_keeps_the_rest(customer, choice):
    page = customer.post(url(choice), {"answer": "ship"} | ADDRESS | {"line1": "", "city": "Duluth"})
    text = page.content.decode()
    assert page.status_code == 422
    assert "Say to which street and number." in text
    assert 'value="Duluth"' in text
    choice.refresh_from_db()
    assert choice.answer == ""


def test_cancelling_closes_these_units_only(customer, choice):
    customer.post(url(choice), {"answer": "cancel"})
    line = choice.order_line
    line.refresh_from_db()
    assert line.cancelled_quantity == 1
    assert "Nothing is charged for it." in customer.get(url(choice)).content.decode()
    assert violations() == {}


def test_no_answer_and_an_unknown_one_are_asked_again(customer, choice):
    for answer in ("", "nonsense", "other_store", "store:"):
        page = customer.post(url(choice), {"answer": answer})
        assert page.status_code == 422, answer
    choice.refresh_from_db()
    assert choice.answer == ""


@pytest.mark.django_db(transaction=True)
def test_a_store_that_sold_out_meanwhile_gives_a_sentence_and_fresh_offers(customer, choice, elm):
    third = LocationFactory(name="Harbor Mall", code="HRB")
    stocked(third, 1, variant=choice.order_line.variant)
    StockLevel.objects.filter(location=elm).update(safety_stock=2)
    page = customer.post(url(choice), {"answer": "store:ELM"})
    text = page.content.decode()
    assert page.status_code == 409
    assert "Elm Street no longer has enough. Choose another store." in text
    assert [offer.place.code for offer in page.context["offers"]] == ["HRB"]
    choice.refresh_from_db()
    assert choice.answer == ""


@pytest.mark.django_db(transaction=True)
def test_a_store_of_which_nobody_spoke_is_no_choice(customer, choice):
    page = customer.post(url(choice), {"answer": "store:NOWHERE"})
    assert (page.status_code, "Choose one of the stores." in page.content.decode()) == (422, True)


def test_when_nobody_has_it_shipping_and_cancelling_stay(customer, choice, elm):
    StockLevel.objects.filter(location=elm).update(safety_stock=2)
    text = customer.get(url(choice)).content.decode()
    assert "No other store near has it" in text
    assert "Ship it" in text
    customer.post(url(choice), {"answer": "ship"} | ADDRESS)
    assert "as soon as it is in stock again" in customer.get(url(choice)).content.decode()


def test_an_order_cancelled_meanwhile_is_decided(customer, choice):
    cancel(number=choice.order_line.order.number, reason="all", by=Actor.system("site"), now=timezone.now())
    assert "was cancelled" in customer.get(url(choice)).content.decode()


def test_the_page_works_for_staff_and_strangers_alike_without_the_store_s_frame(ana, choice):
    text = ana.get(url(choice)).content.decode()
    assert "/pickup/" not in text
    assert ana.user.shown_name not in text
