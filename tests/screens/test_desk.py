"""The pickup desk: whatever the customer shows or says leads to their order, and nothing leads to a foreign one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from omni.core.actors import Actor
from orders.models import FulfillmentOrder
from orders.operations.hold_order import hold_order
from orders.operations.request import Contact
from orders.pickup_code import pickup_code
from tests.factories import LocationFactory, line, person, placed, stocked
from tests.factories.floor import staged

pytestmark = pytest.mark.django_db
DESK = "/pickup/"
QUERIES = 8  # session, person, grants, store, who waits outside, the list, hand-overs to undo, the tabs


@pytest.fixture
def ready(released, ana):
    """An order of Ada Byron's that lies on shelf S-1."""

    def make(name="Ada Byron", quantity=1, **more):
        more.setdefault("contact", Contact(name=name, email="ada@example.org", phone="+16125550100"))
        return staged(released(quantity, **more), by=ana.user)

    return make


def find(browser, text):
    return browser.post(DESK, {"code": text})


def spelled(code):
    """A code as it is read out: in two parts, with an O for the zero."""
    return f" {code[:4]}-{code[4:]} ".lower().replace("0", "o")


def goes_to(answer, work):
    return answer.status_code == 302 and answer.url == reverse("orders:hand_over", args=[work.number])


@pytest.mark.parametrize(
    "shown",
    [
        lambda work: pickup_code(work.order.code_seed),
        lambda work: spelled(pickup_code(work.order.code_seed)),
        lambda work: str(work.order.number),
        lambda work: f"#{work.order.number}",
        lambda work: work.number,
        lambda work: work.order.channel_reference.lower(),
        lambda work: "(612) 555-0100",
        lambda work: "+1 612 555 0100",
        lambda work: "ada byron",
        lambda work: "Byrom",
        lambda work: "Ada Bayron",
    ],
    ids=[
        "code",
        "spelled",
        "order",
        "#order",
        "label",
        "web reference",
        "phone",
        "+phone",
        "name",
        "typo",
        "heard",
    ],
)
def test_each_key_goes_straight_to_the_order(ana, ready, shown):
    work = ready()
    ready("Grace Hopper", contact=Contact(name="Grace Hopper", email="", phone="+16125550199"))
    assert goes_to(find(ana, shown(work)), work)


def test_the_collector_is_found_by_their_own_name(ana, ready):
    work = ready(collector_name="Bob Miller")
    assert goes_to(find(ana, "bob miller"), work)


def test_two_of_one_name_are_shown_to_choose_from(ana, ready):
    first, second = ready("Ada Byron"), ready("Ada Byrne")
    page = find(ana, "ada byr")
    assert page.status_code == 200
    assert {each["work"] for each in page.context["found"]} == {first, second}
    assert "2 orders fit" in page.content.decode()


def test_a_name_that_is_only_somewhat_alike_is_asked_about_first(ana, ready):
    work = ready()
    page = find(ana, "Biron")
    assert page.status_code == 200
    assert [each["work"] for each in page.context["found"]] == [work]


def test_nothing_found_says_what_to_try(ana, ready):
    ready()
    page = find(ana, "Zuckmayer")
    assert page.status_code == 422
    assert "Try the order number, the name on the order or the phone number" in page.content.decode()


def test_an_empty_search_says_so(ana):
    page = find(ana, "  ")
    assert (page.status_code, "Scan or type something first" in page.content.decode()) == (422, True)


def test_work_that_is_not_picked_yet_says_when_it_is_due(ana, released):
    work = released()
    page = find(ana, str(work.order.number)).content.decode()
    assert "Not picked yet, due" in page
    assert reverse("orders:hand_over", args=[work.number]) not in page


def test_work_being_picked_says_by_whom(ana, at, released, claimed):
    work = released()
    ben = at("associate").user
    claimed(work, by=ben)
    assert f"Being picked by {ben.shown_name}" in find(ana, work.number).content.decode()


