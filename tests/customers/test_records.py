"""What happens to customers' records: points that cannot be overspent, merges in chains, and being forgotten."""

import pytest

from customers.models import Consent, Customer, CustomerNote, LoyaltyEntry
from customers.operations.erase import erase_customer
from customers.operations.find import find_customers
from customers.operations.keep_customer import create_customer, update_customer
from customers.operations.loyalty import add_points, points_of
from customers.operations.merge import merge_customers, undo_merge
from customers.operations.notes import write_note
from omni.core.actors import Actor
from omni.core.models import Event
from tests.refusing import refused

pytestmark = pytest.mark.django_db
BY = Actor.system("test")


def test_points_are_earned_once_per_reference_and_never_overspent(ada, now):
    for _ in range(2):
        add_points(customer_id=ada.pk, points=100, reason="order", reference="order:1", by=BY, now=now)
    assert points_of([ada.pk]) == 100
    with refused("too_few_points"):
        add_points(customer_id=ada.pk, points=-101, reason="reward", by=BY, now=now)
    add_points(customer_id=ada.pk, points=-100, reason="reward", by=BY, now=now)
    assert (points_of([ada.pk]), LoyaltyEntry.objects.count()) == (0, 2)


def test_a_name_for_a_name_leads_to_the_person_and_each_merge_is_undone_alone(ada, now):
    second, third = (Customer.objects.create(name=name) for name in ("Second", "Third"))
    inner = merge_customers(kept_id=second.pk, gone_id=third.pk, reason="a", by=BY, now=now)
    outer = merge_customers(kept_id=ada.pk, gone_id=second.pk, reason="b", by=BY, now=now)
    third.refresh_from_db()
    assert third.merged_into == ada
    assert sorted(ada.family_ids()) == sorted([ada.pk, second.pk, third.pk])
    undo_merge(merge_id=outer.pk, by=BY, now=now)
    third.refresh_from_db()
    second.refresh_from_db()
    assert (third.merged_into, second.is_active) == (second, True)
    with refused("merge_undone"):
        undo_merge(merge_id=outer.pk, by=BY, now=now)
    undo_merge(merge_id=inner.pk, by=BY, now=now)
    third.refresh_from_db()
    assert third.is_active


def test_nobody_is_merged_with_themselves_or_twice(ada, now):
    other = Customer.objects.create(name="Other")
    with refused("same_customer"):
        merge_customers(kept_id=ada.pk, gone_id=ada.pk, reason="x", by=BY, now=now)
    merge_customers(kept_id=ada.pk, gone_id=other.pk, reason="x", by=BY, now=now)
    with refused("customer_gone"):
        merge_customers(kept_id=ada.pk, gone_id=other.pk, reason="x", by=BY, now=now)


def test_the_forgotten_are_nobody_in_all_their_records(ada, now):
    other = Customer.objects.create(name="A. Byron", email="old@example.org")
    merge_customers(kept_id=ada.pk, gone_id=other.pk, reason="x", by=BY, now=now)
    write_note(customer_id=ada.pk, text="lives at 12 Elm", by=BY, now=now)
    add_points(customer_id=ada.pk, points=5, reason="order", by=BY, now=now)
    erase_customer(customer_id=ada.pk, by=BY, now=now)
    for text in ("ada@example.org", "old@example.org", "Ada Byron", "c-7"):
        assert find_customers(text=text).customers == []
    assert set(Customer.objects.values_list("name", "email", "phone", "external_id")) == {("", "", "", None)}
    assert CustomerNote.objects.get().text == "—"
    assert not Consent.objects.filter(is_given=True).exists()
    assert points_of([ada.pk]) == 5
    assert "example.org" not in str(list(Event.objects.values_list("payload", flat=True)))
    with refused("customer_gone"):
        update_customer(customer_id=ada.pk, changes={"name": "Ada"}, by=BY, now=now)


def test_a_known_contact_is_no_second_customer(ada, now):
    with refused("already_known") as info:
        create_customer(name="Ada", phone="612 555 0100", by=BY, now=now)
    assert info.value.extra == {"customer": str(ada.uid)}
