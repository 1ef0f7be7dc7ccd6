"""A wave: several orders on one walk, one row per item, each unit into its order's tote, two people on one list."""

import pytest

from omni.core.actors import Actor
from omni.core.checks import run_checks
from orders.models import FulfillmentLine, FulfillmentOrder, PickList, PickScan
from orders.models.fulfillment_order import Status
from orders.operations.pick import pick
from orders.operations.release import release_due
from tests.factories import LocationFactory, line, placed, stocked
from tests.screens.test_queue import due_in
from tests.shop import now

pytestmark = pytest.mark.django_db
refusing = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mug(store):
    return stocked(store, 20, aisle="A", bin="01-1")


@pytest.fixture
def wave(store, released, claimed, ana, mug):
    """Three parcels on Ana's list: two mugs, one mug and a shirt, three mugs; the last has the most time."""
    shirt = stocked(store, 5, aisle="B", bin="02-1")
    works = [released(2, variant=mug, ship=True), None, released(3, variant=mug, ship=True)]
    order = placed(line(mug, 1), line(shirt, 1))
    order.fulfillment_orders.update(release_at=now())
    release_due(now=now())
    works[1] = order.fulfillment_orders.get()
    for work, minutes in zip(works, (30, 60, 90), strict=True):
        due_in(work, minutes)
    pick_list = claimed(*works, by=ana.user)
    pick_list.works, pick_list.url, pick_list.shirt = works, f"/pick/{pick_list.number}/", shirt
    return pick_list


def post(client, url, data=None, **more):
    here = "/".join(url.split("/")[:3]) + "/"
    return client.post(url, data or {}, headers={"referer": f"http://testserver{here}"}, follow=True, **more)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def picked(work):
    return sum(FulfillmentLine.objects.filter(fulfillment_order=work).values_list("picked_quantity", flat=True))


def scan_all(pick_list, by):
    for each in FulfillmentLine.objects.filter(fulfillment_order__pick_list=pick_list):
        for _ in range(each.to_pick_quantity):
            pick(pick_list_id=pick_list.pk, code=each.variant.sku, by=Actor.of(by), now=now())


def test_quantities_are_summed_on_one_row_that_says_which_totes(ana, wave):
    rows = ana.get(wave.url).context["walk"].to_pick
    assert [(row["bin"], row["picked"], row["wanted"]) for row in rows] == [("A-01-1", 0, 6), ("B-02-1", 0, 1)]
    assert [(each["tote"], each["wanted"]) for each in rows[0]["totes"]] == [("T1", 2), ("T2", 1), ("T3", 3)]
    assert [each["tote"] for each in rows[1]["totes"]] == ["T2"]


def test_each_scan_says_its_tote_the_most_urgent_order_first(at, ana, wave, mug):
    client = at(user=ana.user, htmx=True)
    called = []
    for n in range(4):
        body = client.post(f"{wave.url}scan/", {"code": mug.sku, "scan_key": f"{n:032}"}).content.decode()
        called.append(body.partition('class="tote-call"')[2].partition("<b>")[2].partition("</b>")[0])
        assert f"Picked {n + 1} of 6" in body
    assert called == ["T1", "T1", "T2", "T3"]
    assert [picked(work) for work in wave.works] == [2, 1, 1]


def test_without_script_the_tote_is_said_too(ana, wave, mug):
    assert said(post(ana, f"{wave.url}scan/", {"code": mug.sku})) == [f"Tote T1. Picked 1 of 6 · {mug.title}"]


def test_one_order_alone_needs_no_tote(ana, released, claimed):
    work = released(2)
    page = ana.get(f"/pick/{claimed(work, by=ana.user).number}/").content.decode()
    assert "pick-totes" not in page
    assert f"Order {work.order.number}" in page


def test_undo_takes_the_last_one_out_of_its_tote(ana, wave, mug):
    for _ in range(3):
        post(ana, f"{wave.url}scan/", {"code": mug.sku})
    row = ana.get(wave.url).context["walk"].to_pick[0]
    post(ana, f"{wave.url}undo/", {"line": row["undo_line"]})
    assert [picked(work) for work in wave.works] == [2, 0, 0]


def test_what_is_short_is_taken_from_the_order_with_the_most_time(ana, store, wave, mug):
    other = LocationFactory()
    stocked(other, 9, variant=mug)
    first = ana.get(wave.url).context["walk"].to_pick[0]["line_id"]
    page = ana.get(f"{wave.url}short/{first}/").content.decode()
    assert "The order with the most time left goes without." in page

    answer = post(ana, f"{wave.url}short/{first}/", {"reason": "not-found", "quantity": "4"})

    lines = [work.lines.get(variant=mug) for work in wave.works]
    assert [each.short_quantity for each in lines] == [0, 1, 3]
    wave.works[2].refresh_from_db()
    assert wave.works[2].status == Status.SHORT
    moved = FulfillmentOrder.objects.filter(location=other).values_list("order", "lines__quantity")
    assert set(moved) == {(wave.works[1].order_id, 1), (wave.works[2].order_id, 3)}
    assert f"{other.name} ships it instead." in said(answer)[0]
    assert "(T3)" in said(answer)[0]
    assert not [finding for finding in run_checks() if finding.count]


