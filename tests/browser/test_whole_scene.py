"""A day of four stores through HTTP and the browser: a wave of parcels, a missing size, and what comes back."""

import os
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from inventory.first_reasons import make_first_reasons
from inventory.operations.learn_words import learn_words
from omni.core.models import ApiKey
from omni.core.relay import run_once
from orders.models import FulfillmentOrder, Manifest, Order, Shipment, TerminalCall
from orders.operations.release import release_due
from returns.first_policies import make_first_policies
from returns.models import ReturnOrder, ReturnUnit
from tests.api.conftest import SITE, order_body, ship
from tests.browser.conftest import DESK, PHONE, SELDOM
from tests.browser.test_desk_flow import _whole
from tests.factories import BarcodeFactory, LocationFactory, ProductFactory, VariantFactory, person, stocked
from tests.factories.parcels import carton
from tests.shop import audit, held, level

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("PICTURES", "")  # a folder, for whoever wants to look


class Scene:
    """Four stores, their people with one page each, and what lies on the shelves."""

    def __init__(self, open_page, axe: Callable | None, url: str, size: dict, scheme: str) -> None:
        self.open_page, self.axe, self.url, self.size, self.scheme = open_page, axe, url, size, scheme
        self.pages: list = []
        make_first_reasons(sender=None)
        make_first_policies()
        carton()
        self.oak, self.elm, self.mill, self.third = (
            LocationFactory(name=name, latitude=latitude, line1="1 Main St", city=city, region="MN", postal_code=code)
            for name, latitude, city, code in (
                ("Oak Street", 44.97, "Minneapolis", "55401"), ("Elm Street", 44.98, "Minneapolis", "55401"),
                ("Mill Road", 45.55, "Saint Cloud", "56301"), ("Third Street", 44.5, "Northfield", "55057"),
            )
        )  # fmt: skip
        self.tee = self.item("Crew tee", "19.99", size="M", color="Sand")
        self.mug = self.item("Enamel mug", "7.50", color="Blue")
        self.lamp = self.item("Desk lamp", "39.00", color="Black")
        self.bag = self.item("Canvas bag", "25.00", color="Natural")
        self.coat = self.item("Wool coat", "49.99", size="L", color="Navy")
        boots = ProductFactory(title="Trail boot", category="Shoes")
        self.size_9, self.size_10 = (self.item(boots, "30.00", size=size, color="Brown") for size in ("9", "10"))
        for place, variant, units, aisle in (
            (self.oak, self.tee, 20, "A"), (self.oak, self.mug, 5, "B"), (self.oak, self.lamp, 1, "C"),
            (self.elm, self.lamp, 2, "D"), (self.oak, self.bag, 3, "E"), (self.oak, self.size_9, 2, "F"),
            (self.mill, self.size_10, 1, "A"), (self.third, self.coat, 2, "A"),
        ):  # fmt: skip
            stocked(place, units, variant=variant, aisle=aisle)
        learn_words()

    def item(self, product, price: str, **options):
        if isinstance(product, str):
            product = ProductFactory(title=product)
        variant = VariantFactory(product=product, price=Decimal(price), options=options)
        variant.weight_g, variant.length_mm, variant.width_mm, variant.height_mm = 400, 200, 150, 40
        variant.save()
        BarcodeFactory(variant=variant)
        return variant

    def somebody(self, place, role: str = "associate"):
        """A page of a new person who is signed in at this store."""
        client = Client()
        user = person(role, at=place)
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        if place:
            session = client.session
            session["location_id"] = str(place.pk)
            session.save()
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key, "url": self.url}
        page = self.open_page("/today/", size=self.size, scheme=self.scheme,
                              storage_state={"cookies": [_whole(cookie)], "origins": []})  # fmt: skip
        self.pages.append(page)
        return page

    def seen(self, page, name: str) -> None:
        """Nothing wider than the screen, and nothing for axe to say where it looks on; and a picture where somebody
        asked for it."""
        page.wait_for_load_state("load")
        if self.axe:
            assert self.axe(page) == [], name
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{name} is {wide} px wider than the screen"
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{self.size['width']}-{name}.png", full_page=True)

    def call(self, page, path: str, body: dict, key: str):
        """The web shop's call, over the network."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        return page.request.post(f"{self.url}/api/v1{path}", data=body, headers=headers)

    @property
    def token(self) -> str:
        if not hasattr(self, "_token"):
            _key, self._token = ApiKey.issue(name="web shop", scopes=SITE)
        return self._token


def scan(page, code: str) -> None:
    """A scanner is a keyboard that ends with Enter."""
    page.wait_for_load_state("load")
    expect(page.locator("input[inputmode=none]").first).to_be_focused()
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def bring_up_to_date() -> None:
    """What the relay and the schedule do meanwhile: news told, calls made, work released."""
    FulfillmentOrder.objects.filter(status="planned").update(release_at=timezone.now())
    release_due(now=timezone.now())
    while run_once():
        pass


def story(page, order: Order) -> list[str]:
    """The timeline as the order's page tells it, the oldest first."""
    page.goto(f"/orders/{order.number}/")
    page.wait_for_load_state("networkidle")
    times = page.locator(".timeline time").evaluate_all("all => all.map(each => each.dateTime)")
    told = page.locator(".timeline-title").all_inner_texts()
    return told if times == sorted(times) else told[::-1]