def test_an_order_on_hold_says_whom_to_call(ana, ready):
    work = ready()
    hold_order(number=work.order.number, kind="payment", note="", by=Actor.system("test"), now=timezone.now())
    page = find(ana, str(work.order.number)).content.decode()
    assert "On hold (Payment)" in page


def test_an_order_of_another_store_says_which_but_nothing_about_its_customer(ana, released):
    elm = LocationFactory(name="Elm Street", city="St. Paul", region="MN")
    work = staged(released(location=elm), by=person("associate", at=elm))
    for text in (str(work.order.number), work.number, pickup_code(work.order.code_seed)):
        page = find(ana, text).content.decode()
        assert "another store: Elm Street, St. Paul, MN" in page
        assert "Ada Byron" not in page
    assert "No pickup order here fits" in find(ana, "Ada Byron").content.decode()


def test_a_shipped_order_and_a_waiting_one_say_so(ana, released, store):
    shipped = released(ship=True)
    assert "is shipped to the customer" in find(ana, str(shipped.order.number)).content.decode()
    waiting = placed(line(stocked(store, 0), at=store), on_shortage="accept")
    assert "waits for stock" in find(ana, str(waiting.number)).content.decode()


def test_a_code_scanned_here_has_checked_the_collector_of_that_order_only(ana, ready):
    work, other = ready(), ready("Grace Hopper")
    answer = find(ana, pickup_code(work.order.code_seed))
    assert pickup_code(work.order.code_seed) not in answer.url
    assert "The code is right." in ana.get(answer.url).content.decode()
    assert "The code is right." not in ana.get(reverse("orders:hand_over", args=[other.number])).content.decode()
    assert "The code is right." in ana.get(answer.url).content.decode(), "looking at another order forgets nothing"


def test_ready_orders_are_listed_the_longest_waiting_first(ana, ready):
    late, early = ready("Ada Byron"), ready("Grace Hopper")
    FulfillmentOrder.objects.filter(pk=early.pk).update(staged_at=timezone.now() - timedelta(hours=2))
    page = ana.get(DESK)
    assert [work.pk for work in page.context["works"]] == [early.pk, late.pk]
    assert "waiting 2 h 00" in page.content.decode()


def test_an_empty_desk_says_what_will_appear(ana):
    assert "Nobody is waited for" in ana.get(DESK).content.decode()


def test_a_poll_is_answered_304_until_something_changes(at, ready):
    ready()
    phone = at("associate", htmx=True)
    first = phone.get(DESK)
    assert "<h1>" not in first.content.decode()
    again = phone.get(DESK, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again["ETag"]) == (304, first["ETag"])
    ready("Grace Hopper")
    changed = phone.get(DESK, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, "Grace Hopper" in changed.content.decode()) == (200, True)


def test_the_page_knows_the_etag_that_its_poll_will_send(ana, at, ready):
    ready()
    etag = ana.get(DESK).context["etag"]
    assert at("associate", htmx=True).get(DESK, headers={"If-None-Match": etag}).status_code == 304


def test_htmx_is_sent_to_the_order_or_gets_the_answer_alone(at, ready):
    work, phone = ready(), at("associate", htmx=True)
    assert find(phone, work.number)["HX-Redirect"] == reverse("orders:hand_over", args=[work.number])
    nothing = find(phone, "Zuckmayer")
    assert (nothing.status_code, "<h1>" in nothing.content.decode()) == (422, False)


def test_queries_do_not_grow_with_the_list(ana, ready):
    for n, more in ((1, 1), (5, 4)):
        for _ in range(more):
            ready()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert len(ana.get(DESK).context["works"]) == n
        assert len(asked) <= QUERIES, [query["sql"][:100] for query in asked]


def test_the_desk_belongs_to_people_who_work_here(client, store):
    assert client.get(DESK).url.startswith("/sign-in/")
    client.force_login(person("associate", at=LocationFactory()))
    session = client.session
    session["location_id"] = str(store.pk)
    session.save()
    assert client.get(DESK).url.startswith("/stores/")
