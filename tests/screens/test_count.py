"""One item counted blind: the screen tells what was expected only afterwards."""

import pytest
from django.utils import timezone

from inventory.models import CountSession, CycleCount, StockLevel
from inventory.operations.count import raise_counts
from inventory.operations.set_level import Level, set_levels
from omni.core.actors import Actor
from omni.core.kept import person_key
from tests.factories import LocationFactory, stocked

pytestmark = pytest.mark.django_db
COUNTS = "/counts/"


@pytest.fixture
def manager(at):
    return at("manager")


@pytest.fixture
def task(store):
    variant = stocked(store, 7, aisle="C", bin="02-3")
    raise_counts(items=[(variant.pk, store.pk)], reason="Not on the shelf", cause="test", by=Actor.system("test"),
                 now=timezone.now())  # fmt: skip
    return CycleCount.objects.select_related("variant__product").get()


def test_an_associate_may_not_count(ana, task):
    assert "Count" not in [tab["label"] for tab in ana.get("/today/").context["tabs"]()]
    for answer in (ana.get(COUNTS), ana.get(f"{COUNTS}{task.pk}/")):
        assert (answer.status_code, "Your role does not allow this" in answer.content.decode()) == (403, True)
    ana.post(f"{COUNTS}{task.pk}/", {"quantity": "3"})
    task.refresh_from_db()
    assert task.done_at is None


def test_nothing_to_count_says_what_will_appear(manager):
    assert "Nothing to count" in manager.get(COUNTS).content.decode()


def test_the_count_is_blind(manager, task):
    assert "C-02-3" in manager.get(COUNTS).content.decode()
    page = manager.get(f"{COUNTS}{task.pk}/").content.decode()
    assert 'value=""' in page
    assert ">7<" not in page


@pytest.mark.parametrize(
    ("counted", "said"),
    [("7", "Counted 7 of %s, as expected."), ("5", "Counted 5 of %s, 2 fewer than expected. Stock is corrected."),
     ("0", "Counted 0 of %s, 7 fewer than expected. Stock is corrected."),
     ("8", "Counted 8 of %s, 1 more than expected. Stock is corrected.")],
)  # fmt: skip
def test_a_count_is_booked_and_told(manager, store, task, counted, said):
    answer = manager.post(f"{COUNTS}{task.pk}/", {"quantity": counted}, follow=True)
    assert answer.redirect_chain == [(COUNTS, 302)]
    assert [str(message) for message in answer.context["messages"]] == [said % task.variant.title]
    assert StockLevel.objects.get(variant=task.variant, location=store).on_hand == int(counted)
    task.refresh_from_db()
    assert task.counted_by == manager.user


@pytest.mark.parametrize("counted", ["", "-1", "many", "1.5", "1000001"])
def test_what_is_no_count_is_asked_again(manager, task, counted):
    answer = manager.post(f"{COUNTS}{task.pk}/", {"quantity": counted})
    assert answer.status_code == 422
    assert "Nothing was saved yet" in answer.content.decode()
    task.refresh_from_db()
    assert task.done_at is None


def test_an_item_is_counted_once(manager, task):
    manager.post(f"{COUNTS}{task.pk}/", {"quantity": "7"})
    answer = manager.get(f"{COUNTS}{task.pk}/", follow=True)
    assert "Somebody has counted this item already." in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_people_counting_the_same_item_book_it_once(manager, store, task):
    manager.post(f"{COUNTS}{task.pk}/", {"quantity": "5"})
    answer = manager.post(f"{COUNTS}{task.pk}/", {"quantity": "4"}, headers={"referer": "http://testserver/counts/"},
                          follow=True)  # fmt: skip
    assert "Somebody has counted this item already." in answer.content.decode()
    assert StockLevel.objects.get(variant=task.variant, location=store).on_hand == 5


def test_another_stores_task_is_not_there(at, task):
    there = at("manager", location=LocationFactory())
    assert there.get(f"{COUNTS}{task.pk}/").status_code == 404
    assert there.post(f"{COUNTS}{task.pk}/", {"quantity": "1"}).status_code == 404