def pack_and_label(scene, page, work: FulfillmentOrder, *, name: str = "") -> Shipment:
    """From its tote into one parcel with the cheapest label."""
    page.goto("/ship/")
    scan(page, work.shelf_code)
    expect(page.get_by_role("heading", name=f"Order {work.order.number}")).to_be_visible()
    units = [row.variant.sku for row in work.lines.select_related("variant").order_by("pk")
             for _ in range(row.picked_quantity)]  # fmt: skip
    for packed, sku in enumerate(units, start=1):
        scan(page, sku)
        expect(page.locator("#packed-so-far, #pack").first).to_contain_text(f"{packed} of {len(units)}")
    if name:
        scene.seen(page, f"{name}-packed")
    page.get_by_role("button", name="Close this parcel").click()
    expect(page.get_by_role("radio", name="SimPost Ground")).to_be_checked()
    if name:
        scene.seen(page, f"{name}-rates")
    page.get_by_role("button", name="Buy the label").click()
    expect(page.get_by_role("link", name="Print the label")).to_be_visible()
    if name:
        scene.seen(page, f"{name}-labelled")
    parcel = Shipment.objects.get(fulfillment_order=work)
    assert parcel.status == "labelled"
    return parcel


def hand_to_carrier(scene, page, parcels: list[Shipment], *, name: str) -> None:
    page.goto("/ship/")
    page.get_by_role("button", name=re.compile(r"Hand over\s*: SimPost")).click()
    for parcel in parcels:
        scan(page, parcel.tracking_number)
        expect(page.locator("#scan-status")).to_contain_text(f"On the pile: parcel {parcel.number}")
    scene.seen(page, f"{name}-pile")
    leaves = "1 parcel has left" if len(parcels) == 1 else f"{len(parcels)} parcels have left"
    page.get_by_role("button", name=leaves).click()
    expect(page.get_by_role("link", name="Print the manifest")).to_be_visible()
    scene.seen(page, f"{name}-manifest")
    manifest = Manifest.objects.get(number=re.search(r"/manifests/(\d+)/", page.url)[1])
    assert set(manifest.shipments.values_list("number", "status")) == {(each.number, "handed_over") for each in parcels}


def pick_alone(scene, page, work: FulfillmentOrder, *, name: str) -> FulfillmentOrder:
    """Accepted, picked and brought to the packing table by somebody of that store."""
    page.goto("/pick/")
    expect(page.locator("#offer")).to_contain_text("1 order is offered to this store")
    scene.seen(page, f"{name}-offered")
    page.click("#accept-all")
    expect(page.locator("#notices")).to_contain_text("is accepted")
    page.click("#start-urgent")
    page.wait_for_url(re.compile(r"/pick/\d+/$"))
    scan(page, work.lines.get().variant.sku)
    scan_shelf(page, "P-1")
    scene.seen(page, f"{name}-picked")
    work.refresh_from_db()
    assert work.status == "staged"
    return work


def scan_shelf(page, shelf: str) -> None:
    expect(page.locator("#shelf")).to_be_focused()
    page.keyboard.type(shelf)
    page.keyboard.press("Enter")
    expect(page.get_by_text("All done")).to_be_visible()


