"""Finding what to sell among a hundred thousand variants: by codes, by words, and by words with slips."""

from functools import partial
from random import Random

from django.db import connection
from django.urls import reverse

from inventory.models import Product, Variant
from inventory.operations.learn_words import learn_words
from inventory.search import search
from omni.bench.asking import ASKED, Kind, Way, associate_at, measure_kind
from omni.bench.chain import Chain
from omni.bench.figures import Subject
from omni.bench.scale import FIRST_LOCATION, VARIANTS
from omni.bench.words import made_up, nonsense, slipped
from omni.demo.catalog import keep_catalog
from omni.demo.ranges import FAMILIES, Family

WANTED = 100_000
LOCATION = FIRST_LOCATION + 3
EVERY_SHARE = sum(family.share for family in FAMILIES)
LONG = 5  # letters of a word in which a slip is made
# A quarter of the catalog lies in the shop that searches.
SHELVES = """
INSERT INTO inventory_stocklevel (variant_id, location_id, on_hand, reserved, safety_stock, shortfall, version, aisle,
                                  bin)
SELECT id, %(location)s, 4, 0, 0, 0, 0, 'A', '01-1' FROM inventory_variant WHERE id > %(last)s AND id %% 4 = 0;
INSERT INTO inventory_stockmovement (variant_id, location_id, bucket, kind, quantity, on_hand_after, cause, reason,
                                     actor, source, source_event_id, occurred_at)
SELECT id, %(location)s, '', 'receipt', 4, 4, '', '', 'system:bench', '', '', now()
  FROM inventory_variant WHERE id > %(last)s AND id %% 4 = 0
"""
BY_BARCODE = "SELECT variant_id FROM inventory_barcode WHERE code = %(text)s"
BY_SKU = "SELECT id FROM inventory_variant WHERE sku = %(text)s"
BY_WORDS = """
SELECT p.id FROM inventory_product p WHERE (SELECT bool_and(p.title || ' ' || p.brand ILIKE '%%' || word || '%%')
  FROM unnest(string_to_array(%(text)s, ' ')) word) ORDER BY p.title LIMIT 20
"""


def measure(chain: Chain) -> list[Subject]:
    """Each kind of question through `search` and through the page that associates type into."""
    rng = Random(7)
    variants = _fill(chain, rng)
    browser = associate_at(LOCATION)
    way = Way(
        find=lambda text: [hit.product_id for hit in search(text).hits],
        page=lambda text: browser.get(reverse("orders:sell"), {"q": text}),
    )
    words = connection_value("SELECT count(*) FROM inventory_searchword")
    subject = Subject(
        f"Search among {variants:,} variants, {Product.objects.count():,} products, {words:,} words; {ASKED} questions "
        "of each kind (aim: 50 ms)"
    )
    for kind in _kinds(rng):
        chain.tell(f"Search: {kind.name} ...")
        measure_kind(subject, kind, way)
    return [subject]


def _fill(chain: Chain, rng: Random) -> int:
    wanted = WANTED - VARIANTS
    chain.tell(f"Search: a catalog of {WANTED:,} variants ...")
    last = connection_value("SELECT max(id) FROM inventory_variant")
    with connection.cursor() as cursor:  # behind the ids that the chain took without asking
        cursor.execute("SELECT setval(pg_get_serial_sequence('inventory_variant', 'id'), %s)", [last])
        cursor.execute("SELECT setval(pg_get_serial_sequence('inventory_product', 'id'), %s)", [last])
    titles = list(dict.fromkeys(chain.titles))
    rng.shuffle(titles)
    names, made, number = made_up(rng), 0, 0
    while made < wanted:
        some = [_product(number + n, titles, next(names), rng) for n in range(1000)]
        made += len(keep_catalog(made=some, rng=rng, first=made))
        number += len(some)
    learn_words()
    with connection.cursor() as cursor:
        cursor.execute(SHELVES, {"location": LOCATION, "last": last})
        cursor.execute("VACUUM ANALYZE")
    return Variant.objects.count()


def _product(number: int, titles: list[str], name: str, rng: Random) -> tuple[Family, Product]:
    """A title of the given ones, with a name of its own once they are used up; else one as the demo chain's are."""
    family = rng.choices(FAMILIES, [family.share for family in FAMILIES])[0]
    if number < len(titles):
        title = titles[number]
    elif titles:
        title = f"{name.title()} {titles[number % len(titles)]}"
    else:
        title = f"{name.title()} {rng.choice(family.lines)} {rng.choice(family.nouns)}"
    return family, Product(code=f"LM{number:06}", title=title[:300], brand=rng.choice(family.brands),
                           category=family.category)  # fmt: skip


def _kinds(rng: Random) -> list[Kind]:
    last = rng.sample(list(Variant.objects.exclude(sku__startswith="BENCH-").values_list("pk", flat=True)), ASKED)
    chosen = list(Variant.objects.filter(pk__in=last).select_related("product").prefetch_related("barcodes"))
    titled = partial(_titled, chosen, rng)
    return [
        Kind("barcode", [(each.barcodes.all()[0].code, each.product_id) for each in chosen], BY_BARCODE),
        Kind("SKU", [(each.sku, each.product_id) for each in chosen], BY_SKU),
        Kind("one word", [(text, None) for text, _meant in titled(1, 0)], BY_WORDS),
        Kind("beginning of a word", [(text[:3], None) for text, _meant in titled(1, 0)], BY_WORDS),
        Kind("two words", titled(2, 0), BY_WORDS),
        Kind("two words, one slip", titled(2, 1), BY_WORDS),
        Kind("two words, a slip in each", titled(2, 2), BY_WORDS),
        Kind("title, size and color", [(f"{each.product.title} {' '.join(map(str, each.options.values()))}",
                                        each.product_id) for each in chosen], BY_WORDS),
        Kind("nothing is called so", [(nonsense(rng), None) for _ in chosen], BY_WORDS),
    ]  # fmt: skip


def _titled(chosen: list[Variant], rng: Random, words: int, slips: int) -> list[tuple[str, int]]:
    """So many words of each title, the long ones first, the first of them with a slip."""
    asked = []
    for each in chosen:
        said = [word for word in each.product.title.lower().split() if word.isalpha()]
        rng.shuffle(said)
        said = sorted(said, key=lambda word: len(word) < LONG)[:words]
        if said:
            typed = [slipped(word, rng) if n < slips and len(word) >= LONG else word for n, word in enumerate(said)]
            asked.append((" ".join(typed), each.product_id))
    return asked


def connection_value(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])
