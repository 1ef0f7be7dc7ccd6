"""Kits over the API: defined, changed and ended, and told to whoever keeps numbers of them."""

from collections import Counter
from hashlib import md5

import pytest
from django.db import connection

from inventory.models import AvailabilityRule, KitComponent, ShelfNews, StockChange, StockLevel
from inventory.models.stock_change import STEPS
from inventory.operations.number_changes import NUMBER, SLICE_ENDS, number_changes
from omni.core.models import Event
from tests.api.conftest import SITE, order_body, pickup
from tests.factories import LocationFactory, VariantFactory, stocked
from tests.factories.kits import kit_of
from tests.factories.rules import active
from tests.factories.supply import ordered
from tests.shop import audit

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(new_site):
    """Who keeps the catalog."""
    return new_site(name="catalog", scopes=[*SITE, "catalog:write"])


@pytest.fixture
def parts(store):
    return stocked(store, 20), stocked(store, 9)


def recipe(*parts, **more):
    return {"components": [{"sku": part.sku, "quantity": units} for part, units in parts], **more}


def crossings(kit):
    told = Event.objects.filter(topic="inventory.stock_crossed", payload__sku=kit.sku).order_by("pk")
    return [(each["location"], each["was"], each["state"], each["available"])
            for each in told.values_list("payload", flat=True)]  # fmt: skip


def test_a_kit_is_defined_read_changed_and_ended(keeper, store, parts):
    tee, mug = parts
    box = VariantFactory(sku="GIFT/4411", price="30")
    assert keeper.get("/kits/GIFT/4411").status_code == 404, "not one yet"
    made = keeper.put("/kits/GIFT/4411", recipe((tee, 2), (mug, 1), may_split=True))
    assert made.status_code == 201, made.content
    told = {"sku": box.sku, "title": box.title, "may_split": True, "is_active": True,
            "components": [{"sku": tee.sku, "quantity": 2}, {"sku": mug.sku, "quantity": 1}]}  # fmt: skip
    assert made.json() == told == keeper.get("/kits/GIFT/4411").json()
    changed = keeper.put("/kits/GIFT/4411", recipe((tee, 4)))
    assert changed.status_code == 200, changed.content
    assert (changed.json()["components"], changed.json()["may_split"]) == ([{"sku": tee.sku, "quantity": 4}], True)
    (item,) = keeper.get("/availability", sku=box.sku).json()["results"]
    assert item["total"] == 5
    assert keeper.delete("/kits/GIFT/4411").status_code == 204
    assert keeper.get("/kits/GIFT/4411").status_code == 404
    assert keeper.get("/variants/GIFT/4411").json()["components"] == []
    (item,) = keeper.get("/availability", sku=box.sku).json()["results"]
    assert item["total"] == 0
    topics = Event.objects.filter(aggregate_type="kit").order_by("pk").values_list("topic", flat=True)
    assert list(topics) == ["inventory.kit_defined", "inventory.kit_defined", "inventory.kit_ended"]
    assert audit() == {}


def test_the_same_request_twice_is_one(keeper, parts):
    tee, mug = parts
    box = VariantFactory()
    once = [keeper.put(f"/kits/{box.sku}", recipe((tee, 1)), key="same") for _ in range(2)]
    assert [each.status_code for each in once] == [201, 201]
    assert once[1].headers["Idempotency-Replayed"] == "true"
    assert keeper.put(f"/kits/{box.sku}", recipe((mug, 1)), key="same").json()["code"] == "idempotency_key_reused"
    assert keeper.put(f"/kits/{box.sku}", recipe((tee, 1))).status_code == 200, "said anew it is the same kit"
    assert Event.objects.filter(topic="inventory.kit_defined").count() == 1


