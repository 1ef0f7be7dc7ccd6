"""Hand over: only to whom it belongs, each unit once, and for a minute it can be undone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inventory.models import PutBack, StockLevel
from omni.core.actors import Actor
from omni.core.checks import run_checks
from omni.core.models import Event, Grant
from orders import events
from orders.models import FulfillmentOrder, HandOver
from orders.operations.hold_order import hold_order
from orders.operations.release import release_due
from orders.pickup_code import pickup_code
from orders.views import checked_code
from tests.factories import LocationFactory, line, person, placed, stocked
from tests.factories.floor import staged

pytestmark = pytest.mark.django_db
DESK = "/pickup/"
QUERIES = 10  # session, person, grants, store, work, lines, hand-overs, the car outside, wrong codes, the tabs


@pytest.fixture
def work(released, ana):
    """Two units of Ada Byron's on shelf S-1."""
    return staged(released(2), by=ana.user)


def page_of(work):
    return reverse("orders:hand_over", args=[work.number])


def check(browser, work, code=None):
    return browser.post(reverse("orders:check_code", args=[work.number]),
                        {"code": code or pickup_code(work.order.code_seed)})  # fmt: skip


def give(browser, work, *, units=2, seen=0, check="code", **more):
    fields = {f"units-{each.pk}": units for each in work.lines.all()}
    return browser.post(page_of(work), {"check": check, "seen": seen, "rest": "keep"} | fields | more)


def reloaded(work):
    return FulfillmentOrder.objects.get(pk=work.pk)


def nothing_left(work):
    return not HandOver.objects.exists() and reloaded(work).status == "staged" and on_hand(work) == 2


def on_hand(work):
    return StockLevel.objects.get(variant=work.lines.get().variant_id, location=work.location_id).on_hand


def violations():
    return {finding.check: finding.first for finding in run_checks() if finding.count}


def test_the_page_says_who_where_and_what(ana, work):
    page = ana.get(page_of(work)).content.decode()
    for text in ("Ada Byron", "S-1", work.lines.get().order_line.title, 'max="2"', 'value="2"', "Hand over"):
        assert text in page


def test_the_right_code_opens_the_door_and_all_units_leave(ana, work):
    assert check(ana, work).url == page_of(work)
    assert "The code is right." in ana.get(page_of(work)).content.decode()
    answer = give(ana, work)
    assert answer.url == DESK
    handed = HandOver.objects.get()
    assert (handed.check_kind, handed.unit_count, handed.handed_over_by) == ("code", 2, ana.user)
    assert (reloaded(work).status, on_hand(work)) == ("handed_over", 0)
    assert violations() == {}


def test_the_desk_then_shows_the_hand_over_with_its_undo(ana, work):
    check(ana, work)
    give(ana, work)
    page = ana.get(DESK).content.decode()
    assert f"Handed over: order {work.order.number}" in page
    assert reverse("orders:undo_hand_over", args=[HandOver.objects.get().pk]) in page


def test_without_any_check_nothing_leaves(ana, work):
    page = give(ana, work)
    assert page.status_code == 409
    assert "Scan or type the customer’s code first, or check a photo ID." in page.content.decode()
    assert nothing_left(work)


def test_a_wrong_code_is_no_and_counts(ana, work):
    page = check(ana, work, "WRONG123")
    assert page.status_code == 422
    assert "4 tries are left" in page.content.decode()
    give(ana, work)
    assert nothing_left(work)
    assert Event.objects.filter(topic=events.WRONG_CODE).count() == 1


def test_after_five_wrong_codes_only_an_id_or_a_lead_counts(ana, at, work):
    for _ in range(5):
        page = check(ana, work, "WRONG123")
    assert "Too many wrong codes" in page.content.decode()
    assert "Too many wrong codes" in check(ana, work).content.decode(), "the right one comes too late"
    assert ana.post(DESK, {"code": pickup_code(work.order.code_seed)}).url == page_of(work)
    give(ana, work)
    assert nothing_left(work), "nor does the way over the desk's own field count"
    assert Event.objects.filter(topic=events.WRONG_CODE).count() == 5
    assert 'value="code"' not in ana.get(page_of(work)).content.decode()
    give(ana, work, check="photo_id", name="Ada Byron")
    assert HandOver.objects.get().check_kind == "photo_id"


