"""HQ hands in a file of movements for a source, follows it, and reads what became of it."""

import csv
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.models import MovementFile
from inventory.operations.book_movement_file import book_next
from inventory.operations.reconcile import book_files
from omni.core.hq.show import list_url, page_url
from tests.factories import stocked
from tests.factories.feeds import feed_of, movements_of, movements_sent
from tests.shop import audit, level

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed():
    return feed_of("tills", name="Tills", columns={"sku": "Item"})


@pytest.fixture
def tee(store):
    return stocked(store, 10)


def upload(client, feed, content, *, name="day.csv", **more):
    data = {"file": SimpleUploadedFile(name, content)} | more
    return client.post(f"/hq/inventory/feed/{feed.pk}/upload-movements/", data)


def text(response) -> str:
    return response.content.decode()


def sales(tee, store, count, *lines):
    header = "event_id,Item,location,kind,quantity,occurred_at,reason"
    return movements_of(*((f"e{n}", tee, store, "pos_sale", 1, timezone.now()) for n in range(count)), *lines,
                        header=header)  # fmt: skip


def test_an_uploaded_file_becomes_a_result_that_people_can_read(hq, feed, store, tee):
    at = timezone.now().isoformat()
    page = text(hq.get(f"/hq/inventory/feed/{feed.pk}/upload-movements/"))
    assert "<code>Item</code>" in page
    content = sales(tee, store, 3, f"x,NOPE,{store.code},pos_sale,1,{at},",
                    f"e0,{tee.sku},{store.code},pos_sale,1,{at},", f'y,"=cmd()",{store.code},gift,1,{at},')  # fmt: skip
    response = upload(hq, feed, content)
    file = MovementFile.objects.get()
    assert response["Location"] == page_url("inventory.movementfile", file.pk)
    assert file.created_by == hq.user.shown_name
    assert "Waits for its turn" in text(hq.get(response["Location"]))
    book_files(now=timezone.now())
    page = text(hq.get(response["Location"]))
    for words in ("events booked", "known before", "Line 5", "No variant has the SKU NOPE.", "Unknown SKU",
                  "Unknown kind", "More bad rows than this source is allowed"):  # fmt: skip
        assert words in page, words
    table = list(csv.reader(StringIO(b"".join(
        hq.get(f"/hq/inventory/movementfile/{file.pk}/bad-rows.csv").streaming_content).decode())))  # fmt: skip
    assert table[0][:4] == ["line", "problem", "why", "sku"]
    assert [row[0] for row in table[1:]] == ["5", "7"]
    assert table[2][3] == "'=cmd()"
    assert level(tee, store)[0] == 7
    assert audit() == {}


def test_the_same_file_sent_twice_is_one(hq, feed, store, tee):
    content = sales(tee, store, 1)
    first = upload(hq, feed, content)["Location"]
    assert upload(hq, feed, content)["Location"] == first
    assert "was sent before" in text(hq.get(first))


def test_the_same_rows_for_another_location_are_another_file(hq, feed, store, tee, other_store):
    stocked(other_store, 10, variant=tee)
    content = f"Item,kind,quantity,occurred_at\n{tee.sku},pos_sale,1,{timezone.now().isoformat()}\n".encode()
    for place in (store, other_store):
        assert upload(hq, feed, content, location_code=place.code).status_code == 302
    book_files(now=timezone.now())
    assert (level(tee, store)[0], level(tee, other_store)[0]) == (9, 9)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": "day.xls"}, "Send a .csv or .ndjson file"),
        ({"location_code": "9999"}, "no location with the code 9999"),
        ({"name": "day.csv.gz"}, "The packed file is broken."),
    ],
)
def test_a_file_that_cannot_be_taken_says_why_and_keeps_what_was_typed(hq, feed, store, more, words):
    response = upload(hq, feed, b"Item,location\n", **({"location_code": store.code} | more))
    assert response.status_code == 422
    assert words in text(response)
    assert f'value="{more.get("location_code", store.code)}"' in text(response)
    assert not MovementFile.objects.exists()


def test_a_page_follows_the_work_and_survives_a_reload(hq, feed, store, tee):
    upload(hq, feed, sales(tee, store, 6))
    file = MovementFile.objects.get()
    url = page_url("inventory.movementfile", file.pk)
    book_next(file_id=file.pk, now=timezone.now(), most=2)
    then = timezone.now().timestamp() - 2
    part = text(hq.get(f"{url}?at={then}&rows=0&part=0", headers={"HX-Request": "true"}))
    assert "<html" not in part
    for words in ("Books the events", "rows a second", "less than a minute"):
        assert words in part, words
    assert hq.get(f"{url}?at=x&rows=-1&part=nan", headers={"HX-Request": "true"}).status_code == 200
    assert '<noscript><meta http-equiv="refresh"' in text(hq.get(url))
    book_files(now=timezone.now())
    assert hq.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "events booked" in text(hq.get(url))


def test_a_stopped_file_says_what_is_booked(hq, feed, store, tee):
    movements_sent(feed, "a,1", header="sku,quantity")
    book_files(now=timezone.now())
    page = text(hq.get(page_url("inventory.movementfile", MovementFile.objects.get().pk)))
    assert "Stopped: nothing of it was used" in page
    assert "The header lacks: Item, location, kind, occurred_at." in page
    assert "events booked" not in page


def test_the_list_asks_no_more_for_more_files_and_is_for_hq_alone(hq, manager, feed, store, tee):
    url = list_url("inventory.movementfile")

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert hq.get(url).status_code == 200
        return len(queries)

    upload(hq, feed, sales(tee, store, 1))
    first = asked()
    for n in range(2, 5):
        upload(hq, feed, sales(tee, store, n))
    assert asked() <= first
    assert manager.get(url).status_code == 403
    assert manager.get(f"/hq/inventory/feed/{feed.pk}/upload-movements/").status_code == 403
