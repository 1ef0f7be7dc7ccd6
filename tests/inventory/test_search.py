"""What people scan, type and mistype finds what they mean."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.mend_words import mend
from inventory.operations.learn_words import learn_words
from inventory.search import PRODUCT_WORDS, VARIANT_WORDS, search
from tests.factories import BarcodeFactory, ProductFactory, VariantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalog():
    """Some clothes in sizes and colors, by title."""
    products = {}
    for title, brand in [("Linen shirt", "Nordby"), ("Denim jacket", "Nordby"), ("Wool sweater", "Halden"),
                         ("Trail running shoe", "Fjell"), ("Shrimp cocktail mix", "Halden")]:  # fmt: skip
        product = products[title] = ProductFactory(title=title, brand=brand)
        for color in ("Sand", "Navy"):
            for size in ("M", "XL"):
                VariantFactory(product=product, sku=f"{product.code}-{color[:3].upper()}-{size}",
                               options={"color": color, "size": size})  # fmt: skip
    learn_words()
    return products


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("linen shirt", "Linen shirt"), ("SHIRT linen", "Linen shirt"), ("lin", "Linen shirt"),
        ("linnen shirt", "Linen shirt"), ("linen shrit", "Linen shirt"), ("lniene shirt", None), ("denm jakcet",
        "Denim jacket"), ("sweter", "Wool sweater"), ("swaeter", "Wool sweater"), ("runing sheo", "Trail running shoe"),
        ("fjell", "Trail running shoe"), ("fjel", "Trail running shoe"), ("shirts", "Linen shirt"),
        ("nordby jacket", "Denim jacket"), ("linen shirt sand xl", "Linen shirt"), ("Jacket, Navy (M)", "Denim jacket"),
    ],
)  # fmt: skip
def test_words_find_what_is_meant(catalog, typed, title):
    hits = search(typed).hits
    if title:
        assert hits and hits[0].product_id == catalog[title].pk, [hit.product_id for hit in hits]


def test_options_in_the_query_name_the_variant(catalog):
    (hit,) = search("linen sand xl").hits
    assert hit.sku == f"{catalog['Linen shirt'].code}-SAN-XL"


@pytest.mark.parametrize(
    "typed", ["gravy glass 12", "savory bread", "can gravy 6 12", "BREAD:SAVORY/SPECIALTY 6/12 OZ", "bread 12 oz"]
)
def test_words_that_a_sign_joins_are_words(catalog, typed):
    """As real catalogs write them; the other title has one word less of what was typed."""
    made = [ProductFactory(title=title) for title in ("GRAVY CAN/GLASS 6/12 OZ", "BREAD:SAVORY/SPECIALTY 6/12 OZ")]
    learn_words()
    meant = made["bread" in typed.lower()]
    assert [hit.product_id for hit in search(typed).hits] == [meant.pk]


def test_a_number_is_found_in_options_though_a_title_has_a_word_that_begins_so(catalog):
    ProductFactory(title="100g coffee")
    bank = ProductFactory(title="Power bank")
    VariantFactory(product=bank, options={"capacity": "10,000 mAh"})
    learn_words()
    assert [hit.product_id for hit in search("power bank 10,000 mAh").hits] == [bank.pk]


def test_options_alone_find_every_product_that_has_them(catalog):
    assert len(search("sand xl").hits) == len(search("navy").hits) == len(catalog)
    assert search("a purple kite").hits == []


def test_a_code_is_meant_exactly(catalog):
    variant = catalog["Denim jacket"].variants.first()
    code = BarcodeFactory(variant=variant).code
    for typed in (code, code.lstrip("0"), variant.sku, variant.sku.lower()):
        found = search(typed)
        assert found.exact is not None and found.exact.sku == variant.sku
    begins = search(catalog["Denim jacket"].code.lower())
    assert begins.exact is None
    assert [hit.product_id for hit in begins.hits] == [catalog["Denim jacket"].pk]
    assert search(f"{catalog['Denim jacket'].code}-NAV").hits[0].product_id == catalog["Denim jacket"].pk


def test_what_was_taken_for_a_typing_mistake_is_said(catalog):
    assert search("linnen shrit").mended == "linen shirt"
    assert search("linen shirt").mended == ""


@pytest.mark.parametrize("typed", ["", "   ", "qqqqzzz", "'; DROP TABLE x; --", "a & b | !c", "%", "_", "\\", "x" * 500,
                                   "<->", "'quoted'", "5.0", "\x00"])  # fmt: skip
def test_nothing_and_nonsense_find_nothing_and_break_nothing(catalog, typed):
    assert search(typed).exact is None


def test_what_is_no_longer_sold_is_not_found(catalog):
    type(catalog["Wool sweater"]).objects.filter(title="Wool sweater").update(is_active=False)
    assert not search("wool sweater").hits


def test_a_new_product_is_found_by_its_words_before_they_are_learned(catalog):
    product = ProductFactory(title="Quilted parka")
    VariantFactory(product=product)
    assert search("quilted par").hits[0].product_id == product.pk


def test_words_that_left_the_catalog_are_forgotten(catalog):
    type(catalog["Wool sweater"]).objects.filter(title="Wool sweater").update(is_active=False)
    learn_words()
    assert mend(["sweter"])[0].meant == ("sweter",)
    assert learn_words() == 0


@pytest.mark.parametrize(
    ("typed", "looked_for"), [("linen", False), ("lin", False), ("linnen", True), ("0400", False), ("li", False)]
)
def test_the_nearest_words_are_looked_for_only_where_the_word_is_mistyped(catalog, typed, looked_for):
    """That is the dear part of a search: it reads much of the index, and most words are typed well."""
    with CaptureQueriesContext(connection) as asked:
        mend([typed])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING off) {asked.captured_queries[0]['sql']}")
        nearest = next(line for (line,) in cursor.fetchall() if "search_word_trgm" in line)
    assert ("never executed" in nearest) != looked_for, nearest


def test_at_most_three_queries(catalog, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        search("linen shirt sand")


@pytest.mark.parametrize(
    ("index", "sql"),
    [
        ("product_words", f"SELECT 1 FROM inventory_product p WHERE {PRODUCT_WORDS} @@ to_tsquery('simple', 'a:*')"),
        ("variant_words", f"SELECT 1 FROM inventory_variant v WHERE {VARIANT_WORDS} @@ to_tsquery('simple', 'a:*')"),
        ("variant_sku_begins", "SELECT 1 FROM inventory_variant WHERE upper(sku) LIKE 'ABC%%'"),
        ("search_word_trgm", "SELECT word FROM inventory_searchword ORDER BY word <-> 'shrit' LIMIT 10"),
    ],
)
def test_each_step_has_its_index(index, sql):
    """On a small table PostgreSQL rather reads all of it, or all of another index; forbidden to, it shows which index
    serves the condition."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexonlyscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert index in plan, plan
