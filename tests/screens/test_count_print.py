"""Counts on paper: sheets that tell no number, and the result that is signed."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import CountSession, CycleCount
from inventory.operations.count_scans import scan_item
from inventory.operations.count_session import end_counting
from inventory.operations.decide_count import book_count, decide_lines
from inventory.views import count_print
from omni.core.actors import Actor
from tests.factories import LocationFactory, VariantFactory, stocked
from tests.factories.counts import counting

pytestmark = pytest.mark.django_db
HOME = "/counts/sessions/"


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def shelves(store):
    """Two aisles and something without a place; the numbers cannot be anything else on the page."""
    return [stocked(store, units, aisle=aisle, bin=bin) for units, aisle, bin in
            ((7321, "10", "01"), (7322, "2", "07"), (7323, "2", "03"), (7324, "", ""))]  # fmt: skip


def test_sheets_follow_the_walk_and_tell_no_number(ana, store, shelves):
    session = counting(store, areas=["Window"])
    answer = ana.get(f"{HOME}{session.pk}/sheets/")
    assert [(sheet["title"], [row["bin"] for row in sheet["rows"]]) for sheet in answer.context["sheets"]] == [
        ("Aisle 2", ["2-03", "2-07"]), ("Aisle 10", ["10-01"]), ("Without an aisle", ["No bin"]), ("Window", []),
    ]  # fmt: skip
    page = words(answer)
    assert "sheet 4 of 4" in page
    assert all(variant.sku in page for variant in shelves)
    for number in re.findall(r"732\d|7,32\d", page):
        raise AssertionError(f"the book's {number} is on the sheet")


def test_one_aisle_is_printed_alone(ana, store, shelves):
    session = counting(store, areas=["Window"])
    answer = ana.get(f"{HOME}{session.pk}/sheets/", {"aisle": "2"})
    assert [sheet["title"] for sheet in answer.context["sheets"]] == ["Aisle 2"]
    assert len(ana.get(f"{HOME}{session.pk}/sheets/", {"aisle": "no-such"}).context["sheets"]) == 4


def test_only_what_is_counted_is_on_the_sheets(ana, store, shelves):
    lamp = stocked(store, 2, variant=VariantFactory(product__category="Lamps"), aisle="2", bin="09")
    gone = stocked(store, 0, variant=VariantFactory(product__category="Lamps"), aisle="2", bin="08")
    session = counting(store, category="Lamps")
    page = words(ana.get(f"{HOME}{session.pk}/sheets/"))
    assert lamp.sku in page
    assert gone.sku in page, "what the book says is gone is looked for too"
    assert not any(variant.sku in page for variant in shelves)


def printed(answer) -> list[tuple[str, list[str]]]:
    return [(sheet["title"], [row["sku"] for row in sheet["rows"]]) for sheet in answer.context["sheets"]]


def test_more_than_a_print_takes_is_printed_in_parts(ana, store, shelves, monkeypatch):
    monkeypatch.setattr(count_print, "MOST", 3)
    session = counting(store, areas=["Window"])
    ten, seven, three, nowhere = (variant.sku for variant in shelves)
    first = ana.get(f"{HOME}{session.pk}/sheets/")
    assert printed(first) == [("Aisle 2", [three, seven]), ("Aisle 10", [ten])]
    assert "On this print: items 1 to 3 of 4. Print one part after the other, or one aisle at a time." in words(first)
    links = [chip["url"] for chip in first.context["parts"]]
    assert links == ["?from=1", "?from=4"]
    last = ana.get(f"{HOME}{session.pk}/sheets/{links[1]}")
    assert printed(last) == [("Without an aisle", [nowhere]), ("Window", [])]
    assert "items 4 to 4 of 4" in words(last)
    for odd in ("5", "0", "-1", "x", "²", "9" * 40):
        assert printed(ana.get(f"{HOME}{session.pk}/sheets/", {"from": odd})) == printed(first)


def test_an_aisle_without_end_is_printed_in_parts_too(ana, store, monkeypatch):
    monkeypatch.setattr(count_print, "MOST", 2)
    wall = [stocked(store, 1, aisle="Wall & door", bin=f"{n:02}").sku for n in range(5)]
    session = counting(store)
    answer, seen = ana.get(f"{HOME}{session.pk}/sheets/", {"aisle": "Wall & door"}), []
    assert "On this print: items 1 to 2 of 5." in words(answer)
    assert "one aisle at a time" not in words(answer), "there is only one"
    for chip in answer.context["parts"]:
        seen += [sku for _title, skus in printed(ana.get(f"{HOME}{session.pk}/sheets/{chip['url']}")) for sku in skus]
    assert seen == wall


def test_a_long_list_of_counts_is_printed_in_parts_what_waits_longest_first(at, store, shelves, monkeypatch):
    monkeypatch.setattr(count_print, "MOST", 2)
    for n, variant in enumerate(shelves):
        CycleCount.objects.ask([(variant.pk, store.pk)], why="asked", reason="", cause="test",
                               now=timezone.now() + timedelta(minutes=n))  # fmt: skip
    CycleCount.objects.filter(variant=shelves[3]).update(raised_at=timezone.now() - timedelta(days=1))
    manager = at("manager")
    first = manager.get("/counts/print/")
    assert "On this print: items 1 to 2 of 4. What waits longest is on the first part." in words(first)
    assert printed(first) == [("Aisle 10", [shelves[0].sku]), ("Without an aisle", [shelves[3].sku])]
    assert printed(manager.get("/counts/print/?from=3")) == [("Aisle 2", [shelves[2].sku, shelves[1].sku])]


def test_a_store_of_many_shelves_takes_few_queries(ana, store, shelves, django_assert_max_num_queries):
    session = counting(store)
    with django_assert_max_num_queries(25) as few:
        ana.get(f"{HOME}{session.pk}/sheets/")
    for n in range(20):
        stocked(store, 1, aisle="2", bin=f"2{n}")
    with django_assert_max_num_queries(len(few)):
        ana.get(f"{HOME}{session.pk}/sheets/")


def test_the_list_of_counts_is_printed(at, store, shelves):
    CycleCount.objects.ask([(shelves[1].pk, store.pk)], why="asked", reason="", cause="test", now=timezone.now())
    page = words(at("manager").get("/counts/print/"))
    assert shelves[1].sku in page and shelves[0].sku not in page
    assert "7322" not in page


def test_the_result_names_differences_values_and_who_decided(at, store):
    lead, by = at("lead"), Actor.system("test")
    fits, more, fewer, unseen = (stocked(store, 10, variant=VariantFactory(unit_cost=5), aisle="A") for _ in range(4))
    now = timezone.now()
    session = counting(store, now=now)
    area = session.areas.get()
    ana = at("associate")
    for variant, units in ((fits, 10), (more, 12), (fewer, 7)):
        scan_item(area_id=area.pk, code=variant.sku, units=units, by=Actor.of(ana.user), now=now)
    early = lead.get(f"{HOME}{session.pk}/result/")
    assert "This count is not compared yet" in words(early)
    assert fewer.sku not in words(early)
    end_counting(session_id=session.pk, by=by, now=now)
    page = words(lead.get(f"{HOME}{session.pk}/result/"))
    assert "Not final: 4 items are still open." in page
    line = session.lines.get(variant=unseen)
    decide_lines(session_id=session.pk, ids=[line.pk], act="leave", reason="on display", by=Actor.of(lead.user),
                 now=now, approves=True)  # fmt: skip
    book_count(session_id=session.pk, by=by, now=timezone.now())
    session = CountSession.objects.get()
    answer = lead.get(f"{HOME}{session.pk}/result/")
    page = words(answer)
    assert answer.context["totals"] == {
        "items": 3, "fitting": 1, "uncounted": 1, "open": 0, "booked": 2, "up": "+2", "down": "−3",
        "gain": 10, "loss": 15, "exact": 33.3,
    }  # fmt: skip
    assert [row["sku"] for row in answer.context["lines"]] == [unseen.sku, fewer.sku, more.sku]
    for text in ("on display", "33.3 %", "+2 · $10.00", "−3 · $15.00", "Approved by", f"Counted by {ana.user}"):
        assert text in page, text
    assert fits.sku not in page, "what fits is no difference"


def test_the_result_is_for_leads_and_for_this_store(ana, at, store, shelves):
    session = counting(store)
    assert ana.get(f"{HOME}{session.pk}/result/").status_code == 403
    there = at("lead", location=LocationFactory())
    for path in ("sheets/", "result/"):
        assert there.get(f"{HOME}{session.pk}/{path}").status_code == 404
