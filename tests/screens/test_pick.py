"""The pick list in the hand: scans, short picks, stops, shelves, paper and parcels; with and without script."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import CycleCount
from omni.core.actors import Actor
from omni.core.checks import run_checks
from orders.models import FulfillmentOrder, PickList, PickScan
from orders.models.fulfillment_order import Status
from orders.operations.cancel import cancel
from orders.operations.release import release_due
from orders.pickup_code import pickup_code
from tests.factories import BarcodeFactory, LocationFactory, VariantFactory, line, placed, stocked

pytestmark = pytest.mark.django_db
refusing = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shirt(store):
    return stocked(store, 5, aisle="B", bin="11-1")


@pytest.fixture
def picking(released, claimed, ana, shirt):
    """Ana's list with one order of two shirts."""
    work = released(2, variant=shirt)
    work.list = claimed(work, by=ana.user)
    work.url = f"/pick/{work.list.number}/"
    return work


def post(client, url, data=None, **more):
    """A POST from the page of the list, followed to where it leads."""
    here = "/".join(url.split("/")[:3]) + "/"
    return client.post(url, data or {}, headers={"referer": f"http://testserver{here}"}, follow=True, **more)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def picked(work):
    return list(work.lines.order_by("pk").values_list("picked_quantity", flat=True))


def test_lines_are_in_the_order_of_the_walk(ana, store, released, claimed):
    shelves = {"10": "01", "2": "07", "A": "03", "": ""}
    variants = [stocked(store, 1, aisle=aisle, bin=bin) for aisle, bin in shelves.items()]
    order = placed(*(line(variant, at=store) for variant in variants))
    release_due(now=timezone.now())
    pick_list = claimed(order.fulfillment_orders.get(), by=ana.user)
    page = ana.get(f"/pick/{pick_list.number}/")
    assert [row["bin"] for row in page.context["walk"].to_pick] == ["2-07", "10-01", "A-03", "No bin"]
    assert page.context["walk"].to_pick[0]["state"] == "next"


def test_a_scan_without_script_comes_back_to_the_page_with_its_sentence(ana, picking, shirt):
    answer = post(ana, f"{picking.url}scan/", {"code": shirt.barcodes.get().code})
    assert answer.redirect_chain == [(picking.url, 302)]
    assert said(answer) == [f"Picked 1 of 2 · {shirt.title}"]
    assert picked(picking) == [1]


def test_a_scan_with_script_gets_its_line_back_and_nothing_else(at, ana, picking, shirt):
    answer = at(user=ana.user, htmx=True).post(f"{picking.url}scan/", {"code": shirt.sku, "scan_key": "a" * 32})
    body = answer.content.decode()
    assert answer["HX-Reswap"] == "none"
    assert f'id="line-{picking.lines.get().pk}" hx-swap-oob="true"' in body
    assert f"Picked 1 of 2 · {shirt.title}" in body
    assert 'data-sound="good"' in body
    assert "<html" not in body
    assert "data-scan" not in body


def test_a_finished_line_moves_below_and_the_next_one_is_marked(at, ana, store, released, claimed):
    one, two = stocked(store, 1, aisle="A"), stocked(store, 1, aisle="B")
    order = placed(line(one, at=store), line(two, at=store))
    release_due(now=timezone.now())
    pick_list = claimed(order.fulfillment_orders.get(), by=ana.user)
    body = at(user=ana.user, htmx=True).post(f"/pick/{pick_list.number}/scan/", {"code": one.sku}).content.decode()
    first, second = pick_list.fulfillment_orders.get().lines.order_by("pk")
    assert f'<li id="line-{first.pk}" hx-swap-oob="delete">' in body
    assert 'hx-swap-oob="afterbegin:#picked"' in body
    assert f'id="line-{second.pk}" hx-swap-oob="true" data-state="next"' in body


def test_the_last_scan_asks_for_the_shelf(at, ana, picking, shirt):
    htmx = at(user=ana.user, htmx=True)
    htmx.post(f"{picking.url}scan/", {"code": shirt.sku})
    answer = htmx.post(f"{picking.url}scan/", {"code": shirt.sku})
    assert answer["HX-Retarget"] == "#pick"
    assert f"Put order {picking.order.number} on a shelf" in answer.content.decode()
    assert "Scan or type the shelf" in answer.content.decode()