def ten_orders_arrive(scene, page) -> list[Order]:
    wanted = [
        [(scene.tee, 2)], [(scene.tee, 1)], [(scene.mug, 1)], [(scene.tee, 1), (scene.mug, 1)],
        [(scene.tee, 1), (scene.lamp, 1)], *[[(scene.tee, 1)]] * 5,
    ]  # fmt: skip
    numbers = []
    for n, lines in enumerate(wanted):
        total = sum(variant.prices.get().amount * units for variant, units in lines)
        paid = [{"method": "card", "reference": f"psp_{n}", "amount": str(total)}]
        answer = scene.call(page, "/orders", order_body(*[ship(*each) for each in lines], payments=paid), f"day-{n}")
        assert answer.status == 201, answer.text()
        numbers.append(answer.json()["number"])
    bring_up_to_date()
    works = FulfillmentOrder.objects.filter(location=scene.oak, status="released")
    assert works.count() == 10
    assert (level(scene.tee, scene.oak), level(scene.lamp, scene.oak)) == ((20, 10, 0), (1, 1, 0))
    return [Order.objects.get(number=number) for number in numbers]


def one_wave_is_picked(scene, page, orders: list[Order]) -> list[FulfillmentOrder]:
    """Five of the ten in one walk; the lamp is not there."""
    works = [order.fulfillment_orders.get() for order in orders]
    page.goto("/pick/")
    expect(page.locator("#offer")).to_contain_text("10 orders are offered to this store")
    scene.seen(page, "01-offered")
    for work in works:
        page.locator(f'[name="work"][value="{work.number}"]').check()
    page.click("#accept-ticked")
    expect(page.locator("#notices")).to_contain_text("5 orders are accepted")
    expect(page.locator("#offer")).to_contain_text("5 orders are offered to this store")
    for work in works:
        page.locator(f'[name="work"][value="{work.number}"]').check()
    page.click("#pick-ticked")
    page.wait_for_url(re.compile(r"/pick/\d+/$"))
    expect(page.locator("#to-pick .pick")).to_have_count(3)
    for n in range(1, 6):
        scan(page, scene.tee.sku)
        expect(page.locator("#progress-slot")).to_contain_text(f"{n} of 8")
        expect(page.locator(".tote-call")).to_be_visible()
    scene.seen(page, "02-wave")
    page.get_by_role("link", name="Can’t find it").last.click()
    expect(page.get_by_text("Another store ships these units instead.")).to_be_visible()
    scene.seen(page, "03-short")
    page.get_by_label("Not on the shelf").check()
    page.get_by_role("button", name="Report it").click()
    expect(page.locator("#notices")).to_contain_text("Desk lamp")
    scene.seen(page, "04-short-said")
    for _ in range(2):
        scan(page, scene.mug.sku)
    expect(page.locator("#packing-title")).to_contain_text("Bring 5 totes to the packing table")
    scene.seen(page, "05-totes")
    page.click("#to-packing")
    expect(page.locator("#notices")).to_contain_text("5 totes wait at the packing table.")
    for work in works:
        work.refresh_from_db()
    assert {work.status for work in works} == {"staged"}
    return works


def a_missing_size_is_sold(scene, page) -> Order:
    """Boots in 10 from forty miles away, two bags taken along; one card."""
    page.goto("/sell/")
    scene.seen(page, "10-sell")
    page.fill("#find", "trial boot")  # a typing mistake does no harm
    page.get_by_role("link", name="Trail boot").click()
    scene.seen(page, "11-matrix")
    page.click(f"#cell-{scene.size_10.sku}")
    offers = page.locator("#offers")
    expect(offers).to_contain_text("Pick up at Mill Road")
    expect(offers).to_contain_text("40 mi away")
    expect(offers).to_contain_text("from Mill Road")
    scene.seen(page, "12-missing-size")
    page.get_by_role("button", name="Ship it home").click()
    expect(page.locator("#notices")).to_contain_text("In the basket: Trail boot")
    assert level(scene.size_10, scene.mill) == (1, 1, 0)  # kept for the shopper at once
    for _ in range(2):
        page.goto("/sell/")
        page.fill("#find", scene.bag.sku)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Take it along now").click()
        expect(page.locator("#notices")).to_contain_text("In the basket: Canvas bag")
    page.goto("/sell/basket/")
    expect(page.locator(".kept")).to_be_visible()
    scene.seen(page, "13-basket")
    page.get_by_role("link", name="Next: who is it for?").click()
    page.locator("#id_name").fill("Bea Stone")
    page.locator("#id_email").fill("bea@example.org")
    page.locator("#id_line1").fill("1 Main St")
    page.locator("#id_postal_code").fill("55401")
    scene.seen(page, "14-customer")
    page.get_by_role("button", name="Next: payment").click()
    expect(page.get_by_role("button", name="Card at the terminal: $80.00")).to_be_visible()
    scene.seen(page, "15-pay")
    page.click("#pay-card")
    expect(page.get_by_role("heading", name="Sold")).to_be_visible()
    scene.seen(page, "16-sold")
    order = Order.objects.get(channel="endless_aisle")
    assert (order.status, order.total_amount) == ("partly_fulfilled", Decimal("80.00"))
    assert (level(scene.bag, scene.oak), level(scene.size_10, scene.mill)) == ((1, 0, 0), (1, 1, 0))
    return order


