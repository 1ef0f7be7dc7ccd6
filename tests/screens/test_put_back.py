"""Units that come back to their shelf: each sells again after its scan, each scan counts once."""

import pytest
from django.utils import timezone

from inventory.models import PutBack, StockLevel
from omni.core.actors import Actor
from orders.operations.cancel import cancel
from orders.operations.pick import pick
from tests.factories import LocationFactory, VariantFactory

pytestmark = pytest.mark.django_db
refusing = pytest.mark.django_db(transaction=True)
HERE = "/put-back/"


@pytest.fixture
def task(ana, released, claimed):
    """Two picked units whose order was cancelled."""
    work = released(2)
    by, now = Actor.of(ana.user), timezone.now()
    pick_list = claimed(work, by=ana.user)
    for _ in range(2):
        pick(pick_list_id=pick_list.pk, code=work.variant.sku, by=by, now=now)
    cancel(number=work.order.number, reason="changed my mind", by=Actor.system("site"), now=now)
    return PutBack.objects.select_related("variant__product").get()


def scan(client, code, **more):
    return client.post(HERE, {"code": code, **more}, headers={"referer": f"http://testserver{HERE}"}, follow=True)


def sellable(task):
    return StockLevel.objects.get(variant=task.variant, location=task.location).on_hand


def test_nothing_to_put_back_says_what_will_appear(ana):
    assert "Nothing to put back" in ana.get(HERE).content.decode()


def test_each_scan_puts_one_unit_back_on_sale(ana, task):
    page = ana.get(HERE).content.decode()
    assert task.variant.title in page
    assert "A-01-1" in page
    assert "0 of 2 put back" in page
    assert sellable(task) == 0
    assert f"Put back 1 of 2 · {task.variant.title}" in scan(ana, task.variant.sku).content.decode()
    assert sellable(task) == 1
    assert "That was the last one." in scan(ana, task.variant.barcodes.get().code).content.decode()
    assert sellable(task) == 2
    assert "Nothing to put back" in ana.get(HERE).content.decode()


def test_with_script_the_line_comes_back(at, ana, task):
    answer = at(user=ana.user, htmx=True).post(HERE, {"code": task.variant.sku})
    body = answer.content.decode()
    assert f'id="task-{task.pk}" hx-swap-oob="true"' in body
    assert 'data-sound="good"' in body
    assert "<html" not in body


def test_the_same_scan_sent_twice_counts_once(ana, task):
    for _ in range(2):
        scan(ana, task.variant.sku, scan_key="k" * 32)
    task.refresh_from_db()
    assert (task.done_quantity, sellable(task)) == (1, 1)


@refusing
@pytest.mark.parametrize(
    ("code", "sentence"),
    [("OTHER", "does not wait to be put back"), ("NEVER", "No item has the code NEVER"), ("", "Scan or type the item")],
)
def test_a_wrong_scan_changes_nothing(ana, task, code, sentence):
    VariantFactory(sku="OTHER")
    assert sentence in scan(ana, code).content.decode()
    task.refresh_from_db()
    assert task.done_quantity == 0


@refusing
def test_another_stores_task_is_not_here(at, task):
    there = at("associate", location=LocationFactory())
    assert "Nothing to put back" in there.get(HERE).content.decode()
    assert "does not wait to be put back" in scan(there, task.variant.sku).content.decode()
    task.refresh_from_db()
    assert task.done_quantity == 0


def test_queries_do_not_grow_with_the_tasks(ana, store, task, django_assert_max_num_queries):
    with django_assert_max_num_queries(7) as few:
        ana.get(HERE)
    for _ in range(5):
        PutBack.objects.create(location=store, variant=VariantFactory(), quantity=1, cause="test", reason="test",
                               created_at=timezone.now())  # fmt: skip
    with django_assert_max_num_queries(len(few)):
        ana.get(HERE)
