"""A phone in the stockroom where the network does not reach: nothing scanned is lost, and nothing counts twice."""

import os
import re
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from inventory.models import CycleCount, StockLevel, StockMovement
from inventory.operations.count import raise_counts
from inventory.operations.move_stock import Move, move_stock
from omni.core.actors import Actor
from omni.core.operations.enroll_device import invite_device
from omni.core.operations.set_pin import keep_pin
from orders.models import FulfillmentLine, FulfillmentOrder, PickList, PickScan
from orders.operations.claim import claim
from orders.operations.pick import pick
from orders.operations.release import release_due
from orders.operations.stage import stage
from tests.browser.conftest import in_each_look
from tests.factories import LocationFactory, line, person, placed, stocked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PIN = "482915"
AGAIN = 20_000  # a device asks every 15 seconds whether the network is back
NO_DATABASE = "IDBFactory.prototype.open = () => { throw new DOMException('private', 'SecurityError'); }"
FULL = "IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError'); }"


@pytest.fixture
def store():
    return LocationFactory(name="Oak Street")


@pytest.fixture
def ana(store):
    return person("manager", at=store, username="ana")


@pytest.fixture
def listed(store, ana):
    """A pick list of one item, three units."""
    order = placed(line(stocked(store, 5), 3, at=store))
    made = claimed_by(ana, store, order)
    made.sku = order.lines.get().variant.sku
    return made


@pytest.fixture
def counting(store, ana):
    variant = stocked(store, 8)
    raise_counts(items=[(variant.pk, store.pk)], reason="looks odd", cause="test", by=Actor.of(ana), now=timezone.now())
    return CycleCount.objects.get()


@pytest.fixture
def at_work(open_page, client, live_server, store):
    """A page of work as this device just opened it for the first time, and could draw it again without a network."""

    def opened(path, user, *, before="", **options):
        page = open_page("/sign-in/", **options)
        come_in(page, user, client, live_server, store)
        if before:
            page.add_init_script(before)
        page.goto(path)
        until(page, "() => navigator.serviceWorker.controller !== null")
        until(page, f"async () => Boolean(await (await caches.open('omni-pages')).match('{path}'))")
        return page

    return opened


def claimed_by(user, store, *orders):
    FulfillmentOrder.objects.update(release_at=timezone.now())
    release_due(now=timezone.now())
    numbers = [order.fulfillment_orders.get().number for order in orders]
    return claim(location=store, numbers=numbers, by=Actor.of(user), now=timezone.now())


def come_in(page, user, client, live_server, store):
    client.logout()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["location_id"] = str(store.pk)
    session.save()
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])


def until(page, script: str) -> None:
    """Ask the page again and again, as its policy allows no waiting inside."""
    for _ in range(300):
        if page.evaluate(script):
            return
        page.wait_for_timeout(200)
    raise AssertionError(script)


def scan(page, code):
    page.wait_for_load_state("load")
    expect(page.locator("#scan")).to_be_focused()
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def held(page, pattern):
    """What the page asks there waits until the test takes it: `held(page, "**/scan/")()` is the route."""
    routes = []

    def hold(route):
        routes.append(route)

    def taken():
        for _ in range(300):
            if routes:
                return routes.pop()
            page.wait_for_timeout(50)
        raise AssertionError(pattern)

    page.context.route(pattern, hold)
    return taken


def picked(pick_list) -> int:
    return pick_list.fulfillment_orders.get().lines.get().picked_quantity


def waiting(page) -> int:
    """How much the device keeps, in its own words to the server."""
    return next((int(each["value"]) for each in page.context.cookies() if each["name"] == "omni_waiting"), 0)


def handed_over(page) -> None:
    """Wait until the device keeps nothing. (The banner alone is hidden on every page that has only just loaded.)"""
    until(page, "!document.cookie.includes('omni_waiting=')")
    expect(page.locator("#offline")).to_be_hidden()


