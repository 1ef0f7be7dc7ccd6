"""The guides in docs/guide say what the screens say: each step is walked, and its picture is taken on the way.

Whatever a step writes in bold must stand on the screen of its picture. With GUIDE=1 the pictures are taken anew.
"""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from inventory.first_reasons import make_first_reasons
from omni.core.actors import Actor
from omni.core.models import User
from orders.models import FulfillmentOrder, Order
from orders.operations.release import release_due
from orders.pickup_code import pickup_code
from returns.first_policies import make_first_policies
from returns.models import ReturnOrder
from returns.operations.authorize import Wanted, authorize
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_desk_flow import _whole
from tests.browser.test_pick_flow import wedge
from tests.factories import VariantFactory, line, placed, stocked
from tests.house.world import Place, World, make_world

GUIDES = Path(__file__).parents[2] / "docs" / "guide"
PICTURES = GUIDES / "images"
NAMES = ("Bea", "Carl", "Dana", "Eli", "Fay", "Gus", "Ana", "Leo", "Mia", "Noor", "Hana")
STEP = re.compile(r"^\d+\. (?P<words>.*?)!\[(?P<caption>[^\]]+)\]\(images/(?P<picture>[\w-]+)\.png\)", re.M | re.S)


def steps(guide: str) -> dict[str, list[str]]:
    """Each picture of a guide, and what must stand on it."""
    text = (GUIDES / f"{guide}.md").read_text()
    return {
        found["picture"]: [" ".join(words.split()) for words in re.findall(r"\*\*(.+?)\*\*", found["words"], re.S)]
        for found in STEP.finditer(text)
    }


def shown(page: Page, picture: str) -> None:
    """The screen says what the guide's step says in bold; and it is photographed if somebody asked for it."""
    words = steps(picture.partition("-")[0])[picture]
    assert words, f"the step of {picture} names nothing"
    for each in words:  # all of them, before a look at any: some stand on the page that is just being left, too
        expect(page.get_by_text(each).locator("visible=true").first, f"{picture}: {each}").to_be_visible()
    for each in words:
        boxes = [found.bounding_box() for found in page.get_by_text(each).all()]
        assert any(box and box["width"] > 2 for box in boxes), f"{picture}: only readers of the screen find “{each}”"
    if os.environ.get("GUIDE"):
        page.wait_for_load_state("networkidle")
        image = Image.open(BytesIO(page.screenshot(animations="disabled")))
        image.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(PICTURES / f"{picture}.png", optimize=True)


@pytest.fixture
def world(transactional_db) -> World:
    """One of everything at Oak Street, with an offered parcel and a shirt whose L only Elm Street has."""
    make_first_reasons(sender=None)
    make_first_policies()
    world = make_world()
    for place, name in ((world.own, "Oak Street"), (world.foreign, "Elm Street")):
        place.location.name = name
        place.location.save()
    for user, name in zip(User.objects.order_by("pk"), NAMES, strict=False):
        user.first_name = name
        user.save()
    stocked(world.foreign.location, 3, variant=_larger(world))
    order = placed(line(stocked(world.own.location, 5), 2))
    FulfillmentOrder.objects.filter(order=order).update(release_at=timezone.now())
    release_due(now=timezone.now())
    return world


def _larger(world: World):
    return VariantFactory(product=world.own.variant.product, sku="SHIRT-L", options={"size": "L"})


