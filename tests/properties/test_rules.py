"""Whatever rules HQ writes: each shelf keeps back what a naive reading of them says, in reads and in promises."""

import math
from itertools import count

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from inventory.atp import sites, stocked_at, stocking, supply, totals
from inventory.models import AvailabilityRule, Location, LocationGroup, StockLevel, Variant
from inventory.models.availability_rule import path_of
from inventory.models.stock_level import Claim
from inventory.operations.reserve import reserve
from inventory.operations.retire_rule import retire_rule
from omni.core.channels import ANY
from tests.factories import GroupFactory, LocationFactory, ProductFactory, VariantFactory, stocked
from tests.factories.rules import BY, active

pytestmark = pytest.mark.django_db
CATEGORIES = [
    "",
    "Apparel",
    "Apparel > Shirts",
    "apparel>shirts ",
    "Apparel > Shirts > Linen",
    "Apparel > Shirtsleeves",
]
TAGS = ["", "fragile", "new"]
GROUPS = ["region", "north", "south", "mill"]
keys = count()

said = st.fixed_dictionaries(
    {
        "how": st.one_of(
            st.just({"effect": "exclude"}),
            st.integers(0, 6).map(lambda units: {"effect": "keep", "units": units}),
            st.integers(1, 100).map(lambda percent: {"effect": "percent", "percent": percent}),
        ),
        "category": st.sampled_from(CATEGORIES), "tag": st.sampled_from(TAGS),
        "channels": st.lists(st.sampled_from(["web", "marketplace"]), unique=True),
        "group": st.sampled_from([None, *GROUPS]), "position": st.sampled_from([10, 20]),
        "status": st.sampled_from(["active", "active", "active", "draft", "retired"]),
    }
)  # fmt: skip


@pytest.fixture
def world():
    """A region with two districts, one of which has a quarter; stores in each, in none, and one to practice in."""
    groups = {"region": GroupFactory(code="region")}
    groups |= {name: GroupFactory(code=name, parent=groups["region"]) for name in ("north", "south")}
    groups["mill"] = GroupFactory(code="mill", parent=groups["north"])
    stores = [LocationFactory(group=group) for group in (*groups.values(), None)]
    stores.append(LocationFactory(group=groups["north"], is_practice=True))
    products = [ProductFactory(category=category, tags=tags) for category, tags in (
        ("", []), ("Apparel > Shirts", ["fragile"]), ("apparel>shirts", []),
        ("Apparel > Shirts > Linen", ["new", "fragile"]),
        ("Apparel > Shirtsleeves", ["new"]), ("Toys", []),
    )]  # fmt: skip
    variants = [VariantFactory(product=product) for product in products]
    for n, variant in enumerate(variants):
        for m, store in enumerate(stores):
            stocked(store, (n * 7 + m * 5) % 13, variant=variant, safety_stock=(n + m) % 3)
    return groups, stores, variants


def above(group: LocationGroup | None) -> list[int]:
    """The group and those above it, the closest first."""
    found = []
    while group is not None:
        found.append(group.pk)
        group = group.parent
    return found


def kept_back(rules, variant: Variant, store: Location, level: StockLevel, channel: str) -> float:
    """The same question, answered one rule after the other."""
    path, around = path_of(variant.product.category), above(store.group)
    fitting = [
        rule for rule in rules
        if rule.status == "active" and not store.is_practice and (not rule.channels or channel in rule.channels)
        and (not rule.path or path == rule.path or path.startswith(rule.path + " > "))
        and (not rule.tag or rule.tag in variant.product.tags) and (rule.group_id is None or rule.group_id in around)
    ]  # fmt: skip
    if not fitting:
        return level.safety_stock

    def order(rule):
        depth = rule.path.count(" > ") + 1 if rule.path else 0
        away = around.index(rule.group_id) if rule.group_id else 100
        return rule.effect != "exclude", rule.tag == "", -depth, away, rule.channels == [], rule.position, rule.pk

    first = min(fitting, key=order)
    if first.effect == "exclude":
        return math.inf
    return first.units + math.ceil(max(0, level.on_hand) * first.percent / 100)


