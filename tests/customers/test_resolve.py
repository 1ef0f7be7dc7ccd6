"""Whose order it is: the site's own id first, then the e-mail, then the phone."""

import pytest
from django.db import connection

from customers.models import Customer
from customers.operations.resolve import resolve

pytestmark = pytest.mark.django_db

ADA = {"name": "Ada Byron", "email": "ada@example.org", "phone": "+16125550100"}


def row_version(customer: Customer) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text || ctid::text FROM customers_customer WHERE id = %s", [customer.pk])
        return cursor.fetchone()[0]


def test_a_guest_without_any_contact_stays_nobody():
    assert resolve(external_id=None, name="Ada", email="", phone="") is None
    assert Customer.objects.count() == 0


def test_a_known_customer_is_found_and_not_written():
    first = resolve(external_id="c-7", **ADA)
    before = row_version(first)
    assert resolve(external_id="c-7", **ADA) == first
    assert resolve(external_id="c-7", name="", email="ADA@example.org", phone="") == first
    assert row_version(first) == before


def test_what_changed_is_taken_over_and_what_is_missing_stays():
    first = resolve(external_id="c-7", **ADA)
    moved = resolve(external_id="c-7", name="Ada King", email="", phone="+16125550199")
    assert (moved.pk, moved.name, moved.email, moved.phone) == (first.pk, "Ada King", "ada@example.org", "+16125550199")
    assert Customer.objects.get() == moved


def test_an_external_id_never_adopts_somebody_elses_address():
    family = resolve(external_id="c-7", **ADA)
    other = resolve(external_id="c-8", **ADA)
    assert other.pk != family.pk
    assert Customer.objects.count() == 2


def test_a_guest_is_found_by_e_mail_before_phone():
    by_phone = resolve(external_id=None, name="Bea", email="", phone=ADA["phone"])
    by_mail = resolve(external_id=None, name="Ada", email=ADA["email"], phone="")
    assert by_mail.pk != by_phone.pk
    assert resolve(external_id=None, **ADA) == by_mail
    assert resolve(external_id=None, name="", email="new@example.org", phone=ADA["phone"]) == by_phone
    assert Customer.objects.count() == 2


def test_a_guest_is_recognized_as_a_customer_of_the_site():
    known = resolve(external_id="c-7", **ADA)
    assert resolve(external_id=None, name="Ada", email="ada@example.org", phone="") == known


def test_an_inactive_customer_who_orders_again_is_active_again():
    first = resolve(external_id="c-7", **ADA)
    Customer.objects.update(is_active=False)
    assert resolve(external_id=None, **ADA).pk != first.pk, "erased people are not found by their address"
    again = resolve(external_id="c-7", **ADA)
    assert (again.pk, again.is_active) == (first.pk, True)


def test_who_was_merged_away_orders_as_the_one_that_stayed(db):
    kept = Customer.objects.create(external_id="c-1", name="Ada Byron", email="ada@example.org")
    gone = Customer.objects.create(
        external_id="c-2", name="A. Byron", email="old@example.org", is_active=False, merged_into=kept
    )
    assert resolve(external_id="c-2", name="A. B.", email="new@example.org", phone="") == kept
    assert resolve(external_id=None, name="", email="old@example.org", phone="") == kept
    gone.refresh_from_db()
    assert (gone.name, gone.is_active) == ("A. Byron", False)