def test_scans_without_a_network_survive_a_reload_and_each_counts_once(at_work, ana, listed):
    page = at_work(f"/pick/{listed.number}/", ana)
    page.context.set_offline(True)
    scan(page, listed.sku)
    expect(page.locator("#scan-status")).to_contain_text(f"Kept on this device: {listed.sku}. 1 waiting")
    expect(page.locator("#offline")).to_contain_text("Offline since")
    scan(page, listed.sku)
    expect(page.locator("#offline")).to_contain_text("Kept on this device, 2 waiting.")
    expect(page.locator("#to-pick .pick-quantity b")).to_have_text("2")
    scan(page, "NOT-ON-IT")
    expect(page.locator("#scan-status")).to_contain_text("It was not kept")

    page.reload()
    assert page.locator("html").get_attribute("data-kept-at"), "this is the page as the device kept it"
    expect(page.locator("#offline")).to_contain_text("Kept on this device, 2 waiting.")
    expect(page.locator("#to-pick .pick-quantity b")).to_have_text("2")
    scan(page, listed.sku)
    expect(page.locator("#offline")).to_contain_text("3 waiting")
    assert picked(listed) == 0

    page.context.set_offline(False)
    expect(page.locator("#shelf-status")).to_contain_text("now sent and taken: 3", timeout=AGAIN)
    expect(page.locator("#offline")).to_be_hidden()
    assert (picked(listed), PickScan.objects.count(), waiting(page)) == (3, 3, 0)


def test_a_scanner_faster_than_the_device_keeps_no_more_than_the_list_wants(at_work, ana, listed):
    page = at_work(f"/pick/{listed.number}/", ana)
    page.context.set_offline(True)
    for _ in range(4):
        scan(page, listed.sku)
    expect(page.locator("#scan-status")).to_contain_text("It was not kept")
    expect(page.locator("#offline")).to_contain_text("Kept on this device, 3 waiting.")
    assert waiting(page) == 3


def test_a_scan_whose_answer_got_lost_counts_once(at_work, ana, listed):
    page = at_work(f"/pick/{listed.number}/", ana)
    lost, asked = [], held(page, "**/kept/")  # the network stays away until the answer to the scan is read

    def swallow(route):
        """The server does it; its answer never arrives."""
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    page.context.route("**/scan/", swallow)
    scan(page, listed.sku)
    expect(page.locator("#scan-status")).to_contain_text("Kept on this device")
    assert (picked(listed), waiting(page)) == (1, 1)
    asked().continue_()
    expect(page.locator("#scan-status")).to_contain_text("now sent and taken: 1", timeout=AGAIN)
    expect(page.locator("#offline")).to_be_hidden()
    assert (picked(listed), PickScan.objects.count(), waiting(page)) == (1, 1, 0)


def test_what_is_typed_while_an_answer_gets_lost_stays(at_work, ana, listed):
    page = at_work(f"/pick/{listed.number}/", ana)
    asked = held(page, "**/scan/")
    scan(page, listed.sku)
    answer = asked()
    page.keyboard.type("half")
    page.context.set_offline(True)
    answer.abort()
    expect(page.locator("#scan-status")).to_contain_text("Kept on this device")
    assert page.locator("#scan").input_value() == "half"


def test_what_is_refused_later_says_what_to_do(at_work, ana, listed):
    page = at_work(f"/pick/{listed.number}/", ana)
    page.context.set_offline(True)
    scan(page, listed.sku)
    expect(page.locator("#offline")).to_contain_text("1 waiting")
    listed.fulfillment_orders.update(stop_notice="The customer cancelled.")
    page.context.set_offline(False)
    expect(page.locator("#kept-refused")).to_contain_text("The customer cancelled.", timeout=AGAIN)
    page.locator("[data-kept-close]").click()
    expect(page.locator("#kept-refused")).to_be_hidden()
    assert (picked(listed), waiting(page)) == (0, 0)


def test_a_list_that_a_colleague_finished_meanwhile_refuses_in_words(at_work, ana, listed):
    page = at_work(f"/pick/{listed.number}/", ana)
    page.context.set_offline(True)
    scan(page, listed.sku)
    expect(page.locator("#offline")).to_contain_text("1 waiting")
    for _ in range(3):
        pick(pick_list_id=listed.pk, code=listed.sku, by=Actor.of(ana), now=timezone.now())
    work = listed.fulfillment_orders.get()
    stage(number=work.number, shelf_code="S1", by=Actor.of(ana), now=timezone.now())
    page.context.set_offline(False)
    expect(page.locator("#kept-refused li")).to_contain_text(listed.sku, timeout=AGAIN)
    said = page.locator("#kept-refused li").inner_text()
    assert re.search(r"\d\d:\d\d: \S+ \S+", said), "a sentence, not only a code"
    page.goto("/today/")
    expect(page.locator("#kept-refused li")).to_have_text(said)  # until somebody has understood it
    page.locator("[data-kept-close]").click()
    expect(page.locator("#kept-refused")).to_be_hidden()
    assert (picked(listed), PickScan.objects.count(), waiting(page)) == (3, 3, 0)