@pytest.fixture
def signed_in(open_page, live_server, world) -> Callable[..., Page]:
    def opened(role: str, path: str, size=PHONE) -> Page:
        key = world.client(role, world.own).cookies[settings.SESSION_COOKIE_NAME].value
        cookie = _whole({"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url})
        # The service worker keeps pages for the next visit: here every page is the server's own.
        return open_page(path, size=size, service_workers="block", storage_state={"cookies": [cookie], "origins": []})

    return opened


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_guide_for_associates(signed_in, world):
    page = signed_in("associate", "/today/")
    shown(page, "associate-today")
    for part in (_pick, _pack, _hand_over, _sell, _take_back, _practice):
        part(page, world.own)


def _pick(page: Page, own: Place) -> None:
    page.goto("/pick/")
    shown(page, "associate-queue")
    page.get_by_role("button", name="Start picking the most urgent").click()
    page.wait_for_url(re.compile(r"/pick/\d+/$"))
    offered = FulfillmentOrder.objects.get(pick_list__number=int(page.url.rstrip("/").rpartition("/")[2]))
    sku = offered.lines.get().variant.sku
    wedge(page, sku)
    shown(page, "associate-pick")
    wedge(page, sku)
    shown(page, "associate-picked")
    wedge(page, "T-5")
    expect(page.get_by_text("All done")).to_be_visible()


def _pack(page: Page, own: Place) -> None:
    page.goto("/ship/")
    wedge(page, own.shipping.shelf_code)
    expect(page.get_by_role("heading", name=f"Order {own.shipping.order.number}")).to_be_visible()
    wedge(page, own.shipping.lines.get().variant.sku)
    shown(page, "associate-pack")
    page.get_by_role("button", name="Close this parcel").click()
    shown(page, "associate-label")


def _hand_over(page: Page, own: Place) -> None:
    page.goto("/pickup/")
    shown(page, "associate-desk")
    wedge(page, str(own.staged_order.number))
    expect(page.get_by_role("heading", name="Ada Byron")).to_be_visible()
    wedge(page, pickup_code(own.staged_order.code_seed))
    shown(page, "associate-hand-over")
    page.get_by_role("button", name="Hand over").click()
    shown(page, "associate-handed-over")


def _sell(page: Page, own: Place) -> None:
    page.goto(f"/sell/products/{own.variant.product.code}/?sku=SHIRT-L#offers")
    shown(page, "associate-sell")
    page.get_by_role("button", name="Pick up at Elm Street").click()
    page.goto("/sell/basket/")
    shown(page, "associate-basket")


def _take_back(page: Page, own: Place) -> None:
    page.goto("/returns/")
    shown(page, "associate-returns")
    page.get_by_role("link", name=str(own.returned.rma_number)).click()
    shown(page, "associate-return")
    page.get_by_role("button", name="Take back and refund").click()
    shown(page, "associate-refunded")


def _practice(page: Page, own: Place) -> None:
    page.goto("/practice/")
    shown(page, "associate-practice")
    page.get_by_role("button", name="Open my practice store").click()
    shown(page, "associate-practice-bar")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_guide_for_leads(signed_in):
    page = signed_in("lead", "/shift/")
    shown(page, "lead-shift")
    _to_the_top(page, "Who is on what")
    shown(page, "lead-people")

    page.get_by_role("link", name="Pause the store").click()
    shown(page, "lead-pause")
    page.get_by_label("Why?").fill("Two colleagues are ill")
    page.get_by_role("button", name="Pause the store").click()
    shown(page, "lead-paused")

    page.goto("/team/")
    shown(page, "lead-team")
    page.goto("/devices/")
    shown(page, "lead-devices")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_guide_for_managers(signed_in, world):
    own = world.own
    page = signed_in("manager", "/counts/")
    shown(page, "manager-counts")
    page.goto(f"/counts/{own.count.pk}/")
    shown(page, "manager-count")
    asked = _waits_for_a_word(own)
    page.goto("/returns/")
    shown(page, "manager-returns")
    page.get_by_role("link", name=str(asked.rma_number)).click()
    shown(page, "manager-decide")
    page.goto(f"/returns/held/{own.held_unit.pk}/")
    shown(page, "manager-regrade")

    page = signed_in("manager", "/hq/", DESK)
    shown(page, "manager-home")
    page.goto("/hq/inventory/stocklevel/")
    page.get_by_role("link", name=own.variant.sku).first.click()
    shown(page, "manager-stock")
    page.get_by_role("link", name="Adjust…").click()
    shown(page, "manager-adjust")
    page.goto(f"/hq/inventory/location/{own.location.pk}/change/")
    shown(page, "manager-hours")


def _waits_for_a_word(own: Place) -> ReturnOrder:
    """Announced by mail long after its window."""
    order = placed(replace(line(own.variant, at=own.location), method="carry_out"), channel="pos")
    sold, then = order.lines.get(), timezone.now() - timedelta(days=45)
    Order.objects.filter(pk=order.pk).update(placed_at=then)
    order.fulfillment_orders.update(closed_at=then)
    return authorize(
        order_number=order.number, wanted=[Wanted(sold.reference, reason="changed-mind")], channel="mail",
        location=own.location, by=Actor.system("site"), now=timezone.now(), override=True,
    )  # fmt: skip


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_guide_for_hq(signed_in, world):
    page = signed_in("hq", "/hq/", DESK)
    shown(page, "hq-home")
    page.goto("/hq/orders/order/")
    shown(page, "hq-orders")
    page.get_by_role("link", name=str(world.own.order.number)).click()
    shown(page, "hq-order")
    _to_the_top(page, "What happened")
    shown(page, "hq-story")
    page.goto("/hq/returns/returnpolicy/")
    shown(page, "hq-policies")
    page.goto("/hq/orders/promotion/")
    shown(page, "hq-promotions")
    page.goto("/hq/core/setting/")
    shown(page, "hq-settings")
    page.goto("/hq/core/auditrun/")
    shown(page, "hq-audits")


def _to_the_top(page: Page, heading: str) -> None:
    """Where the eye would be."""
    page.get_by_role("heading", name=heading).evaluate("it => it.scrollIntoView({block: 'center'})")


def test_each_picture_belongs_to_a_step_and_is_taken():
    named = {picture for guide in ("associate", "lead", "manager", "hq") for picture in steps(guide)}
    linked = {each for page in GUIDES.glob("*.md") for each in re.findall(r"images/([\w-]+)\.png", page.read_text())}
    taken = set(re.findall(r'shown\(page, "([\w-]+)"\)', Path(__file__).read_text()))
    assert named == linked == taken == {path.stem for path in PICTURES.iterdir()}