def test_the_count_of_wrong_codes_ends_after_ten_minutes_and_is_the_work_s_own(ana, released, work):
    other = staged(released(), by=ana.user)
    for _ in range(5):
        check(ana, work, "WRONG123")
    assert check(ana, other).status_code == 302
    Event.objects.filter(topic=events.WRONG_CODE).update(occurred_at=timezone.now() - timedelta(minutes=11))
    assert check(ana, work).status_code == 302


def test_a_photo_id_is_recorded_by_the_name_typed(ana, work):
    give(ana, work, check="photo_id", name="  Augusta Ada Byron ")
    handed = HandOver.objects.get()
    assert (handed.check_kind, handed.collector_name) == ("photo_id", "Augusta Ada Byron")


def test_a_photo_id_without_a_name_is_no_check(ana, work):
    page = give(ana, work, check="photo_id", units=1)
    assert page.status_code == 422
    assert "Type the name as it stands on the ID." in page.content.decode()
    assert 'value="1"' in page.content.decode(), "what was typed is kept"
    assert nothing_left(work)


def test_an_associate_cannot_override(ana, work):
    assert "Lead’s decision" not in ana.get(page_of(work)).content.decode()
    page = give(ana, work, check="override", note="I know her")
    assert page.status_code == 403
    assert "Only a lead can hand over without a code or an ID." in page.content.decode()
    assert nothing_left(work)


def test_a_lead_overrides_with_a_reason(at, work):
    leo = at("lead")
    assert give(leo, work, check="override").status_code == 422
    assert nothing_left(work)
    give(leo, work, check="override", note="Lost her bag, known to us")
    handed = HandOver.objects.get()
    assert (handed.check_kind, handed.note, handed.handed_over_by) == (
        "override", "Lost her bag, known to us", leo.user,
    )  # fmt: skip


def test_a_lead_of_another_store_is_no_lead_here(at, store, work):
    lea = at("lead", location=LocationFactory())
    Grant.objects.create(user=lea.user, role="associate", scope=store.scope)
    session = lea.session
    session["location_id"] = str(store.pk)
    session.save()
    assert give(lea, work, check="override", note="I am a lead").status_code == 403
    assert nothing_left(work)


def test_a_part_leaves_and_the_rest_stays_ready(ana, work):
    check(ana, work)
    give(ana, work, units=1)
    assert (reloaded(work).status, on_hand(work)) == ("staged", 1)
    assert "1 unit stays ready on S-1" in ana.get(DESK).content.decode()
    check(ana, work)
    give(ana, work, units=1, seen=1)
    assert (reloaded(work).status, on_hand(work)) == ("handed_over", 0)
    assert violations() == {}


def test_a_part_leaves_and_the_rest_is_cancelled_on_the_customer_s_word(ana, work):
    check(ana, work)
    give(ana, work, units=1, rest="cancel")
    assert (reloaded(work).status, on_hand(work)) == ("handed_over", 0)
    assert PutBack.objects.get().quantity == 1
    order_line = work.order.lines.get()
    assert (order_line.fulfilled_quantity, order_line.cancelled_quantity) == (1, 1)
    assert violations() == {}


@pytest.mark.parametrize("units", [0, 3, -1, "two", ""])
def test_units_that_cannot_be_given_are_refused(ana, work, units):
    check(ana, work)
    assert give(ana, work, units=units).status_code == 422
    assert nothing_left(work)


def test_a_second_press_gets_a_sentence_and_gives_nothing(ana, work):
    check(ana, work)
    give(ana, work)
    again = give(ana, work)
    assert again.status_code == 409
    assert "Handed over:" in again.content.decode()
    assert HandOver.objects.count() == 1
    assert violations() == {}


def test_a_second_press_for_a_part_does_not_give_the_rest(ana, work):
    give(ana, work, units=1, check="photo_id", name="Ada Byron")
    again = give(ana, work, units=1, check="photo_id", name="Ada Byron")
    assert again.url == page_of(work)
    assert "handed over or undone a moment ago" in ana.get(again.url).content.decode()
    assert (HandOver.objects.count(), on_hand(work)) == (1, 1)