def test_what_two_tabs_know_of_is_sent_once(at_work, ana, listed):
    one = at_work(f"/pick/{listed.number}/", ana)
    two = one.context.new_page()
    two.goto(f"/pick/{listed.number}/")
    sent = []
    one.context.on("request", lambda asked: asked.url.endswith("/scan/") and sent.append(asked))
    one.context.set_offline(True)
    one.bring_to_front()
    scan(one, listed.sku)
    expect(two.locator("#offline")).to_contain_text("Kept on this device, 1 waiting.")
    two.bring_to_front()
    scan(two, listed.sku)
    expect(one.locator("#offline")).to_contain_text("Kept on this device, 2 waiting.")
    assert waiting(one) == 2
    one.context.set_offline(False)
    for page in (one, two):
        expect(page.locator("#offline")).to_be_hidden(timeout=AGAIN)
    assert (picked(listed), PickScan.objects.count(), len(sent)) == (2, 2, 2)


def test_a_waves_scans_land_in_the_totes_that_were_called(at_work, ana, store):
    mug = stocked(store, 9)
    wave = claimed_by(ana, store, placed(line(mug, 1)), placed(line(mug, 2)))
    page = at_work(f"/pick/{wave.number}/", ana)
    page.context.set_offline(True)
    called = []
    for number in (1, 2, 3):
        scan(page, mug.sku)
        expect(page.locator("#offline")).to_contain_text(f"{number} waiting")
        called.append(page.locator("#scan-status .tote-call b").inner_text())
    assert called == ["T1", "T2", "T2"]
    page.context.set_offline(False)
    expect(page.locator("#packing-title")).to_contain_text("Bring 2 totes", timeout=AGAIN)
    lines = FulfillmentLine.objects.order_by("fulfillment_order__tote_number")
    assert [(each.fulfillment_order.tote, each.picked_quantity) for each in lines] == [("T1", 1), ("T2", 2)]


@pytest.mark.parametrize("trouble", [NO_DATABASE, FULL])
def test_a_device_that_cannot_keep_a_scan_says_so_and_gives_it_back(at_work, ana, listed, trouble):
    page = at_work(f"/pick/{listed.number}/", ana, before=trouble)
    page.context.set_offline(True)
    scan(page, listed.sku)
    expect(page.locator("#scan-status")).to_contain_text(f"This device could not keep {listed.sku}.")
    assert page.locator("#scan").input_value() == listed.sku
    expect(page.locator("#to-pick .pick-quantity b")).to_have_text("0")
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden(timeout=AGAIN)
    page.locator("#scan").press("Enter")
    expect(page.locator("#to-pick .pick-quantity b")).to_have_text("1")
    assert (picked(listed), PickScan.objects.count()) == (1, 1)


@pytest.mark.parametrize("trouble", [NO_DATABASE, FULL])
def test_a_count_that_cannot_be_kept_stays_in_its_field(at_work, ana, counting, trouble):
    page = at_work(f"/counts/{counting.pk}/", ana, before=trouble)
    page.context.set_offline(True)
    page.locator("#id_quantity").fill("7")
    page.get_by_role("button", name="Save the count").click()
    expect(page.locator("#live")).to_contain_text("This device could not keep 7.")
    assert page.locator("#id_quantity").input_value() == "7"
    page.context.set_offline(False)
    page.get_by_role("button", name="Save the count").click()
    page.wait_for_url("**/counts/")
    counting.refresh_from_db()
    assert counting.counted_quantity == 7


