"""The order's page: where each unit is and what happened, for those whose business it is."""

from decimal import Decimal
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from omni.core import relay
from omni.core.actors import Actor
from orders.models import FulfillmentOrder, Message, PickupChoice
from orders.operations import route
from orders.operations.cancel import cancel
from orders.operations.hand_over import Collector, hand_over
from orders.operations.release import release_due
from orders.operations.request import PaymentRequest
from orders.operations.settle import finalize_hand_overs
from orders.pickup_code import pickup_code
from tests.factories import GroupFactory, LocationFactory, line, person, placed, stocked
from tests.factories.floor import staged

pytestmark = pytest.mark.django_db
# Session, person, grants, store; order, lines, their units, work, hand-overs, parcels; tenders, refunds, messages, open
# questions; events, reasons, moves; the tabs.
QUERIES = 18


@pytest.fixture
def mixed(store, ana):
    """Three shirts picked up here of which one was not found, and a mug that another store ships."""
    elm = LocationFactory(name="Elm Street", can_pick_up=True)
    shirt, mug = stocked(store, 3), stocked(elm, 1)
    order = placed(line(shirt, 3, at=store, reference="shirt"), line(mug, reference="mug"),
                   payments=[PaymentRequest("card", "psp_1", Decimal("99.00"))])  # fmt: skip
    release_due(now=timezone.now())
    staged(order.fulfillment_orders.get(location=store), by=ana.user, shelf="S-7", short=1)
    return order


def page_of(order):
    return reverse("orders:order", args=[order.number])


def titles(page):
    return [str(entry["title"]) for entry in page.context["timeline"]]


def parts(page):
    return [[f"{part.quantity} {part.words}" for part in each["parts"]] for each in page.context["lines"]]


def test_every_unit_is_said_once_with_where_it_is(ana, mixed):
    page = ana.get(page_of(mixed))
    assert parts(page) == [
        ["2 ready at Oak Street, shelf S-7", "1 the customer is asked"], ["1 promised by Elm Street"],
    ]  # fmt: skip
    cancel(number=mixed.number, lines=[("shirt", 1)], reason="enough", by=Actor.system("site"), now=timezone.now())
    work = mixed.fulfillment_orders.get(method="pickup")
    hand_over(number=work.number, collector=Collector("photo_id", name="Ada Byron"), by=Actor.of(ana.user),
              now=timezone.now(), units={work.lines.get().pk: 1})  # fmt: skip
    page = ana.get(page_of(mixed))
    assert parts(page)[0] == ["1 handed over at Oak Street", "1 ready at Oak Street, shelf S-7", "1 cancelled"]


def test_goods_and_money_have_words_of_their_own(ana, mixed):
    page = ana.get(page_of(mixed))
    assert (mixed.get_status_display(), page.context["paid"][0]) == ("Open", "Authorized, not taken")
    assert "$0.00 of $99.00 taken" in page.content.decode()


def test_the_story_is_one_list_in_words(ana, mixed):
    work = mixed.fulfillment_orders.get(method="pickup")
    handed = hand_over(number=work.number, collector=Collector("photo_id", name="Ada King"),
                       by=Actor.of(ana.user), now=timezone.now())  # fmt: skip
    finalize_hand_overs(now=handed.undo_until)
    page = ana.get(page_of(mixed))
    assert titles(page) == [
        "Hand-over is final", "Handed over at Oak Street", "Ready on shelf S-7 at Oak Street",
        "The customer is asked what to do", "Missing at Oak Street", "Picking began at Oak Street",
        "In the queue at Oak Street", "Order placed",
    ]  # fmt: skip
    text = page.content.decode()
    assert "Photo ID: Ada King" in text
    assert ana.user.shown_name in text