@given(rules=st.lists(said, max_size=8), channel=st.sampled_from(["web", "marketplace", "phone", ANY]))
def test_every_shelf_keeps_back_what_the_first_rule_says(world, rules, channel):
    groups, stores, variants = world
    with transaction.atomic():
        written = []
        for rule in rules:
            how, group, status = rule["how"], rule["group"], rule["status"]
            rest = {name: rule[name] for name in ("category", "tag", "channels", "position")}
            row = AvailabilityRule.objects.create(name="r", group=groups.get(group), status=status, **how, **rest)
            written.append(row)
        check(written, stores, variants, channel)
        depths = LocationGroup.depths()
        ordered = sorted(written, key=lambda rule: rule.precedence(depths))
        assert len({rule.precedence(depths) for rule in ordered}) == len(ordered)
        transaction.set_rollback(True)


def check(rules, stores, variants, channel):
    levels = {(row.variant_id, row.location_id): row for row in StockLevel.objects.all()}
    expected = {}
    for variant in variants:
        for store in stores:
            level = levels[variant.pk, store.pk]
            expected[variant.pk, store.pk] = max(0, level.on_hand - kept_back(rules, variant, store, level, channel))
    ids, everywhere = [variant.pk for variant in variants], Location.everywhere.all()
    found = sites(places=everywhere, variants=ids, channel=channel, near=None)
    assert {(v, site.location.pk): site.available.get(v, 0) for site in found for v in ids} == expected
    near = sites(places=everywhere.none(), variants=ids, channel=channel, near=None, nearest_of=everywhere)
    assert {(v, s.location.pk): n for s in near for v, n in s.available.items()} == {
        k: n for k, n in expected.items() if n
    }
    whole = totals(variants=ids, places=everywhere, channel=channel)
    assert whole == {v: sum(expected[v, store.pk] for store in stores) for v in ids}
    some = {v for v in ids if any(expected[v, store.pk] for store in stores)}
    listed = supply(variants=ids, places=Location.objects.all(), channel=channel, near=None)
    real = {key: n for key, n in expected.items() if n and key[1] != stores[-1].pk}
    assert {(v, site.location.pk): n for v in some for site, n in listed[v].shelves} == real
    for store in stores:
        asked = sorted(stocked_at(store, quantity=2, channel=channel))
        assert asked == [v for v in sorted(ids) if expected[v, store.pk] >= 2]
    holding = stocking(variants=ids, places=everywhere, channel=channel)
    assert {place.pk for place in holding} == {store.pk for store in stores if any(expected[v, store.pk] for v in ids)}
    for (variant, store), units in expected.items():
        (short,) = reserve(claims=[Claim("much", variant, store, int(units) + 1)], channel=channel)
        assert short.available == units
        assert not units or not reserve(
            claims=[Claim(f"all:{next(keys)}", variant, store, int(units))], channel=channel
        )


def test_what_no_longer_matches_has_its_own_number_again(world):
    groups, (_region, north, *_rest), (_plain, shirt, *_more) = world

    def given():
        return totals(variants=[shirt.pk], places=Location.objects.filter(pk=north.pk), channel="web")[shirt.pk]

    level = StockLevel.objects.get(variant=shirt, location=north)
    before, _rule = given(), active(category="Apparel > Shirts", units=9, group=groups["region"])
    assert (before, given()) == (level.on_hand - level.safety_stock, level.on_hand - 9)
    shirt.product.category = "Toys"
    shirt.product.save()
    assert given() == before
    shirt.product.category = "Apparel > Shirts"
    shirt.product.save()
    Location.objects.filter(pk=north.pk).update(group=None)
    assert given() == before
    Location.objects.filter(pk=north.pk).update(group=groups["mill"])
    assert given() == level.on_hand - 9
    retire_rule(rule_id=_rule.pk, reason="", by=BY)
    assert given() == before