def test_a_finished_wave_goes_to_the_packing_table_in_one_tap(ana, wave):
    scan_all(wave, ana.user)
    page = ana.get(wave.url).content.decode()
    assert "Bring 3 totes to the packing table" in page

    answer = post(ana, f"{wave.url}packing/")

    assert said(answer) == ["3 totes wait at the packing table."]
    works = FulfillmentOrder.objects.order_by("due_at")
    assert [(work.status, work.shelf_code) for work in works] == [
        ("staged", f"{wave}-T{n}") for n in (1, 2, 3)
    ]  # fmt: skip
    wave.refresh_from_db()
    assert wave.finished_at


@refusing
def test_totes_go_nowhere_while_they_are_empty(ana, wave):
    assert said(post(ana, f"{wave.url}packing/")) == [
        "No tote is complete yet. Pick its units or report them as short."
    ]
    assert not FulfillmentOrder.objects.filter(status=Status.STAGED).exists()


def test_a_tote_with_a_label_is_scanned_once_per_order(ana, wave, mug):
    url = f"{wave.url}totes/"
    for label in ("bin-7", "BIN-8"):
        work = ana.get(url).context["next"].work
        post(ana, url, {"work": work.number, "code": label})
    assert [job.work.tote for job in ana.get(url).context["jobs"]] == ["BIN-7", "BIN-8", "T3"]
    assert "Tote BIN-7" in said(post(ana, f"{wave.url}scan/", {"code": mug.sku}))[0]


@refusing
def test_one_tote_holds_one_order(ana, wave):
    url = f"{wave.url}totes/"
    post(ana, url, {"work": wave.works[0].number, "code": "BIN-7"})
    answer = post(ana, url, {"work": wave.works[1].number, "code": "bin-7"})
    assert said(answer) == ["Tote BIN-7 holds another order. Take an empty one."]
    wave.works[1].refresh_from_db()
    assert wave.works[1].tote == "T2"


@refusing
def test_a_colleague_joins_and_both_scans_count(at, ana, wave, mug):
    ben = at()
    assert "picking this list" in said(post(ben, f"{wave.url}scan/", {"code": mug.sku}))[0]
    assert 'id="join"' in ben.get(wave.url).content.decode()

    post(ben, f"{wave.url}join/")
    post(ben, f"{wave.url}join/")
    post(ben, f"{wave.url}scan/", {"code": mug.sku})
    post(ana, f"{wave.url}scan/", {"code": mug.sku})

    assert wave.helpers.count() == 1
    assert [picked(work) for work in wave.works] == [2, 0, 0]
    assert set(PickScan.objects.values_list("scanned_by", flat=True)) == {ana.user.pk, ben.user.pk}
    assert [each["units"] for each in ana.get(wave.url).context["people"]] == [1, 1]
    assert f"Go on with {wave}" in ben.get("/today/").content.decode()

    post(ben, f"{wave.url}leave/")
    assert "picking this list" in said(post(ben, f"{wave.url}scan/", {"code": mug.sku}))[0]
    assert [picked(work) for work in wave.works] == [2, 0, 0]


def test_another_stores_list_cannot_be_joined(at, wave):
    stranger = at(location=LocationFactory())
    assert stranger.post(f"{wave.url}join/").status_code == 404
    assert not wave.helpers.exists()


def test_a_poll_brings_what_the_colleague_did_and_nothing_else(at, ana, wave, mug):
    mine = at(user=ana.user, htmx=True)
    poll = f"{wave.url}?phase=walking"
    drawn = mine.get(poll)
    assert mine.get(poll, headers={"If-None-Match": drawn["ETag"]}).status_code == 304

    pick(pick_list_id=wave.pk, code=mug.sku, by=Actor.of(ana.user), now=now())

    body = mine.get(poll, headers={"If-None-Match": drawn["ETag"]}).content.decode()
    assert "1 of 6 picked" in body
    assert "data-scan" not in body, "the scan field stays as it is"


def test_a_poll_brings_the_whole_page_when_the_walk_is_at_its_end(at, ana, wave):
    scan_all(wave, ana.user)
    answer = at(user=ana.user, htmx=True).get(f"{wave.url}?phase=walking")
    assert answer["HX-Retarget"] == "#pick"
    assert "Bring 3 totes" in answer.content.decode()


def test_paper_lists_the_totes_and_the_summed_rows(ana, wave):
    page = ana.get(f"{wave.url}print/").content.decode()
    assert page.count("data-state") == 2
    assert all(f"<b>T{n}</b>" in page for n in (1, 2, 3))


def test_fifty_orders_cost_the_queries_of_two(ana, store, released, claimed, mug, django_assert_max_num_queries):
    def walk(count):
        works = [released(1, variant=mug, ship=True) for _ in range(count)]
        url = f"/pick/{claimed(*works, by=ana.user).number}/"
        ana.get(url)
        return url

    type(store).objects.filter(pk=store.pk).update(wave_orders=60)  # so many at once
    few = walk(2)
    with django_assert_max_num_queries(10) as asked:
        ana.get(few)
        cost = len(asked)
    stocked(store, 60, variant=mug)
    many = walk(50)
    with django_assert_max_num_queries(cost):
        assert ana.get(many).context["walk"].to_pick[0]["wanted"] == 50
    assert PickList.objects.count() == 2