def comes_back(page, order: Order, *skus: str) -> ReturnOrder:
    page.goto("/returns/")
    scan(page, f"R:{order.number}")
    expect(page.get_by_role("heading", name="What was bought")).to_be_visible()
    for n, sku in enumerate(skus, start=1):
        scan(page, sku)
        expect(page.get_by_role("button", name="Not this one")).to_have_count(n)
    return ReturnOrder.objects.latest("pk")


def bags_come_back_for_money(scene, page, order: Order) -> None:
    """In a third store; one of the two is damaged."""
    page.goto("/returns/")
    scene.seen(page, "20-desk")
    found = comes_back(page, order, scene.bag.sku, scene.bag.sku)
    damaged = ReturnUnit.objects.order_by("pk").last()
    for field, value in (("grade", "D"), ("reason", "defective")):
        with page.expect_response("**/look/"):
            page.locator(f"#id_{field}-{damaged.pk}").select_option(value)
    scene.seen(page, "21-bags")
    page.get_by_role("button", name="Take back and refund $50.00").click()
    expect(page.get_by_text("$50.00 back to how it was paid")).to_be_visible()
    scene.seen(page, "22-refunded")
    bring_up_to_date()
    found.refresh_from_db()
    assert found.status == "completed"
    assert level(scene.bag, scene.third)[0] == 1
    assert held(scene.bag, scene.third) == {"inspection": 1}
    assert sorted(found.units.values_list("grade", "disposition")) == [("A", "restock"), ("D", "quarantine")]


def boots_are_exchanged(scene, page, order: Order) -> Order:
    """For a coat that costs 19.99 more, which is paid at the till."""
    found = comes_back(page, order, scene.size_10.sku)
    page.get_by_role("button", name="Exchange instead").click()
    expect(page.get_by_role("heading", name="Takes instead")).to_be_visible()
    scan(page, scene.coat.sku)
    expect(page.get_by_text("To pay")).to_be_visible()
    assert level(scene.coat, scene.third) == (2, 1, 0)
    page.get_by_label("Paid at the till").check()
    page.get_by_label("Receipt number").fill("T-4711")
    scene.seen(page, "23-exchange")
    page.get_by_role("button", name="Exchange", exact=True).click()
    expect(page.get_by_text("for replacement order")).to_be_visible()
    scene.seen(page, "24-exchanged")
    bring_up_to_date()
    found.refresh_from_db()
    assert found.status == "completed"
    return found.payouts.get().replacement


def short_story(tee: Shipment, lamp: Shipment) -> list[str]:
    tote = tee.fulfillment_order.shelf_code
    return [
        "Order placed", "Offered to Oak Street", "Accepted at Oak Street", "Picking began at Oak Street",
        "Missing at Oak Street", "Planned again", f"Ready on shelf {tote} at Oak Street",
        f"Packed as parcel {tee.number}", "Shipped at Oak Street", "Offered to Elm Street", "$19.99 taken",
        "Accepted at Elm Street", "Picking began at Elm Street", "Ready on shelf P-1 at Elm Street",
        f"Packed as parcel {lamp.number}", "Shipped at Elm Street", "$39.00 taken",
    ]  # fmt: skip


def sold_story(boots: Shipment, replacement: Order) -> list[str]:
    bags, exchanged = ReturnOrder.objects.order_by("pk").values_list("rma_number", flat=True)
    return [
        "Order placed", "Carried out at Oak Street", "Offered to Mill Road", "$50.00 taken", "Accepted at Mill Road",
        "Picking began at Mill Road", "Ready on shelf P-1 at Mill Road", f"Packed as parcel {boots.number}",
        "Shipped at Mill Road", "$30.00 taken", f"Return {bags} begun at Third Street",
        "Returned at Third Street", "$50.00 is being given back", "$50.00 given back for the return",
        "$50.00 given back", f"Return {exchanged} begun at Third Street", "Returned at Third Street",
        "$30.00 is being given back", "$30.00 given as store credit",
        f"Exchanged: order {replacement.number} replaces it",
    ]  # fmt: skip