def test_the_same_scan_sent_twice_counts_once(ana, picking, shirt):
    for _ in range(2):
        post(ana, f"{picking.url}scan/", {"code": shirt.sku, "scan_key": "k" * 32})
    assert picked(picking) == [1]
    assert PickScan.objects.count() == 1


def test_a_pack_counts_its_units(ana, picking, shirt):
    BarcodeFactory(variant=shirt, code="PACK-OF-2", pack_quantity=2)
    assert said(post(ana, f"{picking.url}scan/", {"code": "PACK-OF-2"})) == [f"Picked 2 of 2 · {shirt.title}"]


@refusing
@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("OTHER", "is not on this pick list."),
        ("NEVER-HEARD", "No item has the code NEVER-HEARD."),
        ("PACK-OF-6", "This is a pack of 6, and only 2 are wanted."),
        ("", "Scan or type an item."),
        ("\x00", "Null characters are not allowed."),
        ("x" * 300, "at most 200 characters"),
    ],
)
def test_a_wrong_scan_is_refused_with_a_sentence_and_a_sound(at, ana, picking, shirt, code, sentence):
    VariantFactory(sku="OTHER")
    BarcodeFactory(variant=shirt, code="PACK-OF-6", pack_quantity=6)
    htmx = at(user=ana.user, htmx=True).post(f"{picking.url}scan/", {"code": code})
    assert htmx.status_code in (409, 422)
    assert htmx["HX-Retarget"] == "#notices"
    assert sentence in htmx.content.decode()
    assert 'data-sound="bad"' in htmx.content.decode()
    assert sentence in said(post(ana, f"{picking.url}scan/", {"code": code}))[0]
    assert picked(picking) == [0]


@refusing
def test_one_unit_too_many_is_refused(ana, picking, shirt):
    for _ in range(2):
        post(ana, f"{picking.url}scan/", {"code": shirt.sku})
    assert "All units of" in said(post(ana, f"{picking.url}scan/", {"code": shirt.sku}))[0]
    assert picked(picking) == [2]


def test_a_unit_can_be_undone(ana, picking, shirt):
    line_id = picking.lines.get().pk
    answer = post(ana, f"{picking.url}scan/", {"code": shirt.sku})
    assert f'name="line" value="{line_id}"' in answer.content.decode()
    assert said(post(ana, f"{picking.url}undo/", {"line": line_id})) == [f"Back on its shelf: 1 unit · {shirt.title}"]
    assert picked(picking) == [0]


@refusing
@pytest.mark.parametrize("line_id", ["", "x", "0", "999999"])
def test_nothing_is_undone_that_was_not_picked(ana, picking, line_id):
    answer = post(ana, f"{picking.url}undo/", {"line": line_id or picking.lines.get().pk})
    assert len(said(answer)) == 1
    assert picked(picking) == [0]


def test_a_colleagues_list_shows_who_has_it_and_no_scan_field(at, picking):
    ben = at("associate")
    page = ben.get(picking.url).content.decode()
    assert "is picking this list" in page
    assert "Take it over" not in page
    assert "data-scan-input" not in page


@refusing
@pytest.mark.parametrize("act", ["scan", "undo", "acknowledge", "stage", "give-back", "take-over"])
def test_a_colleague_cannot_act_on_it(at, picking, shirt, act):
    ben = at("associate")
    values = {"code": shirt.sku, "line": picking.lines.get().pk, "work": picking.number}
    ben.post(f"{picking.url}{act}/", values)
    picking.refresh_from_db()
    assert picked(picking) == [0]
    assert (picking.status, PickList.objects.get().picker_id == ben.user.pk) == (Status.PICKING, False)


def test_a_lead_takes_the_list_over_and_goes_on(at, ana, picking, shirt):
    post(ana, f"{picking.url}scan/", {"code": shirt.sku})
    lead = at("lead")
    assert "Take it over" in lead.get(picking.url).content.decode()
    post(lead, f"{picking.url}take-over/")
    assert said(post(lead, f"{picking.url}scan/", {"code": shirt.sku})) == [f"Picked 2 of 2 · {shirt.title}"]
    assert "is picking this list" in ana.get(picking.url).content.decode()


