"""An order from the queue to its shelf on a phone, with a scanner that types; and every screen of a store's work."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from inventory.operations.count import raise_counts
from omni.core.actors import Actor
from omni.core.models import User
from orders.models import FulfillmentOrder, PickList, PickupChoice
from orders.models.fulfillment_order import Status
from orders.operations.cancel import cancel
from orders.operations.claim import claim
from orders.operations.pick import pick
from orders.operations.release import release_due
from orders.operations.stage import stage
from tests.browser.conftest import in_each_look
from tests.factories import LocationFactory, line, person, placed, stocked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"


@pytest.fixture
def store():
    return LocationFactory(name="Oak Street")


@pytest.fixture
def work(store):
    """Place an order of some units of some variants at the store; it is in the queue."""

    def make(*quantities, ship=False):
        lines = [
            line(stocked(store, quantity, aisle=aisle, bin="04-2"), quantity, at=None if ship else store)
            for quantity, aisle in zip(quantities, "ABCDEF", strict=False)
        ]
        order = placed(*lines)
        order.fulfillment_orders.update(release_at=timezone.now())
        release_due(now=timezone.now())
        return order.fulfillment_orders.get()

    return make


@pytest.fixture
def at_work(open_page, client, live_server, store):
    """A page of somebody who is signed in at the store."""

    def opened(path, role="associate", **options):
        client.force_login(person(role, at=store))
        session = client.session
        session["location_id"] = str(store.pk)
        session.save()
        page = open_page("/sign-in/", **options)
        cookie = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page.goto(path)
        return page

    return opened


def wedge(page, code):
    """A scanner is a keyboard that ends with Enter; people scan once the page stands and its field has the focus."""
    page.wait_for_load_state("load")
    expect(page.locator("input[inputmode=none]").first).to_be_focused()
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def skus(work):
    return list(work.lines.order_by("pk").values_list("variant__sku", flat=True))


def test_an_order_is_claimed_scanned_and_staged_on_a_phone(at_work, work):
    mine = work(2, 1)
    shirt, shoe = skus(mine)
    page = at_work("/today/")
    page.get_by_role("button", name="Start picking the most urgent").click()

    expect(page.locator("#scan")).to_be_focused()
    expect(page.locator("#to-pick .pick").first).to_have_attribute("data-state", "next")
    wedge(page, shirt)
    expect(page.locator("#scan-status")).to_contain_text("Picked 1 of 2")
    expect(page.locator("#scan")).to_be_focused()
    wedge(page, "NOT-AN-ITEM")
    expect(page.locator("#scan-status")).to_contain_text("No item has the code NOT-AN-ITEM.")
    wedge(page, shirt)
    expect(page.locator("#picked .pick")).to_have_count(1)
    expect(page.locator("#to-pick .pick").first).to_have_attribute("data-state", "next")
    wedge(page, shirt)
    expect(page.locator("#scan-status")).to_contain_text("All units of")
    wedge(page, shoe)

    expect(page.locator("#shelf")).to_be_focused()
    expect(page.locator("h2").first).to_have_text(f"Put order {mine.order.number} on a shelf")
    wedge(page, "s-12")
    expect(page.get_by_text("All done")).to_be_visible()
    expect(page.get_by_role("link", name="Back to today’s work")).to_be_visible()
    mine.refresh_from_db()
    assert (mine.status, mine.shelf_code) == (Status.STAGED, "S-12")
    assert [line for line in page.complaints if "409" not in line] == []


def test_two_orders_go_to_two_shelves_scan_after_scan(at_work, work):
    works = [work(1), work(1)]
    page = at_work("/pick/")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Pick the ticked orders").click()
    for mine in works:
        wedge(page, skus(mine)[0])
    for mine, shelf in zip(works, ("s-1", "s-2"), strict=True):
        expect(page.locator("h2").first).to_have_text(f"Put order {mine.order.number} on a shelf")
        expect(page.locator("#shelf")).to_be_focused()
        wedge(page, shelf)
    expect(page.get_by_text("All done")).to_be_visible()
    assert list(FulfillmentOrder.objects.order_by("pk").values_list("shelf_code", flat=True)) == ["S-1", "S-2"]


def test_fast_scans_are_all_counted(at_work, work):
    mine = work(6, 1)
    page = at_work("/today/")
    page.get_by_role("button", name="Start picking the most urgent").click()
    expect(page.locator("#scan")).to_be_focused()
    for _ in range(6):
        wedge(page, skus(mine)[0])
    expect(page.locator("#picked .pick")).to_have_count(1)
    assert mine.lines.order_by("pk").first().picked_quantity == 6


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_what_cannot_be_found_is_reported_and_the_customer_asked(at_work, work, script):
    mine = work(1, 1)
    page = at_work("/today/", script=script)
    page.get_by_role("button", name="Start picking the most urgent").click()
    page.get_by_role("link", name="Can’t find it").first.click()
    page.get_by_label("Not on the shelf").check()
    page.get_by_role("button", name="Report it").click()
    expect(page.get_by_text("The customer is asked: another store, shipping, or cancel.")).to_be_visible()
    assert PickupChoice.objects.get().order_line.fulfillment_lines.get().fulfillment_order == mine


def test_without_script_an_order_is_picked_and_staged(at_work, work):
    mine = work(1)
    page = at_work("/today/", script=False)
    page.get_by_role("button", name="Start picking the most urgent").click()
    page.fill("#scan", skus(mine)[0])
    page.keyboard.press("Enter")
    page.fill("#shelf", "s-3")
    page.keyboard.press("Enter")
    expect(page.get_by_text("All done")).to_be_visible()


def test_a_new_order_appears_by_itself_and_keeps_the_focus(at_work, work):
    first = work(1)
    page = at_work("/pick/")
    box = page.locator(f"#work-{first.pk}-select")
    box.focus()
    second = work(1)
    expect(page.locator(f"#work-{second.pk}")).to_be_visible(timeout=6_000)
    expect(box).to_be_focused()


def test_ticks_stay_while_the_queue_changes(at_work, work):
    first = work(1)
    page = at_work("/pick/")
    page.locator(f"#work-{first.pk}-select").check()
    work(1)
    page.wait_for_timeout(5_000)
    expect(page.locator(f"#work-{first.pk}-select")).to_be_checked()
    expect(page.get_by_role("button", name="Pick the ticked orders")).to_be_visible()


def test_a_cancelled_order_stops_the_picker(at_work, work):
    mine = work(2, 1)
    page = at_work("/today/")
    page.get_by_role("button", name="Start picking").click()
    wedge(page, skus(mine)[0])
    expect(page.locator("#scan-status")).to_contain_text("Picked 1 of 2")
    cancel(number=mine.order.number, reason="changed my mind", by=Actor.system("site"), now=timezone.now())
    wedge(page, skus(mine)[1])
    expect(page.get_by_role("alert").get_by_text("was changed by the customer")).to_be_visible()
    expect(page.locator("#scan")).to_have_count(0)
    page.get_by_role("button", name="I have read it").click()
    expect(page.get_by_text("Nothing is left on this list")).to_be_visible()


@pytest.fixture
def busy(store, work):
    """A store in which every screen has something to show."""
    now, ana = timezone.now(), person("associate", at=store)
    by = Actor.of(ana)
    open_work, other, cancelled, parcel = work(2, 1), work(1, 1), work(1), work(1, ship=True)
    theirs = claim(location=store, numbers=[other.number], by=by, now=now)
    pick(pick_list_id=theirs.pk, code=skus(other)[0], by=by, now=now)
    done = claim(location=store, numbers=[cancelled.number, parcel.number], by=by, now=now)
    for each in (cancelled, parcel):
        pick(pick_list_id=done.pk, code=skus(each)[0], by=by, now=now)
    stage(number=parcel.number, shelf_code="T-1", by=by, now=now)
    cancel(number=cancelled.order.number, reason="changed my mind", by=Actor.system("site"), now=now)
    raise_counts(items=[(open_work.lines.first().variant_id, store.pk)], reason="Not on the shelf", cause="test",
                 by=Actor.system("test"), now=now)  # fmt: skip
    return {"list": theirs, "finished": done, "parcel": parcel, "line": other.lines.order_by("pk").last(),
            "count": store.cycle_counts.get()}  # fmt: skip


def paths(busy):
    return [
        "/today/", "/pick/", "/pick/?show=late", f"/pick/{busy['list'].number}/", f"/pick/{busy['finished'].number}/",
        f"/pick/{busy['list'].number}/short/{busy['line'].pk}/", f"/pick/{busy['list'].number}/print/", "/ship/",
        f"/ship/{busy['parcel'].number}/", f"/labels/{busy['parcel'].number}/", "/put-back/", "/counts/",
        f"/counts/{busy['count'].pk}/", "/pause/",
    ]  # fmt: skip


@in_each_look
def test_axe_finds_nothing_on_any_screen_of_the_store(at_work, axe, busy, store, size, scheme):
    page = at_work("/today/", "manager", size=size, scheme=scheme)
    manager = User.objects.get(username__startswith="manager")
    PickList.objects.filter(pk=busy["list"].pk).update(picker=manager)
    found = {}
    for path in paths(busy):
        page.goto(path)
        assert page.locator("h1").count() == 1, path
        found[path] = axe(page)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, path
    assert {path: problems for path, problems in found.items() if problems} == {}
    assert page.complaints == []


@in_each_look
def test_axe_finds_nothing_while_something_happens(at_work, axe, work, size, scheme):
    LocationFactory(name="Elm Street")
    mine = work(1, 1)
    page = at_work("/stores/", "hq", size=size, scheme=scheme)
    assert axe(page) == []
    page.goto("/pick/")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("link", name="Decline").click()
    assert axe(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Pick the ticked orders").click()
    wedge(page, "WRONG")
    expect(page.locator("#scan-status .notice")).to_have_attribute("data-tone", "stop")
    assert axe(page) == []
    page.get_by_role("link", name="Can’t find it").first.click()
    expect(page.get_by_label("Not on the shelf")).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    page.locator("#scan").focus()
    for sku in skus(mine):
        wedge(page, sku)
    expect(page.locator("#shelf")).to_be_focused()
    assert axe(page) == []