def test_messages_are_shown_without_the_code_and_the_link(ana, mixed, django_capture_on_commit_callbacks):
    while relay.run_once():
        pass
    page = ana.get(page_of(mixed)).content.decode()
    assert {message.kind for message in Message.objects.filter(order=mixed)} == {"ready", "choice"}
    assert "••••••••" in page
    assert "a•••@example.org" in page
    mixed.refresh_from_db()
    for secret in (pickup_code(mixed.code_seed), PickupChoice.objects.get().token, mixed.pickup_code_digest):
        assert secret not in page


def test_an_order_is_the_business_of_stores_with_work_of_it_their_district_and_hq(at, client, mixed, store):
    district = GroupFactory()
    store.group = district
    store.save()
    elm = mixed.fulfillment_orders.get(method="ship").location
    assert at("associate", location=elm).get(page_of(mixed)).status_code == 200
    assert at("associate", location=LocationFactory()).get(page_of(mixed)).status_code == 404
    for role, place, status in (("district", district, 200), ("district", GroupFactory(), 404), ("hq", None, 200)):
        client.force_login(person(role, at=place))
        assert client.get(page_of(mixed)).status_code == status, (role, place)


def test_a_store_that_had_work_of_it_still_sees_it(ana, at, mixed):
    cancel(number=mixed.number, reason="all of it", by=Actor.system("site"), now=timezone.now())
    assert ana.get(page_of(mixed)).status_code == 200


def test_strangers_and_unknown_numbers(client, ana):
    assert client.get("/orders/10000001/").url.startswith("/sign-in/")
    assert ana.get("/orders/99999999999999999999/").status_code == 404


def test_the_label_can_be_printed_again_where_the_order_lies(ana, mixed):
    work = mixed.fulfillment_orders.get(method="pickup")
    assert reverse("orders:pickup_label", args=[work.number]) in ana.get(page_of(mixed)).content.decode()


def test_units_are_cancelled_on_the_customer_s_word(ana, mixed):
    url = reverse("orders:cancel_lines", args=[mixed.number])
    shirt, mug = mixed.lines.order_by("position")
    answer = ana.post(url, {f"units-{shirt.pk}": 2, f"units-{mug.pk}": 0, "reason": "bought elsewhere"})
    assert answer.url == page_of(mixed)
    shirt.refresh_from_db()
    mug.refresh_from_db()
    assert (shirt.cancelled_quantity, mug.cancelled_quantity) == (2, 0)
    page = ana.get(page_of(mixed))
    assert "bought elsewhere" in page.content.decode()
    assert page.context["timeline"][0]["by"] == ana.user.shown_name


@pytest.mark.parametrize(
    ("units", "reason", "sentence"),
    [(0, "no", "Choose at least one unit to cancel."), (4, "no", "less than or equal to 3"),
     (1, "", "This field is required.")],
)  # fmt: skip
def test_a_cancellation_that_makes_no_sense_changes_nothing(ana, mixed, units, reason, sentence):
    shirt, mug = mixed.lines.order_by("position")
    page = ana.post(reverse("orders:cancel_lines", args=[mixed.number]),
                    {f"units-{shirt.pk}": units, f"units-{mug.pk}": 0, "reason": reason})  # fmt: skip
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not mixed.lines.filter(cancelled_quantity__gt=0).exists()


@pytest.mark.django_db(transaction=True)
def test_what_was_handed_over_meanwhile_is_not_cancelled(ana, released, monkeypatch):
    work = staged(released(1), by=ana.user)
    (order_line,) = work.order.lines.all()
    seen = ana.get(reverse("orders:cancel_lines", args=[work.order.number]))
    assert seen.status_code == 200

    def faster(**given):
        hand_over(number=work.number, collector=Collector("photo_id", name="Ada"), by=Actor.of(ana.user),
                  now=timezone.now())  # fmt: skip
        return cancel(**given)

    monkeypatch.setattr("orders.views.order.cancel", faster)
    page = ana.post(reverse("orders:cancel_lines", args=[work.order.number]),
                    {f"units-{order_line.pk}": 1, "reason": "changed my mind"})  # fmt: skip
    assert page.status_code == 409
    assert "Some of this was handed over, shipped or cancelled before." in page.content.decode()
    order_line.refresh_from_db()
    assert (order_line.cancelled_quantity, order_line.fulfilled_quantity) == (0, 1)


