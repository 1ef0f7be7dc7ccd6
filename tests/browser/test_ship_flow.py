"""From the tote onto the truck on a phone, with a scanner that types; every screen of it for axe."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from omni.core.actors import Actor
from orders.models import Shipment
from orders.operations.fix_address import fix_address
from orders.operations.manifest import open_manifest, scan_parcel
from orders.operations.pack import pack_unit
from tests.browser.conftest import in_each_look
from tests.browser.test_pick_flow import wedge
from tests.factories import LocationFactory, person
from tests.factories.parcels import carton, handed_over, labelled, packed, to_pack

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def store():
    carton()
    return LocationFactory(
        name="Oak Street", line1="1 Oak St", city="Minneapolis", region="MN", postal_code="55401"
    )  # fmt: skip


@pytest.fixture
def packer(store):
    return person("associate", at=store)


@pytest.fixture
def at_work(open_page, client, live_server, store, packer):
    """A page of the packer, signed in at the store."""

    def opened(path, **options):
        client.force_login(packer)
        session = client.session
        session["location_id"] = str(store.pk)
        session.save()
        page = open_page("/sign-in/", **options)
        cookie = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page.goto(path)
        return page

    return opened


def test_an_order_is_packed_labelled_and_handed_over_on_a_phone(at_work, store, packer):
    work = to_pack(store, by=packer, shelf="T-7", gift_message="Happy birthday, Bea!")
    sku = work.lines.get().variant.sku
    page = at_work("/ship/")
    wedge(page, "T-7")
    expect(page.get_by_role("heading", name=f"Order {work.order.number}")).to_be_visible()
    expect(page.get_by_text("Happy birthday, Bea!")).to_be_visible()
    wedge(page, sku)
    expect(page.locator("#scan-status")).to_contain_text("Packed 1 of 2")
    wedge(page, sku)
    expect(page.get_by_text("Packed 2 of 2")).to_be_visible()
    page.get_by_role("button", name="Close this parcel").click()

    expect(page.get_by_role("heading", level=1, name="Parcel")).to_be_visible()
    expect(page.get_by_role("radio", name="SimPost Ground")).to_be_checked()
    page.get_by_role("button", name="Buy the label").click()
    expect(page.get_by_role("link", name="Print the label")).to_be_visible()
    parcel = Shipment.objects.get()
    assert parcel.status == "labelled"

    page.goto("/ship/")
    page.get_by_role("button", name="Hand over").click()
    wedge(page, "4006381333931")
    expect(page.locator("#scan-status")).to_contain_text("No parcel has the code")
    wedge(page, parcel.tracking_number)
    expect(page.locator("#scan-status")).to_contain_text(f"On the pile: parcel {parcel.number}")
    wedge(page, parcel.tracking_number)
    expect(page.locator("#scan-status")).to_contain_text("is on this manifest already")
    page.get_by_role("button", name="1 parcel has left").click()
    expect(page.get_by_role("link", name="Print the manifest")).to_be_visible()
    parcel.refresh_from_db()
    assert parcel.status == "handed_over"
    assert [line for line in page.complaints if "409" not in line] == []


def test_a_scan_in_the_moment_of_an_answer_does_not_leave_the_page(at_work, store, packer):
    """A scanner's Enter may come right after the form was drawn anew: htmx sends it all the same."""
    first, *others = [labelled(store, by=packer).tracking_number for _ in range(3)]
    page = at_work("/ship/")
    page.get_by_role("button", name="Hand over").click()
    expect(page.locator("#scan")).to_be_focused()
    page.evaluate(
        """codes => {
            window.stayed = true;
            let form = document.querySelector("#scan-form");
            new MutationObserver(() => {
                const drawn = document.querySelector("#scan-form");
                if (drawn === form || !codes.length) return;
                form = drawn;
                form.querySelector("#scan").value = codes.shift();
                form.requestSubmit();
            }).observe(document.body, { childList: true, subtree: true });
        }""",
        others,
    )
    wedge(page, first)
    expect(page.get_by_role("button", name="3 parcels have left")).to_be_visible()
    assert page.evaluate("window.stayed") is True


@pytest.fixture
def pages(store, packer):
    """Each screen of shipping with something on it."""
    by, now = Actor.of(packer), timezone.now()
    begun = to_pack(store, by=packer, quantity=3, gift_message="With love")
    pack_unit(number=begun.number, code=begun.lines.get().variant.sku, by=by, now=now)
    late = handed_over(store, by=packer)
    Shipment.objects.filter(pk=late.pk).update(deliver_by=now)
    late.tracking_events.create(source="t", event_id="1", tracking_number="1", status="in_transit", message="Departed",
                                place="Saint Paul, MN", occurred_at=now, recorded_at=now)  # fmt: skip
    waits, piled = labelled(store, by=packer), labelled(store, by=packer)
    manifest = open_manifest(location=store, carrier="SimPost", by=by, now=now)
    scan_parcel(number=manifest.number, code=piled.number, by=by, now=now)
    fresh = packed(store, by=packer, gift_message="With love")
    refused = packed(store, by=packer)
    fix_address(
        number=refused.order.number, address=refused.order.shipping_address | {"line2": "OUTAGE"}, by=by, now=now
    )
    return {
        "ship": "/ship/", "pack": f"/pack/{begun.number}/", "parcel": f"/parcels/{fresh.number}/",
        "away": f"/parcels/{refused.number}/", "labelled": f"/parcels/{waits.number}/",
        "on the road": f"/parcels/{late.number}/", "address": f"/parcels/{fresh.number}/address/",
        "slip": f"/parcels/{fresh.number}/slip/", "manifests": "/manifests/",
        "manifest": f"/manifests/{manifest.number}/", "manifest on paper": f"/manifests/{manifest.number}/print/",
        "by hand": f"/ship/{begun.number}/", "order": f"/orders/{late.order.number}/",
    }  # fmt: skip


@in_each_look
def test_axe_finds_nothing_on_any_screen_of_shipping(at_work, axe, pages, size, scheme):
    found = {}
    page = at_work("/ship/", size=size, scheme=scheme)
    for name, path in pages.items():
        page.goto(path)
        if problems := axe(page):
            found[name] = problems
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"
    assert not found
    assert page.complaints == []


def test_the_pages_work_without_script(at_work, store, packer):
    parcel = packed(store, by=packer)
    page = at_work(f"/parcels/{parcel.number}/", script=False)
    page.get_by_role("link", name="Show the prices").click()
    page.get_by_role("button", name="Buy the label").click()
    expect(page.get_by_role("link", name="Print the label")).to_be_visible()
