"""A customer is found by whatever they say, with the slips that happen at a desk, by indexes alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.loyalty_code import as_code, new_code
from customers.models import Customer
from customers.name_keys import FOLD, beginning, slips, unlikeness, whole, words_of
from customers.operations.find import find_customers

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return Customer.objects.create(
        name="Ada Byron", email="ada.byron@example.org", phone="+16125550100", loyalty_code="L1234567897",
        external_id="c-7",
    )  # fmt: skip


@pytest.fixture
def others(ada):
    names = ["Adam Byrne", "John Smith", "Joan Smyth", "José Díaz", "Zoë O'Brien-Lind", "Ann Lee"]
    return {name: Customer.objects.create(name=name) for name in names}


@pytest.mark.parametrize(
    ("text", "by"),
    [("+1 612 555 0100", "phone"), ("(612) 555-0100", "phone"), ("555 0100", "phone"),
     ("ADA.Byron@example.org", "email"), ("ada.byron@", "email"), ("L1234567897", "loyalty_code"),
     ("l 123 456 789 7", "loyalty_code"), ("c-7", "external_id"),
     ("Ada Byron", "name"), ("byron ada", "name"), ("  ada   byron ", "name")],
)  # fmt: skip
def test_one_person_by_each_of_their_keys(others, ada, text, by):
    found = find_customers(text=text)
    assert (found.by, found.customers) == (by, [ada])
    assert found.is_sure == (by != "name")


@pytest.mark.parametrize(
    ("text", "name"),
    [("jhon smith", "John Smith"), ("jonh smiht", "John Smith"), ("john smth", "John Smith"),
     ("jphn smith", "John Smith"), ("johhn smith", "John Smith"), ("jose diaz", "José Díaz"), ("JOSÉ", "José Díaz"),
     ("obrien", "Zoë O'Brien-Lind"), ("zoe", "Zoë O'Brien-Lind"), ("byr", "Ada Byron"), ("ada byrn", "Ada Byron"),
     ("lidn", "Zoë O'Brien-Lind"), ("anne lee", "Ann Lee")],
)  # fmt: skip
def test_a_name_with_a_slip(others, text, name):
    found = find_customers(text=text)
    assert found.by == "name"
    assert name in [customer.name for customer in found.customers]


def test_as_typed_comes_before_what_is_only_alike(others):
    assert [each.name for each in find_customers(text="smith").customers] == ["John Smith"]
    assert [each.name for each in find_customers(text="ada b").customers] == ["Ada Byron", "Adam Byrne"]


@pytest.mark.parametrize(
    "text", ["", "   ", "\0", "%", "'; --", "x", "nobody here", "@", "+", "00", "L0000000001", "a" * 500]
)
def test_nobody_is_found_by_nothing(others, text):
    assert find_customers(text=text).customers == []


def test_who_was_merged_away_is_the_one_that_stayed(ada):
    Customer.objects.create(name="A. Byron", email="old@example.org", is_active=False, merged_into=ada)
    assert find_customers(text="old@example.org").customers == [ada]


def test_the_erased_and_put_aside_are_not_found(ada):
    Customer.objects.filter(pk=ada.pk).update(is_active=False)
    assert find_customers(text="ada byron").customers == []
    assert find_customers(text="ada.byron@example.org").customers == []


def test_more_than_fit_are_said_so():
    Customer.objects.bulk_create(Customer(name=f"Kim Park {n}") for n in range(25))
    found = find_customers(text="kim park", limit=20)
    assert (len(found.customers), found.has_more) == (20, True)


def test_the_index_files_names_under_the_keys_that_questions_ask():
    for name in ("Zoë O'Brien-Díaz", "ada", "Łukasz ß", "Al", "x" * 40, "", "Anna Maria von der Alm"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT customers_name_keys(%s)", [name])
            filed = set(cursor.fetchone()[0])
        words = words_of(name)
        assert {whole(word) for word in words} == {key for key in filed if key[0] == "="}
        assert {key for word in words for key in slips(word)} == {key for key in filed if key[0] == "-"}
        assert {beginning(word) for word in words if len(word) > 1} <= filed
    assert len(FOLD) > 60


@pytest.mark.parametrize(("typed", "name", "far"), [("jhon", "John", 1), ("smyth", "Smith", 1), ("ada", "Ada", 0)])
def test_a_swap_of_neighbors_is_one_slip(typed, name, far):
    assert unlikeness([typed], name) == far


def test_no_question_reads_the_whole_table(others):
    """Even with a table so small that reading it would be cheap, once reading is made dear."""
    for text in ("jhon smiht", "byron", "ada.byron@", "555 0100", "+16125550100", "L1234567897", "zzyzx qwrty"):
        with CaptureQueriesContext(connection) as asked:
            find_customers(text=text)
        for query in asked.captured_queries:
            if "customers_customer" not in query["sql"]:
                continue
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")
                cursor.execute(f"EXPLAIN {query['sql']}")
                plan = "\n".join(row[0] for row in cursor.fetchall())
                cursor.execute("SET LOCAL enable_seqscan = on")
            assert "Seq Scan" not in plan, f"{text}:\n{plan}"


def test_the_end_of_a_number_is_looked_up_though_few_are_wanted_of_many(ada):
    """Ordered by id and stopped early, PostgreSQL believes that reading everybody soon meets enough of them."""
    with connection.cursor() as cursor:
        cursor.execute("""
            INSERT INTO customers_customer (name, email, phone, is_active, created_at)
            SELECT '', '', '+1612' || lpad(n::text, 7, '0'), true, now() FROM generate_series(0, 59999) AS n""")
        cursor.execute("ANALYZE customers_customer")
    with CaptureQueriesContext(connection) as asked:
        assert find_customers(text="555 0100").customers == [ada]
    by_end = asked.captured_queries[-1]["sql"]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {by_end}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "customer_phone_end" in plan, plan


def test_a_loyalty_code_has_a_check_digit():
    code = new_code()
    assert as_code(f" {code[:4]} {code[4:]}".lower()) == code
    assert as_code(code[:-1] + str((int(code[-1]) + 1) % 10)) is None
    assert as_code("L12345678٩٧") is None