def replacement_story(sold: Order) -> list[str]:
    return ["Order placed", "Carried out at Third Street", f"Replacement for order {sold.number}", "$30.00 taken"]


# The suite's axe looks at each of these pages where it is alone: tests of picking, shipping, selling, returns and HQ.
@pytest.mark.parametrize(
    ("size", "scheme", "looks"),
    [
        pytest.param(PHONE, "light", False, id="phone"),
        pytest.param(PHONE, "light", True, id="phone and axe", marks=SELDOM),
        pytest.param(DESK, "dark", True, id="desk and axe", marks=SELDOM),
    ],
)
def test_a_day_of_four_stores(open_page, axe, live_server, size, scheme, looks):
    scene = Scene(open_page, axe if looks else None, live_server.url, size, scheme)
    ana = scene.somebody(scene.oak)
    hank = scene.somebody(None, "hq")

    orders = ten_orders_arrive(scene, ana)
    works = one_wave_is_picked(scene, ana, orders[:5])
    parcels = [pack_and_label(scene, ana, work, name="06" * (work == works[-1])) for work in works]
    hand_to_carrier(scene, ana, parcels, name="07")
    bring_up_to_date()

    elm = orders[4].fulfillment_orders.get(location=scene.elm)
    assert elm.status == "released"
    ben = scene.somebody(scene.elm)
    lamp = pack_and_label(scene, ben, pick_alone(scene, ben, elm, name="08"))
    hand_to_carrier(scene, ben, [lamp], name="09")
    bring_up_to_date()
    assert [Order.objects.get(pk=order.pk).status for order in orders] == ["fulfilled"] * 5 + ["open"] * 5
    assert [order.payments.get().captured_amount for order in orders] == [
        Decimal(each) for each in ("39.98", "19.99", "7.50", "27.49", "58.99", *["0"] * 5)
    ]
    assert (level(scene.tee, scene.oak), level(scene.mug, scene.oak)) == ((15, 5, 0), (3, 0, 0))
    assert (level(scene.lamp, scene.oak), level(scene.lamp, scene.elm)) == ((0, 0, 0), (1, 0, 0))

    sold = a_missing_size_is_sold(scene, ana)
    bring_up_to_date()
    assert sold.payments.get().captured_amount == Decimal("50.00")
    far = sold.fulfillment_orders.get(location=scene.mill)
    mia = scene.somebody(scene.mill)
    boots = pack_and_label(scene, mia, pick_alone(scene, mia, far, name="17"))
    hand_to_carrier(scene, mia, [boots], name="18")
    bring_up_to_date()
    sold.refresh_from_db()
    assert (sold.status, sold.payments.get().captured_amount) == ("fulfilled", Decimal("80.00"))
    assert level(scene.size_10, scene.mill) == (0, 0, 0)

    tom = scene.somebody(scene.third)
    bags_come_back_for_money(scene, tom, sold)
    replacement = boots_are_exchanged(scene, tom, sold)
    payment = sold.payments.get()  # all of it came back: fifty to the card, thirty in what the coat costs
    assert (payment.method, payment.refunded_amount) == ("card", Decimal("80.00"))
    assert list(TerminalCall.objects.filter(kind="refund").values_list("amount", flat=True)) == [Decimal("50.00")]
    assert {each.method: each.captured_amount for each in replacement.payments.all()} == {
        "store_credit": Decimal("30.00"), "till_receipt": Decimal("19.99"),
    }  # fmt: skip
    assert (level(scene.coat, scene.third)[0], level(scene.size_10, scene.third)[0]) == (1, 1)

    told = {
        "short": (orders[4], short_story(parcels[4], lamp)),
        "sold": (sold, sold_story(boots, replacement)),
        "replacement": (replacement, replacement_story(sold)),
    }
    for name, (order, sentences) in told.items():
        assert story(hank, order) == sentences
        scene.seen(hank, f"30-story-{name}")
        hank.goto(f"/hq/orders/order/{order.pk}/change/")
        scene.seen(hank, f"31-hq-{name}")
    assert [each for page in scene.pages for each in page.complaints] == []
    assert audit() == {}