def test_other_stores_cannot_cancel(at, mixed):
    foreign = at("manager", location=LocationFactory())
    shirt = mixed.lines.order_by("position").first()
    answer = foreign.post(reverse("orders:cancel_lines", args=[mixed.number]),
                          {f"units-{shirt.pk}": 1, "reason": "no"})  # fmt: skip
    assert answer.status_code == 404
    assert not mixed.lines.filter(cancelled_quantity__gt=0).exists()


def test_the_desk_answers_an_open_choice_for_the_customer(ana, mixed):
    choice = PickupChoice.objects.get()
    url = reverse("orders:answer_choice", args=[mixed.number, choice.pk])
    page = ana.get(page_of(mixed)).content.decode()
    assert url in page
    assert choice.token not in ana.get(url).content.decode()
    assert ana.post(url, {"answer": "cancel"}).url == page_of(mixed)
    choice.refresh_from_db()
    assert (choice.answer, choice.answered_by) == ("cancel", ana.user.shown_name)


def test_other_stores_and_other_orders_cannot_answer(ana, at, mixed, released):
    choice = PickupChoice.objects.get()
    foreign = at("associate", location=LocationFactory())
    url = reverse("orders:answer_choice", args=[mixed.number, choice.pk])
    assert foreign.post(url, {"answer": "cancel"}).status_code == 404
    other = released().order
    assert (
        ana.post(reverse("orders:answer_choice", args=[other.number, choice.pk]), {"answer": "cancel"}).status_code
        == 404
    )
    choice.refresh_from_db()
    assert choice.answer == ""


def test_queries_do_not_grow_with_lines_work_and_story(ana, store):
    for count in (1, 6):
        order = placed(*[line(stocked(store, 2), 2, at=store) for _ in range(count)])
        release_due(now=timezone.now())
        staged(order.fulfillment_orders.get(), by=ana.user, short=1)
        with CaptureQueriesContext(connection) as asked:
            assert len(ana.get(page_of(order)).context["lines"]) == count
        assert len(asked) <= QUERIES, [query["sql"][:100] for query in asked]
    assert FulfillmentOrder.objects.count() == 2


@pytest.fixture
def sent_from_afar(store):
    """Two mugs: nearer Elm Street has one, Oak Street both."""
    LocationFactory._meta.model.objects.filter(pk=store.pk).update(latitude=45.6)
    mug = stocked(store, 3)
    stocked(LocationFactory(name="Elm Street", latitude=44.98), 1, variant=mug)
    return placed(line(mug, 2))


def test_the_sender_of_a_parcel_reads_why(ana, sent_from_afar):
    title = sent_from_afar.lines.get().title
    with CaptureQueriesContext(connection) as asked:
        page = ana.get(page_of(sent_from_afar))
    said = page.context["works"][0]["why"]
    assert said[:2] == [
        "Closest location that can send everything.", f"Elm Street is nearer, but lacks enough of {title}.",
    ]  # fmt: skip
    assert said[2].startswith("Shipping from here costs $")
    assert "Why us?" in page.content.decode()
    assert said[1] in page.content.decode()
    assert len(asked) <= QUERIES + 2


def test_whoever_sends_nothing_and_what_is_picked_up_has_no_why(at, ana, mixed):
    assert "Why us?" not in ana.get(page_of(mixed)).content.decode()
    elm = mixed.fulfillment_orders.get(method="ship").location
    assert "Why us?" in at("associate", location=elm).get(page_of(mixed)).content.decode()


def test_a_degraded_decision_is_told_honestly(ana, store):
    with patch.object(route, "decide", side_effect=ValueError("a tariff without zones")):
        order = placed(line(stocked(store, 3)))
    page = ana.get(page_of(order))
    assert "The routing engine could not decide at that moment" in page.content.decode()
    assert "a tariff without zones" not in page.content.decode()