def test_queries_do_not_grow_with_the_tasks(manager, store, task, django_assert_max_num_queries):
    with django_assert_max_num_queries(7) as few:
        manager.get(COUNTS)
    items = [(stocked(store, 1).pk, store.pk) for _ in range(5)]
    raise_counts(items=items, reason="Damaged", cause="test", by=Actor.system("test"), now=timezone.now())
    with django_assert_max_num_queries(len(few)):
        manager.get(COUNTS)


def test_a_count_that_waited_on_its_device_is_booked_once(at, store):
    variant, task, ana = _to_count(at, store)
    page = ana.get(f"/counts/{task.pk}/")
    entry = {"quantity": "4", "scan_key": "a" * 32, "seen": page.context["seen"]}
    for _ in range(2):
        assert ana.post(f"/counts/{task.pk}/", entry, headers=_kept(ana, store)).json() == {"done": True}
    assert StockLevel.objects.get(variant=variant, location=store).on_hand == 4


@pytest.mark.django_db(transaction=True)
def test_a_count_that_waited_while_the_shelf_changed_is_asked_for_again(at, store):
    variant, task, ana = _to_count(at, store)
    seen = ana.get(f"/counts/{task.pk}/").context["seen"]
    set_levels(levels=[Level(variant.pk, store.pk, 9)], reason="delivery", by=Actor.system("test"), now=timezone.now())
    answer = ana.post(f"/counts/{task.pk}/", {"quantity": "4", "scan_key": "a" * 32, "seen": seen},
                      headers=_kept(ana, store))  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (409, "shelf_changed")
    task.refresh_from_db()
    assert task.done_at is None


def test_an_entry_that_is_sent_at_once_is_booked_without_a_mark_of_the_shelf(at, store):
    _variant, task, here = _to_count(at, store)
    answer = here.post(f"/counts/{task.pk}/", {"quantity": 4, "scan_key": "c" * 32}, headers=_kept(here, store))
    assert answer.json() == {"done": True}
    task.refresh_from_db()
    assert (task.counted_quantity, task.expected_quantity) == (4, 5)


def _to_count(at, store):
    variant = stocked(store, 5)
    raise_counts(items=[(variant.pk, store.pk)], reason="odd", cause="t", by=Actor.system("t"), now=timezone.now())
    return variant, CycleCount.objects.get(variant=variant), at("manager")


def _kept(client, store):
    return {"Omni-Kept-By": person_key(client.user.pk), "Omni-Kept-At": str(store.pk)}


def test_what_a_device_fetches_to_keep_takes_no_notice_away(manager, task):
    """The worker asks for the page behind a person's back; what was said is for the page that they look at."""
    manager.post(f"{COUNTS}{task.pk}/", {"quantity": "7"})
    said = f"Counted 7 of {task.variant.title}, as expected."
    assert said not in manager.get(COUNTS, headers={"X-Poll": "1"}).content.decode()
    assert said in manager.get(COUNTS).content.decode()
    assert said not in manager.get(COUNTS).content.decode()


def test_reasons_stand_on_the_list_in_words_and_in_the_order_of_a_walk(manager, store):
    far, near = (stocked(store, 2, aisle=aisle, bin="01") for aisle in ("J", "B"))
    now, by = timezone.now(), Actor.system("test")
    raise_counts(items=[(far.pk, store.pk)], reason="", cause="plan", why="stale", by=by, now=now)
    raise_counts(items=[(near.pk, store.pk)], reason="", cause="plan", why="zero", by=by, now=now)
    page = manager.get(COUNTS).content.decode()
    assert page.index("The book says the last one is sold") < page.index("Not counted for very long")


def test_one_tap_counts_the_list_together(manager, store, task):
    assert "Count these together" in manager.get(COUNTS).content.decode()
    answer = manager.post(f"{COUNTS}together/")
    session = CountSession.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/counts/sessions/{session.pk}/")
    assert session.items == [task.variant_id]
    assert "1 item of the list" in manager.get(answer.url).content.decode()
    assert "Join them" in manager.get(COUNTS).content.decode()
