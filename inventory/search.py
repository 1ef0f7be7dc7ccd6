"""Find what a shopper means: a scanned code, the beginning of a SKU, or words with typing mistakes.

Each word of the query is mended first, by the catalog's own words (`SearchWord`): those that begin with it, else those
nearest by trigrams (pg_trgm) that are at most one or two edits away, a pair of transposed letters being one. Then the
words are looked up in full-text indexes and the few hundred first products are ranked by trigram similarity. No step
reads the whole catalog, however large it is.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection

from inventory.gtin import normalize
from inventory.mend_words import Word, mend

SHOWN = 20
CANDIDATES = 300  # products looked at before ranking: more than that and the query says too little to rank by
MAX_WORDS = 8
WORD = re.compile(r"[^\W_]+(?:\.[0-9]+)?", re.UNICODE)

CODES = """
SELECT v.product_id, v.sku, true AS exact FROM inventory_barcode b JOIN inventory_variant v ON v.id = b.variant_id
 WHERE b.code = %(barcode)s AND v.is_active
UNION ALL
(SELECT v.product_id, v.sku, upper(v.sku) = upper(%(text)s) FROM inventory_variant v
  WHERE upper(v.sku) LIKE upper(%(prefix)s) AND v.is_active ORDER BY upper(v.sku) LIMIT 40)
"""

# The tsvector expressions are those of the indexes `product_words` and `variant_words`.
PRODUCT_WORDS = "to_tsvector('simple'::regconfig, translate(p.title || ' ' || p.brand, '/-:&+,;|_@=', '           '))"
VARIANT_WORDS = """jsonb_to_tsvector('simple'::regconfig, v.options, '["string", "numeric"]'::jsonb)"""

IN_TITLES = "SELECT p.id FROM inventory_product p WHERE p.is_active AND {fits} LIMIT %(candidates)s"
OF_OPTIONS = "SELECT v.product_id FROM inventory_variant v WHERE v.is_active AND {fits} LIMIT %(candidates)s"
IN_OPTIONS = "EXISTS (SELECT 1 FROM inventory_variant v WHERE v.product_id = p.id AND v.is_active AND {fits})"
NAMED = """(SELECT v.sku FROM inventory_variant v
  WHERE v.product_id = p.id AND v.is_active AND {fits} ORDER BY v.id LIMIT 1)"""
NO_SKU = "NULL::text"

FIND = """
WITH found(id) AS MATERIALIZED ({found})
SELECT p.id, {sku} AS sku, similarity(p.title || ' ' || p.brand, %(text)s) AS score
  FROM found JOIN inventory_product p ON p.id = found.id
 ORDER BY score DESC, p.title, p.id LIMIT %(shown)s
"""


@dataclass(frozen=True)
class Hit:
    """A product, and the variant that the query names where it names one."""

    product_id: int
    sku: str | None = None


@dataclass(frozen=True)
class Found:
    """What was found, best first. `exact` is a variant whose code this is; `mended` what the words were taken for."""

    hits: Sequence[Hit] = ()
    exact: Hit | None = None
    mended: str = ""
    words: Sequence[Word] = field(default=(), repr=False)


def search(text: str, *, shown: int = SHOWN) -> Found:
    """Exact code first, then SKUs that begin so, then products by words. At most three queries."""
    text = text.replace("\x00", "").strip()[:100]
    if not text:
        return Found()
    coded = _by_code(text)
    exact = next((hit for hit, is_exact in coded if is_exact), None)
    if exact:
        return Found(hits=[exact], exact=exact)
    words = mend(WORD.findall(text.lower())[:MAX_WORDS])
    mended = " ".join(word.meant[0] for word in words)
    hits = _once([*(hit for hit, _is_exact in coded), *_by_words(mended, words, shown)])
    return Found(hits[:shown], mended=mended if hits and any(word.is_mended for word in words) else "", words=words)


def _by_code(text: str) -> list[tuple[Hit, bool]]:
    if " " in text:
        return []
    prefix = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    with connection.cursor() as cursor:
        cursor.execute(CODES, {"barcode": normalize(text), "text": text, "prefix": prefix})
        return [(Hit(product_id, sku), exact) for product_id, sku, exact in cursor.fetchall()]


def _once(hits: Iterable[Hit]) -> list[Hit]:
    """Each product once, where it stands first; one whose SKUs all begin so names none of them."""
    first: dict[int, Hit] = {}
    for hit in hits:
        known = first.get(hit.product_id)
        if known is None:
            first[hit.product_id] = hit
        elif known.sku != hit.sku and hit.sku:
            first[hit.product_id] = Hit(hit.product_id)
    return list(first.values())


def _by_words(text: str, words: Sequence[Word], shown: int) -> list[Hit]:
    """Products that every word fits, in the title or in the options of one variant; else those that some fit."""
    if not words:
        return []
    found = _find(text, words, shown)
    if found or len(words) == 1:
        return found
    some = " | ".join(word.query for word in words)
    return _hits(IN_TITLES.format(fits=_says(PRODUCT_WORDS, "some")), NO_SKU, text, shown, some=some)


def _find(text: str, words: Sequence[Word], shown: int) -> list[Hit]:
    sure = [word for word in words if not word.in_options]
    other = [word for word in words if word.in_options]
    values = {f"word{n}": word.query for n, word in enumerate(other)}
    fits = [_somewhere(word, f"word{n}") for n, word in enumerate(other)]
    if sure:
        values["sure"] = " & ".join(word.query for word in sure)
        fits.insert(0, _says(PRODUCT_WORDS, "sure"))
    found = [IN_TITLES.format(fits=" AND ".join(fits))]
    sku = NO_SKU
    if other:
        values["one"] = " & ".join(word.query for word in other)
        of_one = _says(VARIANT_WORDS, "one")
        sku = NAMED.format(fits=of_one)
        if not sure:  # nothing in the title to begin with: begin with the options
            found = [OF_OPTIONS.format(fits=of_one)]
            for n, word in enumerate(other):
                if word.in_titles:
                    found.append(IN_TITLES.format(fits=" AND ".join([_says(PRODUCT_WORDS, f"word{n}"), *fits])))
    return _hits(" UNION ".join(f"({each})" for each in found), sku, text, shown, **values)


def _somewhere(word: Word, name: str) -> str:
    inside = IN_OPTIONS.format(fits=_says(VARIANT_WORDS, name))
    return f"({_says(PRODUCT_WORDS, name)} OR {inside})" if word.in_titles else inside


def _says(words: str, name: str) -> str:
    return f"{words} @@ to_tsquery('simple', %({name})s)"


def _hits(found: str, sku: str, text: str, shown: int, **words: str) -> list[Hit]:
    with connection.cursor() as cursor:
        values: dict[str, str | int] = {"text": text, "shown": shown, "candidates": CANDIDATES, **words}
        cursor.execute(FIND.format(found=found, sku=sku), values)
        return [Hit(product_id, sku) for product_id, sku, _score in cursor.fetchall()]
