"""What was it on Tuesday at 14:00, and who changed it: one shelf and a whole location, in HQ."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import StockLevel
from tests.factories import stocked
from tests.ledger import booked_at

pytestmark = pytest.mark.django_db
NOON = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def local(place, at) -> str:
    return f"{at.astimezone(place.zone):%Y-%m-%dT%H:%M}"


@pytest.fixture
def tee(store):
    """Twelve came at ten, two were sold at eleven, one more was, but that was told two hours later."""
    variant = stocked(store, 0)
    booked_at(variant, store, "receipt", 12, NOON - timedelta(hours=2), by="user:erin")
    booked_at(variant, store, "pos_sale", -2, NOON - timedelta(hours=1))
    booked_at(variant, store, "pos_sale", -1, NOON + timedelta(hours=1), happened=NOON - timedelta(minutes=5))
    return variant


def shelf(client, variant, store, **asked):
    level = StockLevel.objects.get(variant=variant, location=store)
    return client.get(reverse("admin:inventory_stocklevel_as_of", args=[level.pk]), asked)


def test_a_shelf_is_told_as_the_book_had_it_and_as_is_known_today(hq, store, tee):
    answer = shelf(hq, tee, store, at=local(store, NOON))
    then = answer.context["then"]
    assert (then.booked, then.known, then.now) == (10, 9, 9)
    page = text(answer)
    assert "last before: Till sale −2 by system:test" in page
    assert "reports came late" in page
    assert page.count("<tr><td>") == 3
    early = shelf(hq, tee, store, at=local(store, NOON - timedelta(minutes=90)))
    assert (early.context["then"].booked, early.context["last"]["by"]) == (12, "user:erin")
    before = shelf(hq, tee, store, at=local(store, NOON - timedelta(hours=3)))
    assert (before.context["then"].booked, before.context["last"]) == (0, {})


def test_the_course_ends_with_what_is_there(hq, store, tee):
    values = shelf(hq, tee, store).context["values"]
    assert (values[0], values[-1], len(values)) == (0, 9, 61)


@pytest.mark.parametrize("at", ["tuesday", "2999-01-01T10:00"])
def test_a_moment_that_cannot_be_meant_is_refused(hq, store, tee, at):
    answer = shelf(hq, tee, store, at=at)
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert answer.context["then"].booked == 9


def test_a_whole_location_is_told_and_downloaded(hq, store, tee):
    stocked(store, 5)
    url = reverse("admin:inventory_location_as_of", args=[store.pk])
    answer = hq.get(url, {"at": local(store, NOON)})
    found = {name: answer.context[name] for name in ("booked", "known", "units", "shelves", "changed")}
    assert found == {"booked": 10, "known": 9, "units": 14, "shelves": 2, "changed": 2}
    rows = list(csv.reader(StringIO(b"".join(hq.get(f"{url}{answer.context['download']}").streaming_content).decode())))
    assert rows[0] == ["sku", "item", "by the book then", "as known today", "now", "changed since"]
    assert [tee.sku, tee.title, "10", "9", "9", "-1"] in rows
    assert len(rows) == 3


def test_a_manager_sees_their_own_store_only(manager, store, other_store, tee):
    assert manager.get(reverse("admin:inventory_location_as_of", args=[store.pk])).status_code == 200
    theirs = stocked(other_store, 1)
    assert shelf(manager, theirs, other_store).status_code == 404
    for name in ("as_of", "as_of_download"):
        assert manager.get(reverse(f"admin:inventory_location_{name}", args=[other_store.pk])).status_code == 404
