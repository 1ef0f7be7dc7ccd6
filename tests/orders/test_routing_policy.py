"""Which rules and costs count for an order: conditions, versions, effective days; what was active never changes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from inventory.models import Location, LocationSet, SalesRate, StockMovement
from inventory.operations.learn_sales import learn_sales
from omni.core.models import Event, StateChange
from omni.core.refusals import Invalid, Refusal
from orders import events
from orders.models import CostParameters, FulfillmentOrder, Reliability, RuleFilter, RuleSet, RuleStep, Tariff
from orders.operations.activate_rule_set import activate_rule_set
from orders.operations.count_reliability import count_reliability
from orders.operations.draft_rule_set import copy_rule_set, draft_rule_set, edit_rule_set, move_part, remove_part
from orders.operations.retire_rule_set import retire_rule_set
from orders.operations.routing_policy import costs_now, costs_of, draft_rules, policy_for, rules_of
from orders.operations.see_locations import see_locations
from orders.operations.set_costs import withdraw_costs, withdraw_tariff
from orders.operations.shelf_records import shelf_records
from orders.routing.batch import UNIT
from orders.routing.rules import NodeFacts, Objective, OrderFacts, judge
from orders.rule_presets import PRESETS
from tests.factories import GroupFactory, LocationFactory, VariantFactory, line, placed, stocked
from tests.factories.routing import BY, activated, add_step, costs_set, rule_set, tariff_set

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def policy(now=None, *, channel="web", services=("standard",), value=50, tags=()):
    return policy_for(channel=channel, services=services, value=Decimal(value), tags=tags, now=now or timezone.now())


def test_a_fresh_installation_routes_by_the_built_in_rules_and_costs():
    found = policy()
    assert (found.rules.key, found.rules.name, found.costs.key) == ((0, 0), "Cheapest", (0, 0))
    assert [each.service for each in found.costs.tariffs] == [
        "SimPost/Ground", "SimPost/Priority", "SimExpress/Two Day", "SimExpress/Overnight",
    ]  # fmt: skip
    assert found.costs.work["store"].per_parcel == 19_000
    assert found.costs is costs_of((0, 0))


def test_a_placement_asks_one_query(django_assert_num_queries):
    activated(rule_set("Web", channels=["web"]))
    policy()
    with django_assert_num_queries(1):
        policy()


def test_drafts_do_nothing():
    rule_set("Web", filters=[{"kind": "except", "kinds": ["store"]}])
    assert policy().rules.key == (0, 0)


@pytest.mark.parametrize(
    ("said", "order", "meets"),
    [
        ({"channels": ["web"]}, {"channel": "web"}, True), ({"channels": ["web"]}, {"channel": "pos"}, False),
        ({"services": ["two_day"]}, {"services": ["standard", "two_day"]}, True),
        ({"services": ["two_day"]}, {"services": ["standard"]}, False),
        ({"tags": ["vip"]}, {"tags": ["gift", "vip"]}, True), ({"tags": ["vip"]}, {"tags": []}, False),
        ({"minimum_amount": Decimal("50.00")}, {"value": "50.00"}, True),
        ({"minimum_amount": Decimal("50.01")}, {"value": "50.00"}, False),
    ],
)  # fmt: skip
def test_conditions(said, order, meets):
    rules = activated(rule_set(**said))
    assert policy(**order).rules.key == ((rules.pk, 1) if meets else (0, 0))


def test_the_smallest_priority_decides_and_of_equals_the_older():
    older, newer, first = activated(rule_set()), activated(rule_set()), activated(rule_set(priority=5, tags=["vip"]))
    assert policy().rules.key == (older.pk, 1)
    assert policy(tags=["vip"]).rules.key == (first.pk, 1)
    retire_rule_set(rule_set_id=older.pk, reason="over", by=BY)
    assert policy().rules.key == (newer.pk, 1)


def test_what_was_drafted_is_what_is_judged():
    north, kiosks = GroupFactory(name="North"), GroupFactory(name="Kiosks")
    draft = rule_set(
        filters=[{"kind": "except", "group_ids": [kiosks.pk]}, {"kind": "daily", "number": 40, "kinds": ["store"]}],
        prices=[{"amount": Decimal("3.00"), "group_ids": [north.pk]}],
        most_shipments=2, least_amount=Decimal("10"), split_amount=Decimal("1.50"), unit_value_percent=150,
    )  # fmt: skip
    add_step(draft, "Near", filters=[{"kind": "distance", "number": 300}])
    rules = draft_rules(draft)
    assert [each.name for each in rules.filters] == ["Not Kiosks", "Fewer than 40 orders today, for stores"]
    assert [each.name for each in rules.prices] == ["+$3.00 for each shipment from North"]
    assert [step.name for step in rules.ladder] == ["Anywhere", "Anywhere, partly", "Near", "park"]
    assert (rules.most, rules.least, rules.split, rules.unit_value_percent) == (2, 10 * UNIT, 15_000, 150)
    nodes = [
        NodeFacts(1, groups=frozenset({north.pk}), miles=2.0),
        NodeFacts(2, groups=frozenset({kiosks.pk}), miles=2.0),
    ]
    judged = judge(rules, OrderFacts(), nodes, 2)
    assert (judged.allowed.tolist(), judged.price.tolist()) == ([True, False], [30_000, 0])
    active = activated(draft)
    assert rules_of((active.pk, 1)) == draft_rules(active)


def test_sets_lie_across_the_tree_of_groups(django_assert_num_queries):
    """A kiosk of the north is in both, and an excluded set beats the included group above it."""
    region = GroupFactory(name="The north")
    district = GroupFactory(name="Lakes", parent=region)
    kiosk, store, far = LocationFactory(group=district), LocationFactory(group=district), LocationFactory(group=None)
    kiosks = LocationSet.objects.create(code="kiosks", name="Kiosks")
    kiosks.locations.set([kiosk, far])
    places = list(Location.objects.with_closures().order_by("pk"))
    with django_assert_num_queries(3):
        nodes = see_locations(places, near=None, now=timezone.now())
    assert [node.groups for node in nodes] == [
        {district.pk, region.pk, -kiosks.pk}, {district.pk, region.pk}, {-kiosks.pk},
    ]  # fmt: skip
    rules = draft_rules(rule_set(filters=[{"kind": "only", "group_ids": [region.pk]},
                                          {"kind": "except", "group_ids": [-kiosks.pk]}]))  # fmt: skip
    judged = judge(rules, OrderFacts(), nodes, 0)
    assert judged.allowed.tolist() == [False, True, False]
    assert judged.excluded == {"Only The north": 1, "Not Kiosks": 1}
    assert store.pk == nodes[1].id


def test_every_preset_can_be_activated():
    for key in PRESETS:
        rules = rules_of((activated(rule_set(preset=key)).pk, 1))
        assert rules.ladder[-1].park
    assert rules.objective == Objective.SEQUENTIAL
    assert [step.name for step in rules.ladder[:2]] == ["Distribution centers", "Stores within 100 miles"]


def test_the_next_version_follows_the_active_one():
    first = activated(rule_set("Web", filters=[{"kind": "open"}], prices=[{"amount": 2}]), reason="began")
    add = copy_rule_set(rule_set_id=first.pk, by=BY)
    assert (add.version, add.based_on, add.filters.count(), add.prices.count(), add.steps.count()) == (
        2,
        first,
        1,
        1,
        2,
    )
    assert policy().rules.key == (first.pk, 1)
    second = activated(add, reason="better")
    assert policy().rules.key == (second.pk, 2)
    assert RuleSet.objects.get(pk=first.pk).status == "retired"
    assert (second.activated_by, second.why) == ("system:test", "better")
    assert rules_of((first.pk, 1)).filters[0].name == "Open today"
    told = Event.objects.filter(topic=events.RULE_SET_ACTIVATED).order_by("pk").last()
    assert told.payload["replaces"] == 1
    assert StateChange.objects.filter(subject_id=str(first.pk), reason="followed by Web v2").exists()


def test_only_one_version_is_active():
    activated(rule_set("Web"))
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleSet.objects.create(name="Web", version=7, status="active", activated_at=timezone.now(), activated_by="x",
                               why="y")  # fmt: skip


def test_activation_needs_a_reason_and_what_was_looked_at():
    draft = rule_set("Web")
    with pytest.raises(Invalid) as refused, transaction.atomic():
        activated(draft, reason=" ")
    assert refused.value.code == "reason_required"
    for edits, replaces in ((draft.edits + 1, None), (draft.edits, 12345)):
        with pytest.raises(Refusal) as refused, transaction.atomic():
            activate_rule_set(rule_set_id=draft.pk, edits=edits, replaces=replaces, reason="x", by=BY,
                              now=timezone.now())  # fmt: skip
        assert refused.value.code == "changed_meanwhile"
    assert policy().rules.key == (0, 0)


def test_what_was_active_never_changes():
    draft = rule_set("Web", filters=[{"kind": "open"}])
    rules = activated(draft)
    with pytest.raises(Refusal, match="no draft any more"), transaction.atomic():
        edit_rule_set(rule_set_id=rules.pk, fields={"priority": 1})
    each = RuleFilter.objects.get(rule_set=rules)
    attempts = (
        lambda: RuleSet.objects.filter(pk=rules.pk).update(priority=1),
        lambda: RuleSet.objects.filter(pk=rules.pk).update(status="draft"),
        lambda: RuleFilter.objects.filter(pk=each.pk).update(number=1),
        each.delete,
        lambda: RuleStep.objects.create(rule_set=rules, position=9, name="late"),
    )  # fmt: skip
    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    other = rule_set("Other", filters=[{"kind": "open"}])
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleFilter.objects.filter(rule_set=other).update(rule_set=rules)
    retire_rule_set(rule_set_id=rules.pk, reason="over", by=BY)
    assert policy().rules.key == (0, 0)


def test_parts_move_and_go():
    draft = rule_set(filters=[{"kind": "open"}, {"kind": "distance", "number": 9}])
    first, second = RuleFilter.objects.filter(rule_set=draft)
    move_part(rule_set_id=draft.pk, part=second, up=True)
    move_part(rule_set_id=draft.pk, part=second, up=True)
    assert [each.pk for each in RuleFilter.objects.filter(rule_set=draft)] == [second.pk, first.pk]
    step = add_step(draft, "Near", filters=[{"kind": "distance", "number": 3}])
    remove_part(rule_set_id=draft.pk, part=step)
    assert RuleFilter.objects.filter(rule_set=draft).count() == 2
    steps = draft.steps.all()
    move_part(rule_set_id=draft.pk, part=steps[0], up=False)
    assert [each.name for each in draft.steps.all()] == ["Anywhere, partly", "Anywhere"]


def test_names_are_taken_once():
    rule_set("Web")
    with pytest.raises(Refusal) as refused, transaction.atomic():
        draft_rule_set(name=" Web ", preset="cheapest", by=BY)
    assert refused.value.code == "name_taken"


def test_costs_count_from_their_day():
    now = timezone.now()
    first = costs_set(now=now, after=HOUR, split_amount=Decimal("2.50"))
    second = costs_set(now=now, after=3 * HOUR)
    assert costs_now(now=now).key == (0, 0)
    assert (costs_now(now=now + 2 * HOUR).key, costs_now(now=now + 2 * HOUR).split) == ((first.pk, 0), 25_000)
    assert costs_now(now=now + 3 * HOUR).key == (second.pk, 0)
    assert costs_of((first.pk, 0)).split == 25_000


def test_a_draft_of_costs_begins_with_what_is_in_effect():
    now = timezone.now()
    costs_set(now=now - 2 * HOUR, split_amount=Decimal("2.50"))
    assert costs_set(now=now).split_amount == Decimal("2.50")


def test_tariffs_count_from_their_day_and_end():
    now = timezone.now()
    tariff_set("A/Ground", 70_000, now=now)
    tariff_set("A/Air", 90_000, now=now, after=2 * HOUR)
    tariff_set("A/Ground", 80_000, now=now, after=2 * HOUR)
    tariff_set("A/Air", None, now=now, after=3 * HOUR)

    def at(hours):
        return {each.service: each.rates[7][9] for each in costs_now(now=now + hours * HOUR).tariffs}

    assert [at(1), at(2), at(3)] == [
        {"A/Ground": 70_000}, {"A/Ground": 80_000, "A/Air": 90_000}, {"A/Ground": 80_000},
    ]  # fmt: skip
    assert len({costs_now(now=now + hours * HOUR).key for hours in range(4)}) == 4
    assert len(at(0)) == 4


def test_what_counts_is_neither_changed_nor_withdrawn_nor_made_afterwards():
    now = timezone.now()
    costs, tariff = costs_set(now=now - 2 * HOUR), tariff_set("A/Ground", 70_000, now=now - 2 * HOUR)
    attempts = (
        lambda: CostParameters.objects.filter(pk=costs.pk).update(split_amount=9),
        lambda: Tariff.objects.filter(pk=tariff.pk).update(days=[1] * 8),
        lambda: Tariff.objects.filter(pk=tariff.pk).delete(),
    )
    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    refusals = (
        lambda: withdraw_costs(parameters_id=costs.pk, reason="no", by=BY, now=now),
        lambda: withdraw_tariff(tariff_id=tariff.pk, reason="no", by=BY, now=now),
        lambda: costs_set(now=now, after=-HOUR),
        lambda: tariff_set("A/Air", 1, now=now, after=-HOUR),
    )
    for attempt in refusals:
        with pytest.raises(Refusal), transaction.atomic():
            attempt()
    assert costs_now(now=now).key == (costs.pk, tariff.pk)


def test_what_is_to_come_can_be_withdrawn():
    now = timezone.now()
    costs, tariff = costs_set(now=now), tariff_set("A/Ground", 70_000, now=now)
    withdraw_costs(parameters_id=costs.pk, reason="no", by=BY, now=now)
    withdraw_tariff(tariff_id=tariff.pk, reason="no", by=BY, now=now)
    assert costs_now(now=now + 2 * HOUR).key == (0, 0)
    tariff_set("A/Ground", 60_000, now=now)
    assert Event.objects.filter(topic=events.COSTS_WITHDRAWN).count() == 2


def sold(variant, place, quantity, kind):
    StockMovement.objects.record([
        StockMovement(variant_id=variant.pk, location_id=place.pk, kind=kind, quantity=quantity, on_hand_after=0,
                      actor="test", occurred_at=timezone.now())
    ])  # fmt: skip


def test_sales_are_learned_of_shelves_that_sold():
    store, tee, cap = LocationFactory(), VariantFactory(), VariantFactory()
    practice = LocationFactory(is_practice=True)
    for kind, units in (("pos_sale", -9), ("pickup", -2), ("carry_out", -4), ("pos_return", 1), ("ship", -50)):
        sold(tee, store, units, kind)
    sold(tee, practice, -9, "pos_sale")
    sold(cap, store, -9, "ship")
    later = timezone.now() + timedelta(minutes=1)
    assert learn_sales(now=later) == 1
    records = shelf_records([(tee.pk, store.pk), (cap.pk, store.pk)])
    assert records[tee.pk, store.pk].daily_rate == 2.0  # a young ledger
    assert records[cap.pk, store.pk].daily_rate == 0
    assert learn_sales(now=later) == 0
    assert learn_sales(now=later + timedelta(days=29)) == 0
    assert not SalesRate.objects.exists()


def test_what_is_declined_makes_a_location_less_likely(django_assert_num_queries):
    good, bad = LocationFactory(), LocationFactory()
    shirt = stocked(good, 50)
    stocked(bad, 50, variant=shirt)
    now = timezone.now()
    for n in range(20):
        placed(line(shirt, reference=f"{n}"))
    works = list(FulfillmentOrder.objects.order_by("pk"))
    for n, work in enumerate(works):
        place, status = (bad, "declined" if n < 8 else "shipped") if n % 2 else (good, "shipped")
        FulfillmentOrder.objects.filter(pk=work.pk).update(location=place, status=status, released_at=now,
                                                           closed_at=now)  # fmt: skip
    assert count_reliability(now=now + HOUR) == 6
    assert count_reliability(now=now + HOUR) == 0
    with django_assert_num_queries(1):
        records = shelf_records([(shirt.pk, good.pk), (shirt.pk, bad.pk)])
    assert records[shirt.pk, bad.pk].chance < records[shirt.pk, good.pk].chance < 0.99
    assert count_reliability(now=now + timedelta(days=91)) == 0
    assert not Reliability.objects.exists()