def test_undo_in_time_brings_everything_back(ana, work):
    check(ana, work)
    give(ana, work)
    undo = reverse("orders:undo_hand_over", args=[HandOver.objects.get().pk])
    assert ana.post(undo).url == page_of(work)
    page = ana.get(page_of(work)).content.decode()
    assert "Put the items back on shelf S-1" in page
    assert "The code is right." not in page, "the next hand-over checks anew"
    assert (reloaded(work).status, on_hand(work)) == ("staged", 2)
    assert ana.post(undo).url == DESK
    assert "already undone" in ana.get(DESK).content.decode()
    assert violations() == {}


def test_undo_too_late_is_refused_and_no_longer_offered(ana, work):
    check(ana, work)
    give(ana, work)
    HandOver.objects.update(undo_until=timezone.now() - timedelta(seconds=1))
    undo = reverse("orders:undo_hand_over", args=[HandOver.objects.get().pk])
    assert undo not in ana.get(DESK).content.decode()
    ana.post(undo)
    assert "The minute for undoing is over" in ana.get(DESK).content.decode()
    assert (reloaded(work).status, HandOver.objects.get().undone_at) == ("handed_over", None)


def test_an_order_on_hold_is_not_handed_over(ana, work):
    check(ana, work)
    hold_order(number=work.order.number, kind="fraud_review", note="", by=Actor.system("test"), now=timezone.now())
    assert "On hold (Fraud review)" in ana.get(page_of(work)).content.decode()
    page = give(ana, work)
    assert (page.status_code, "on hold" in page.content.decode().lower()) == (409, True)
    assert nothing_left(work)


@pytest.mark.parametrize(
    ("status", "words"),
    [("released", "Not picked yet"), ("expired", "Not collected in time"), ("cancelled", "Cancelled"),
     ("short", "None of its items were found")],
)  # fmt: skip
def test_work_that_cannot_be_handed_over_says_why(ana, work, status, words):
    FulfillmentOrder.objects.filter(pk=work.pk).update(status=status, closed_at=timezone.now())
    page = ana.get(page_of(work)).content.decode()
    assert words in page
    assert 'form="give"' not in page


def test_work_of_another_store_does_not_exist_here(ana, released):
    elm = LocationFactory()
    foreign = staged(released(location=elm), by=person("associate", at=elm))
    for answer in (ana.get(page_of(foreign)), check(ana, foreign), give(ana, foreign, units=1)):
        assert answer.status_code == 404
    ben = person("associate", at=elm)
    handed = HandOver.objects.create(
        fulfillment_order=foreign, check_kind="code", lines={}, reservation_ids=[], handed_over_at=timezone.now(),
        handed_over_by=ben, undo_until=timezone.now() + timedelta(minutes=1),
    )  # fmt: skip
    assert ana.post(reverse("orders:undo_hand_over", args=[handed.pk])).status_code == 404
    handed.refresh_from_db()
    assert (handed.undone_at, reloaded(foreign).status) == (None, "staged")


def test_shipments_are_not_handed_over(ana, released):
    assert ana.get(page_of(released(ship=True))).status_code == 404


def test_a_checked_code_is_forgotten_after_ten_minutes(ana, work, monkeypatch):
    check(ana, work)
    later = checked_code.time.time() + checked_code.SECONDS + 1
    monkeypatch.setattr(checked_code.time, "time", lambda: later)
    assert "The code is right." not in ana.get(page_of(work)).content.decode()
    give(ana, work)
    assert nothing_left(work)


def test_the_code_is_on_no_page_and_in_no_address(ana, work):
    code = pickup_code(work.order.code_seed)
    pages = [
        find := ana.post(DESK, {"code": code}), ana.get(find.url), check(ana, work), ana.get(page_of(work)),
        give(ana, work), ana.get(DESK), ana.get(page_of(work)), ana.get(f"/orders/{work.order.number}/"),
    ]  # fmt: skip
    for page in pages:
        text = page.content.decode() + str(page.headers)
        assert code not in text
        assert work.order.pickup_code_digest not in text
        assert str(work.order.code_seed) not in text


def test_queries_do_not_grow_with_the_lines(ana, store):
    for count in (1, 6):
        order = placed(*[line(stocked(store, 1), at=store) for _ in range(count)])
        release_due(now=timezone.now())
        work = staged(order.fulfillment_orders.get(), by=ana.user)
        with CaptureQueriesContext(connection) as asked:
            assert len(ana.get(page_of(work)).context["form"].items) == count
        assert len(asked) <= QUERIES, [query["sql"][:100] for query in asked]