def test_another_stores_list_is_not_there(at, picking, shirt):
    there = at("lead", location=LocationFactory())
    line_id = picking.lines.get().pk
    paths = ["", "print/", f"short/{line_id}/"]
    assert {there.get(f"{picking.url}{path}").status_code for path in paths} == {404}
    acts = ["scan", "undo", "acknowledge", "stage", "give-back", "take-over"]
    assert {there.post(f"{picking.url}{act}/", {"code": shirt.sku}).status_code for act in acts} == {404}
    assert there.get(f"/labels/{picking.number}/").status_code == 404
    assert there.get(f"/ship/{picking.number}/").status_code == 404


def test_a_short_pickup_line_asks_the_customer_and_says_so(ana, picking, shirt):
    url = f"{picking.url}short/{picking.lines.get().pk}/"
    assert "The customer is asked what they prefer" in ana.get(url).content.decode()
    answer = post(ana, url, {"reason": "not-found", "quantity": "1"})
    assert answer.redirect_chain == [(picking.url, 302)]
    assert "The customer is asked: another store, shipping, or cancel." in said(answer)[0]
    assert "A count of the shelf is asked for." in said(answer)[0]
    assert CycleCount.objects.get().variant == shirt
    assert picking.lines.get().short_quantity == 1


def test_a_short_ship_line_names_the_store_that_ships_instead(ana, released, claimed, shirt):
    work = released(1, variant=shirt, ship=True)
    other = LocationFactory(name="Elm Street")
    stocked(other, 1, variant=shirt)
    pick_list = claimed(work, by=ana.user)
    url = f"/pick/{pick_list.number}/short/{work.lines.get().pk}/"
    assert "Another store ships these units instead." in ana.get(url).content.decode()
    answer = post(ana, url, {"reason": "damaged", "quantity": "1"})
    assert "Elm Street ships it instead." in said(answer)[0]
    assert "Nothing is left on this list" in answer.content.decode()


def test_a_short_ship_line_that_nobody_has_goes_to_hq(ana, released, claimed, shirt):
    work = released(1, variant=shirt, ship=True)
    pick_list = claimed(work, by=ana.user)
    answer = post(ana, f"/pick/{pick_list.number}/short/{work.lines.get().pk}/", {"reason": "damaged", "quantity": "1"})
    assert "HQ takes care of it." in said(answer)[0]


@pytest.mark.parametrize(
    "values",
    [{"quantity": "1"}, {"reason": "made-up", "quantity": "1"}, {"reason": "damaged", "quantity": "3"},
     {"reason": "damaged", "quantity": "0"}, {"reason": "damaged", "quantity": "two"}, {"reason": "no-capacity"}],
)  # fmt: skip
def test_an_unclear_short_pick_is_asked_again(ana, picking, values):
    answer = ana.post(f"{picking.url}short/{picking.lines.get().pk}/", values)
    assert answer.status_code == 422
    assert "Nothing was saved yet" in answer.content.decode()
    assert picking.lines.get().short_quantity == 0


def test_the_short_pick_opens_in_a_dialog_with_script(at, ana, picking):
    body = at(user=ana.user, htmx=True).get(f"{picking.url}short/{picking.lines.get().pk}/").content.decode()
    assert "Not on the shelf" in body
    assert "<html" not in body


@refusing
def test_a_cancelled_order_stops_the_next_scan_until_it_is_read(at, ana, picking, shirt):
    post(ana, f"{picking.url}scan/", {"code": shirt.sku})
    cancel(number=picking.order.number, reason="changed my mind", by=Actor.system("site"), now=timezone.now(),
           lines=[(picking.lines.get().order_line.reference, 1)])  # fmt: skip

    htmx = at(user=ana.user, htmx=True).post(f"{picking.url}scan/", {"code": shirt.sku})
    assert "was changed by the customer" in htmx.content.decode()
    assert 'data-sound="bad"' in htmx.content.decode()
    page = post(ana, f"{picking.url}scan/", {"code": shirt.sku}).content.decode()
    assert "I have read it" in page
    assert "data-scan-input" not in page
    assert picked(picking) == [1]

    page = post(ana, f"{picking.url}acknowledge/").content.decode()
    assert "I have read it" not in page
    assert f"Put order {picking.order.number} on a shelf" in page