def test_kept_scans_wait_for_their_person(at_work, ana, listed, store, client, live_server):
    page = at_work(f"/pick/{listed.number}/", ana)
    page.context.set_offline(True)
    scan(page, listed.sku)
    expect(page.locator("#offline")).to_contain_text("1 waiting")
    Session.objects.all().delete()  # signed out meanwhile
    page.context.set_offline(False)
    page.goto("/sign-in/")
    expect(page.locator("#offline")).to_contain_text("This device keeps scans of a colleague")

    come_in(page, person("associate", at=store, username="ben"), client, live_server, store)
    page.goto("/today/")
    with page.expect_response("**/health/live"):
        page.evaluate("dispatchEvent(new Event('offline')); dispatchEvent(new Event('online'))")
    assert (picked(listed), waiting(page)) == (0, 1)

    come_in(page, ana, client, live_server, store)
    page.goto("/today/")
    handed_over(page)
    assert (picked(listed), PickScan.objects.get().scanned_by) == (1, ana)


def test_a_switch_on_a_shared_device_keeps_what_waits_for_its_person(open_page, ana, listed, store):
    ben = person("associate", at=store, username="ben")
    for user in (ana, ben):
        keep_pin(user=user, pin=PIN, by=Actor.of(user), now=timezone.now())
    _device, code = invite_device(name="Phone 1", kind="handheld", scope=store.scope, user=ana, now=timezone.now())
    page = open_page("/device/")
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Set up").click()
    page.wait_for_url("**/switch/")

    def switch_to(user):
        """True where the device forgot what it knew of the person before."""
        page.evaluate("localStorage.setItem('draft', 'of somebody')")
        page.goto(f"/switch/?who={user.username}")
        page.locator("[name=pin]").fill(PIN)
        page.get_by_role("button", name="Start working").click()
        page.wait_for_url("**/today/")
        return page.evaluate("localStorage.getItem('draft')") is None

    assert switch_to(ana)
    other = page.context.new_page()  # a tab that is told of what the first one keeps
    other.goto("/today/")
    page.bring_to_front()
    page.goto(f"/pick/{listed.number}/")
    page.context.route("**/kept/", lambda route: route.abort())  # the network comes back for pages only
    page.context.set_offline(True)
    scan(page, listed.sku)
    expect(other.locator("#offline")).to_contain_text("1 waiting")
    page.context.set_offline(False)

    assert not switch_to(ben), "a scan waits here"
    page.context.unroute_all()
    with page.expect_response("**/health/live"):
        page.evaluate("dispatchEvent(new Event('offline')); dispatchEvent(new Event('online'))")
    assert (picked(listed), waiting(page)) == (0, 1)
    switch_to(ana)
    handed_over(page)
    assert (picked(listed), PickScan.objects.get().scanned_by, waiting(page)) == (1, ana, 0)
    assert switch_to(ben), "nothing waits: nothing stays"


def test_signing_out_leaves_no_page_of_this_person(at_work, ana, listed):
    page = at_work(f"/pick/{listed.number}/", ana)
    assert kept_pages(page) == [f"/pick/{listed.number}/"]
    page.goto("/today/")
    page.goto("/pickup/")
    assert kept_pages(page) == [f"/pick/{listed.number}/"]  # nothing of customers
    page.locator("summary[aria-label*=Menu]").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in/"))
    until(page, "async () => !(await caches.keys()).includes('omni-pages')")


def test_a_count_without_a_network_is_booked_once_it_is_back(at_work, ana, counting):
    page = at_work(f"/counts/{counting.pk}/", ana)
    page.context.set_offline(True)
    page.locator("#id_quantity").fill("7")
    page.get_by_role("button", name="Save the count").click()
    expect(page.locator("#offline")).to_contain_text("Kept on this device, 1 waiting.")
    expect(page.get_by_role("button", name="Save the count")).to_be_hidden()
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden(timeout=AGAIN)
    counting.refresh_from_db()
    assert (counting.counted_quantity, counting.expected_quantity) == (7, 8)