def test_whether_it_may_be_split_is_told_too(keeper, parts):
    tee, mug = parts
    kit = kit_of({tee: 2, mug: 1})
    number_changes()
    for body in ({"may_split": True}, {"may_split": True}, {}, {"may_split": False}):
        assert keeper.put(f"/kits/{kit.sku}", recipe((tee, 2), (mug, 1), **body)).status_code == 200
    told = Event.objects.filter(topic="inventory.kit_defined").order_by("pk").values_list("payload", flat=True)
    made = {"sku": kit.sku, "components": {tee.sku: 2, mug.sku: 1}}
    assert list(told) == [made | {"may_split": splits} for splits in (False, True, False)]
    assert not ShelfNews.objects.exists(), "no location has more or fewer of it"


def test_all_kits_and_those_of_a_part(keeper, parts):
    tee, mug = parts
    first, second = kit_of({tee: 2}), kit_of({tee: 1, mug: 1})
    page = keeper.get("/kits", limit=1).json()
    assert [each["sku"] for each in page["results"]] == [first.sku]
    assert page["next"]
    assert [each["sku"] for each in keeper.get("/kits", component=mug.sku).json()["results"]] == [second.sku]
    assert keeper.get("/kits", component="no-such").json()["results"] == []


def test_what_cannot_be_a_kit_is_refused_at_its_place(keeper, store, parts):
    tee, mug = parts
    kit, box, shelf, bought = kit_of({tee: 1}), VariantFactory(), stocked(store, 1), stocked(store, 0)
    ordered(store, {bought: 5})
    for sku, body, status, code, pointer in (
        (box.sku, recipe((tee, 1), (kit, 1)), 422, "nested", "/components/1/sku"),
        (tee.sku, recipe((mug, 1)), 422, "nested", "/components"),
        (box.sku, recipe((box, 1)), 422, "own_part", "/components/0/sku"),
        (box.sku, recipe((tee, 1), (tee, 2)), 422, "duplicate", "/components/1/sku"),
        (box.sku, {"components": [{"sku": "no-such", "quantity": 1}]}, 422, "unknown_sku", "/components/0/sku"),
        (box.sku, recipe((tee, 0)), 400, "invalid_request", "/components/0/quantity"),
        (box.sku, recipe((tee, 10_001)), 400, "invalid_request", "/components/0/quantity"),
        (box.sku, {"components": []}, 400, "invalid_request", "/components"),
        (box.sku, recipe((tee, 1), price="30"), 400, "invalid_request", "/price"),
    ):
        answer = keeper.put(f"/kits/{sku}", body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
        assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    for sku in (shelf.sku, bought.sku):
        assert keeper.put(f"/kits/{sku}", recipe((tee, 1))).json()["code"] == "has_stock"
    assert keeper.put("/kits/no-such", recipe((tee, 1))).status_code == 404
    assert keeper.delete(f"/kits/{box.sku}").json()["code"] == "no_kit"
    assert KitComponent.objects.get().kit == kit


def test_only_who_keeps_the_whole_catalog_writes(site, new_site, store, parts):
    tee, _mug = parts
    kit = kit_of({tee: 1})
    assert site.put(f"/kits/{kit.sku}", recipe((tee, 2))).json()["code"] == "missing_scope"
    mine = new_site(scopes=["catalog:read", "catalog:write"], locations=[f"location:{store.pk}"])
    assert mine.get(f"/kits/{kit.sku}").status_code == 200
    assert mine.put(f"/kits/{kit.sku}", recipe((tee, 2))).json()["code"] == "limited_key"
    assert mine.delete(f"/kits/{kit.sku}").json()["code"] == "limited_key"
    assert KitComponent.objects.get().quantity == 1


def test_what_was_ordered_of_a_kit_outlives_it(keeper, store, parts):
    tee, mug = parts
    kit = kit_of({tee: 2, mug: 1})
    order = keeper.post("/orders", order_body(pickup(kit, store, 2))).json()
    assert keeper.delete(f"/kits/{kit.sku}").status_code == 204
    (sold,) = keeper.get(f"/orders/{order['number']}").json()["kits"]
    assert (sold["sku"], sold["quantity"]) == (kit.sku, 2)
    again = keeper.post("/orders", order_body(pickup(kit, store)))
    assert (again.status_code, again.json()["code"]) == (409, "insufficient_stock")
    assert audit() == {}


def test_a_kit_crosses_when_a_part_moves(keeper, store, parts):
    tee, mug = parts
    number_changes()
    kit = kit_of({tee: 2, mug: 1})
    number_changes()
    assert crossings(kit) == [(store.code, "out", "in_stock", 9)]
    stocked(LocationFactory(), 50, variant=tee)  # no mug there
    keeper.post("/orders", order_body(pickup(mug, store, 6)))
    number_changes()
    keeper.post("/orders", order_body(pickup(mug, store, 3), pickup(tee, store, 1)))
    number_changes()
    stocked(store, 1, variant=tee)
    number_changes()
    assert crossings(kit)[1:] == [(store.code, "in_stock", "low", 3), (store.code, "low", "out", 0)]


def test_a_kit_that_is_made_of_other_parts_or_ends_crosses_too(keeper, store, parts):
    tee, mug = parts
    kit = kit_of({tee: 1})
    number_changes()
    keeper.put(f"/kits/{kit.sku}", recipe((tee, 1), (mug, 3)))
    number_changes()
    keeper.delete(f"/kits/{kit.sku}")
    number_changes()
    assert crossings(kit)[1:] == [(store.code, "in_stock", "low", 3), (store.code, "low", "out", 0)]


def test_news_that_come_in_two_parts_make_one_crossing(keeper, store, parts):
    tee, mug = parts
    kit = kit_of({tee: 1, mug: 1})
    number_changes()
    for part in (tee, mug):
        keeper.post("/orders", order_body(pickup(part, store, 8)))
    while number_changes(most=1):
        continue
    assert crossings(kit)[1:] == [(store.code, "in_stock", "low", 1)]
    (row,) = [row for row in keeper.get("/inventory/changes", after=0, limit=1000).json()["results"]
              if row["sku"] == kit.sku][-1:]  # fmt: skip
    assert row["available"] == 1


@pytest.mark.parametrize("is_analyzed", [True, False])
def test_a_long_backlog_costs_a_slice_of_kits_nothing(store, parts, is_analyzed):
    """However many notes wait, a slice reads those that it takes and looks the parts' next ones up."""
    tee, mug = parts
    kit = kit_of({tee: 1, mug: 1})
    number_changes()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inventory_shelfnews")  # when it was empty, as between two rounds
        others = [stocked(store, 1).pk for _ in range(3)]
        ShelfNews.objects.bulk_create([
            ShelfNews(variant_id=pk, location=store, was=9, becomes=8)
            for pk in [tee.pk] * 3_000 + others * 1_000  # and no mug
        ])  # fmt: skip
        if is_analyzed:
            cursor.execute("ANALYZE inventory_shelfnews")
        waiting = ShelfNews.objects.count()
        cursor.execute(SLICE_ENDS, [100])
        values = {"until": cursor.fetchone()[0], "steps": list(STEPS)}
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {NUMBER}", values)
        (plan,) = cursor.fetchone()[0]
    assert ShelfNews.objects.count() == waiting - 100
    assert StockChange.objects.filter(variant_id=kit.pk).count() == 2
    assert rows_read(plan["Plan"], "inventory_shelfnews") == {"inventory_shelfnews_pkey": 100, "news_of_shelf": 1}


def rows_read(node: dict, table: str) -> Counter[str]:
    """By index, the rows of a table that a plan looked at, those that it threw away too."""
    rows: Counter[str] = Counter()
    if node.get("Relation Name") == table and node["Node Type"] != "ModifyTable":
        each = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        rows[node.get("Index Name", node["Node Type"])] = round(node["Actual Loops"] * each)
    return sum((rows_read(each, table) for each in node.get("Plans", ())), rows)


def test_a_rule_is_no_crossing_of_a_kit(store, parts):
    tee, mug = parts
    kit = kit_of({tee: 1, mug: 1})
    number_changes()
    active(units=7)
    assert AvailabilityRule.objects.count() == 1
    number_changes()
    assert len(crossings(kit)) == 1


def test_the_feed_tells_of_the_end_and_newer_numbers_win(keeper, store, parts):
    tee, mug = parts
    kit = kit_of({tee: 2})
    number_changes()
    seen = keeper.get("/inventory/changes", after=0).json()
    versions = [row["version"] for row in seen["results"] if row["sku"] == kit.sku]
    for change in (lambda: keeper.put(f"/kits/{kit.sku}", recipe((mug, 3))), lambda: keeper.delete(f"/kits/{kit.sku}")):
        assert change().status_code < 300
        number_changes()
        seen = keeper.get("/inventory/changes", after=seen["last_sequence"]).json()
        (row,) = seen["results"]
        assert row["sku"] == kit.sku
        versions.append(row["version"])
    assert (row["on_hand"], row["available"]) == (0, 0)
    assert versions == sorted(set(versions))


def test_a_shelf_that_was_a_kit_meanwhile_never_goes_back(keeper, store, parts):
    tee, mug = parts
    box = stocked(store, 3)
    stocked(store, 0, variant=box)
    number_changes()
    mine: dict[tuple[str, str], dict] = {}

    def follow(after: int) -> int:
        """What docs/changes.md tells a channel to do."""
        number_changes()
        page = keeper.get("/inventory/changes", after=after).json()
        for row in page["results"]:
            known = mine.get((row["sku"], row["location"]))
            if known is None or row["version"] > known["version"]:
                mine[row["sku"], row["location"]] = row
        return page["last_sequence"]

    place, has = follow(0), (lambda: mine[box.sku, store.code]["available"])
    assert has() == 0
    for _ in range(9):  # the numbers of the chain run far ahead of those of one shelf
        stocked(store, 1)
        number_changes()
    told = []
    for change, units in (
        (lambda: keeper.put(f"/kits/{box.sku}", recipe((tee, 2), (mug, 1))), 9),
        (lambda: keeper.delete(f"/kits/{box.sku}"), 0),
        (lambda: stocked(store, 5, variant=box), 5),
        (lambda: stocked(store, 0, variant=box), 0),
        (lambda: keeper.put(f"/kits/{box.sku}", recipe((tee, 4))), 5),
    ):
        change()
        place = follow(place)
        assert has() == units
        told.append(mine[box.sku, store.code]["version"])
    assert told == sorted(set(told))


def test_a_rule_and_a_safety_stock_are_newer_too(keeper, store, parts):
    tee, _mug = parts
    number_changes()

    def row() -> dict:
        return [each for each in keeper.get("/inventory/changes", after=0).json()["results"] if each["sku"] == tee.sku][
            -1
        ]

    before = row()
    StockLevel.objects.filter(variant=tee, location=store).update(safety_stock=4)
    number_changes()
    after = row()
    assert (before["available"], after["available"]) == (20, 16)
    assert after["version"] > before["version"]


def test_who_keeps_the_feed_has_the_digest_with_its_kits(keeper, store, parts):
    tee, mug = parts
    kit_of({tee: 2, mug: 1})
    gone, elsewhere = kit_of({mug: 1}), stocked(LocationFactory(), 5)
    kit_of({tee: 1, elsewhere: 1})
    active(units=3, channels=["web"])
    keeper.post("/orders", order_body(pickup(tee, store, 3)))
    keeper.delete(f"/kits/{gone.sku}")
    number_changes()
    mine: dict[str, tuple[int, int]] = {}
    for row in keeper.get("/inventory/changes", after=0, channel="web", limit=1000).json()["results"]:
        if row["location"] == store.code:
            mine[row["sku"]] = (row["on_hand"], row["available"])
    lines: dict[str, list[str]] = {}
    for sku in sorted(mine, key=str.encode):
        if mine[sku][0]:
            lines.setdefault(md5(sku.encode()).hexdigest()[:2], []).append(f"{sku}:{mine[sku][0]}:{mine[sku][1]}\n")
    told = keeper.get("/inventory/digest", location=store.code, channel="web").json()
    assert told["shelves"] == 3, "both parts, and the kit that can be had here"
    assert {each["bucket"]: each["digest"] for each in told["buckets"]} == {
        bucket: md5("".join(rows).encode()).hexdigest() for bucket, rows in lines.items()
    }