def test_a_picked_order_goes_to_a_shelf_and_the_list_is_done(at, ana, picking, shirt):
    for _ in range(2):
        post(ana, f"{picking.url}scan/", {"code": shirt.sku})
    answer = post(ana, f"{picking.url}stage/", {"work": picking.number, "code": "s-12"})
    assert said(answer) == [f"Order {picking.order.number} is on shelf S-12. The customer is told that it is ready."]
    page = answer.content.decode()
    assert "All done" in page
    assert f"/labels/{picking.number}/" in page
    assert "Back to today’s work" in page
    picking.refresh_from_db()
    assert (picking.status, picking.shelf_code) == (Status.STAGED, "S-12")
    assert [finding.check for finding in run_checks() if finding.count] == []


def test_one_order_is_staged_while_the_other_is_still_picked(ana, store, released, claimed):
    one, two = released(), released()
    pick_list = claimed(one, two, by=ana.user)
    url = f"/pick/{pick_list.number}/"
    page = post(ana, f"{url}scan/", {"code": one.variant.sku}).content.decode()
    assert f"Order {one.order.number} is complete." in page
    assert "Scan or type an item" in page
    page = ana.get(url, {"stage": one.number}).content.decode()
    assert "Scan or type the shelf" in page
    assert "Go on picking first" in page
    page = post(ana, f"{url}stage/", {"work": one.number, "code": "S-1"}).content.decode()
    assert "Scan or type an item" in page


def test_with_script_the_next_order_is_asked_for_after_each_shelf(at, ana, released, claimed):
    works = [released(), released()]
    pick_list = claimed(*works, by=ana.user)
    htmx = at(user=ana.user, htmx=True)
    for work in works:
        htmx.post(f"/pick/{pick_list.number}/scan/", {"code": work.variant.sku})
    answer = htmx.post(f"/pick/{pick_list.number}/stage/", {"work": works[0].number, "code": "S-1"})
    assert answer["HX-Retarget"] == "#pick"
    assert f"Order {works[0].order.number} is on shelf S-1." in answer.content.decode()
    assert f"Put order {works[1].order.number} on a shelf" in answer.content.decode()
    answer = htmx.post(f"/pick/{pick_list.number}/stage/", {"work": works[1].number, "code": "S-2"})
    assert "All done" in answer.content.decode()


@refusing
@pytest.mark.parametrize(
    ("shelf", "sentence"),
    [("", "Scan or type the shelf."), ("S" * 21, "up to 20 characters"), ("036000291452", "barcode of an item")],
)
def test_a_shelf_is_a_shelf(ana, picking, shirt, shelf, sentence):
    for _ in range(2):
        post(ana, f"{picking.url}scan/", {"code": shirt.sku})
    assert sentence in said(post(ana, f"{picking.url}stage/", {"work": picking.number, "code": shelf}))[0]
    picking.refresh_from_db()
    assert picking.status == Status.PICKING


@refusing
def test_an_unfinished_order_is_not_staged(ana, picking):
    answer = post(ana, f"{picking.url}stage/", {"work": picking.number, "code": "S-1"})
    assert said(answer) == ["2 units are still to pick. Pick them or report them as short."]


@refusing
def test_an_order_of_another_list_is_not_staged_here(ana, picking, released):
    other = released()
    answer = post(ana, f"{picking.url}stage/", {"work": other.number, "code": "S-1"})
    assert said(answer) == ["This order is no longer on the pick list."]


def test_an_untouched_list_goes_back_to_the_queue(ana, picking):
    answer = post(ana, f"{picking.url}give-back/")
    assert answer.redirect_chain == [("/pick/", 302)]
    picking.refresh_from_db()
    assert picking.status == Status.RELEASED


def test_a_begun_order_stays_when_the_list_is_given_back(ana, released, claimed):
    one, two = released(), released()
    pick_list = claimed(one, two, by=ana.user)
    post(ana, f"/pick/{pick_list.number}/scan/", {"code": one.variant.sku})
    assert "1 order is begun and stays on your list" in said(post(ana, f"/pick/{pick_list.number}/give-back/"))[0]
    assert set(FulfillmentOrder.objects.filter(status=Status.PICKING)) == {one}