def test_a_count_of_a_shelf_that_changed_meanwhile_is_asked_for_again(at_work, ana, counting):
    page = at_work(f"/counts/{counting.pk}/", ana)
    page.context.set_offline(True)
    page.locator("#id_quantity").fill("7")
    page.get_by_role("button", name="Save the count").click()
    expect(page.locator("#offline")).to_contain_text("Kept on this device, 1 waiting.")
    page.evaluate("const before = Date.now; Date.now = () => before() + 3600_000")
    sold = Move(counting.variant_id, counting.location_id, StockMovement.Kind.COUNT, -1, cause="sold")
    move_stock(moves=[sold], by=Actor.of(ana), now=timezone.now())
    page.context.set_offline(False)
    expect(page.locator("#kept-refused")).to_contain_text("Count it once more.", timeout=AGAIN)
    counting.refresh_from_db()
    assert counting.done_at is None


def test_a_count_whose_answer_got_lost_is_booked_once(at_work, ana, counting):
    page = at_work(f"/counts/{counting.pk}/", ana)
    lost = []

    def swallow(route):
        if route.request.method != "POST" or lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    page.context.route(f"**/counts/{counting.pk}/", swallow)
    page.locator("#id_quantity").fill("7")
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Save the count").click()
    expect(page.locator("#offline")).to_contain_text("Kept on this device, 1 waiting.")
    assert lost[0].json() == {"done": True}
    page.reload()
    handed_over(page)
    counting.refresh_from_db()
    level = StockLevel.objects.get(variant=counting.variant, location=counting.location)
    assert (counting.counted_quantity, level.on_hand, waiting(page)) == (7, 7, 0)
    assert page.locator("#kept-refused").is_hidden()


def test_a_page_that_needs_the_network_says_so(at_work, ana, listed, axe):
    page = at_work(f"/pick/{listed.number}/", ana)
    page.context.set_offline(True)
    page.goto("/pickup/")
    expect(page.locator("h1")).to_have_text("No network")
    expect(page.get_by_role("link", name="Pick list")).to_be_visible()
    assert axe(page) == []


@in_each_look
def test_what_waits_and_what_was_refused_is_fit_for_everybody(at_work, ana, listed, axe, size, scheme):
    page = at_work(f"/pick/{listed.number}/", ana, size=size, scheme=scheme)
    page.context.set_offline(True)
    scan(page, listed.sku)
    expect(page.locator("#offline")).to_contain_text("1 waiting")
    fine(page, axe, f"waits-{size['width']}-{scheme}")
    listed.fulfillment_orders.update(stop_notice="The customer cancelled.")
    page.context.set_offline(False)
    expect(page.locator("#kept-refused")).to_be_visible(timeout=AGAIN)
    expect(page.locator("#acknowledge")).to_be_visible()
    fine(page, axe, f"refused-{size['width']}-{scheme}")


def fine(page, axe, name):
    """Readable by everybody, no wider than the screen; its picture where PICTURES names a folder."""
    assert axe(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"offline-{name}.png")


def kept_pages(page) -> list[str]:
    return page.evaluate(
        """async () => (await (await caches.open("omni-pages")).keys())
            .map((request) => new URL(request.url).pathname).filter((path) => path !== "/__person")"""
    )


def test_nobody_elses_list_is_kept(at_work, ana, listed, store, client, live_server):
    page = at_work(f"/pick/{listed.number}/", ana)
    assert PickList.objects.count() == 1
    come_in(page, person("associate", at=store, username="ben"), client, live_server, store)
    page.goto("/today/")
    until(page, f"async () => !(await (await caches.open('omni-pages')).match('/pick/{listed.number}/'))")


def test_the_copy_that_is_renewed_for_later_takes_no_notice_from_the_page(at_work, ana, listed):
    """After a scan the worker fetches the list anew at any moment, even between an act and the page that tells it."""
    url = f"/pick/{listed.number}/"
    page = at_work(url, ana)
    page.get_by_role("link", name="Can’t find it").click()
    page.get_by_label("Not on the shelf").check()
    page.evaluate(
        "() => { const form = document.querySelector('form[action*=short]');"
        " return fetch(form.action, { method: 'POST', body: new FormData(form), redirect: 'manual' }) }"
    )
    behind = held(page, f"**{url}")
    page.evaluate("(url) => navigator.serviceWorker.controller.postMessage({ kind: 'refresh', url })", page.url)
    route = behind()
    route.fulfill(response=route.fetch())
    page.context.unroute_all()
    page.goto(url)
    expect(page.locator("#notices")).to_contain_text("Not on the shelf")