def test_after_the_last_order_the_next_ones_are_offered(ana, picking, shirt, released):
    for _ in range(2):
        post(ana, f"{picking.url}scan/", {"code": shirt.sku})
    FulfillmentOrder.objects.filter(pk=released().pk).update(due_at=timezone.now() + timedelta(minutes=5))
    page = post(ana, f"{picking.url}stage/", {"work": picking.number, "code": "S-1"}).content.decode()
    assert "Start picking the most urgent" in page


def test_the_printed_list_has_aisles_bins_and_boxes(ana, picking):
    page = ana.get(f"{picking.url}print/").content.decode()
    assert "Aisle B" in page
    assert "B-11-1" in page
    assert 'class="pick-box' in page


def test_the_label_shows_order_customer_and_shelf_and_never_the_pickup_code(ana, picking, shirt):
    assert ana.get(f"/labels/{picking.number}/").status_code == 404, "there is no shelf yet"
    for _ in range(2):
        post(ana, f"{picking.url}scan/", {"code": shirt.sku})
    post(ana, f"{picking.url}stage/", {"work": picking.number, "code": "S-12"})
    page = ana.get(f"/labels/{picking.number}/").content.decode()
    assert "Ada B." in page
    assert "S-12" in page
    assert str(picking.order.number) in page
    assert "Byron" not in page
    assert pickup_code(picking.order.code_seed) not in page


@pytest.fixture
def parcel(ana, released, claimed, shirt):
    """A ship order on its shelf."""
    work = released(2, variant=shirt, ship=True)
    pick_list = claimed(work, by=ana.user)
    for _ in range(2):
        post(ana, f"/pick/{pick_list.number}/scan/", {"code": shirt.sku})
    answer = post(ana, f"/pick/{pick_list.number}/stage/", {"work": work.number, "code": "T-1"})
    assert "Pack" in answer.content.decode()
    return work


def test_a_parcel_waits_for_its_carrier_and_leaves(ana, parcel):
    assert f"/pack/{parcel.number}/" in ana.get("/ship/").content.decode()
    answer = post(ana, f"/ship/{parcel.number}/", {"carrier": "UPS", "tracking_number": "1Z999"})
    assert said(answer) == [f"Order {parcel.order.number} left with UPS. The customer gets the tracking number."]
    parcel.refresh_from_db()
    assert (parcel.status, parcel.tracking_number) == (Status.SHIPPED, "1Z999")
    assert "Nothing waits for the carrier" in ana.get("/ship/").content.decode()


@pytest.mark.parametrize(
    "values", [{"carrier": "UPS"}, {"tracking_number": "1Z"}, {"carrier": "U" * 61, "tracking_number": "1"}]
)
def test_a_parcel_leaves_with_carrier_and_number(ana, parcel, values):
    answer = ana.post(f"/ship/{parcel.number}/", values)
    assert answer.status_code == 422
    parcel.refresh_from_db()
    assert parcel.status == Status.STAGED


def test_queries_do_not_grow_with_lines_or_orders(ana, store, released, claimed, django_assert_max_num_queries):
    small = claimed(released(), by=ana.user)
    order = placed(*(line(stocked(store, 1), at=store) for _ in range(12)))
    release_due(now=timezone.now())
    large = claimed(order.fulfillment_orders.get(), *(released() for _ in range(4)), by=ana.user)
    for path in ("", "print/"):
        with django_assert_max_num_queries(10) as few:
            ana.get(f"/pick/{small.number}/{path}")
        with django_assert_max_num_queries(len(few)):
            ana.get(f"/pick/{large.number}/{path}")


def test_a_scan_costs_the_same_on_a_long_list(at, ana, store, released, claimed, django_assert_max_num_queries):
    htmx = at(user=ana.user, htmx=True)
    order = placed(*(line(stocked(store, 2), 2, at=store) for _ in range(12)))
    release_due(now=timezone.now())
    large = claimed(order.fulfillment_orders.get(), by=ana.user)
    short = claimed(released(2), by=ana.user)
    with django_assert_max_num_queries(24) as few:
        htmx.post(f"/pick/{short.number}/scan/", {"code": short.fulfillment_orders.get().lines.get().variant.sku})
    code = order.lines.first().sku
    with django_assert_max_num_queries(len(few)):
        assert htmx.post(f"/pick/{large.number}/scan/", {"code": code}).status_code == 200
