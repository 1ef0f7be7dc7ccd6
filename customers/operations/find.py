"""Find a customer by whatever they say or show: a phone, an e-mail, a loyalty code, the site's id, or a name."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models.expressions import RawSQL

from customers.loyalty_code import as_code
from customers.models import Customer
from customers.name_keys import beginning, slips, unlikeness, whole, words_of
from customers.phone import to_e164

LIMIT = 20
LOOKED_AT = 300  # of a slip that fits thousands, these are compared by eye
FEWEST_DIGITS = 7  # a number without its area code
MOST_WORDS = 5
PHONE = re.compile(r"[\d\s()+./-]+")

# The fence keeps the planner from reading the whole table in the hope of a quick hit; the outer LIMIT stops it early.
BY_NAME = """
WITH hit AS MATERIALIZED (SELECT * FROM customers_customer WHERE {words} AND is_active)
SELECT * FROM hit LIMIT {limit}
"""
# As with names: ordered by id and stopped early, the planner would rather read everybody until enough are met.
BY_END = """
WITH hit AS MATERIALIZED (SELECT id FROM customers_customer WHERE phone <> '' AND reverse(phone) LIKE %s)
SELECT id FROM hit LIMIT %s
"""
FILED = "customers_name_keys(name) && %s::text[]"
# What no single slip explains: whole words left out, several slips at once.
BY_LIKENESS = """
WITH hit AS MATERIALIZED (SELECT * FROM customers_customer WHERE name %% %s AND is_active)
SELECT * FROM hit ORDER BY similarity(name, %s) DESC, id LIMIT {limit}
"""


@dataclass(frozen=True)
class Found:
    """Who it could be, the likeliest first; `is_sure` where one key names exactly one person."""

    by: str  # phone, email, loyalty_code, external_id, name, or "" where nothing fits
    customers: list[Customer] = field(default_factory=list)
    has_more: bool = False

    @property
    def is_sure(self) -> bool:
        return self.by not in {"", "name"} and len(self.customers) == 1


def find_customers(*, text: str, limit: int = LIMIT) -> Found:
    """Living customers whom this text means, at most `limit`; four short questions to indexes at most."""
    text = " ".join(text.split())[:200].replace("\0", "")
    if not text:
        return Found("")
    for by, found in _by_key(text, limit + 1):
        if found:
            return _within(by, found, limit)
    return _within("name", _by_name(text, limit + 1), limit)


def _by_key(text: str, limit: int) -> Iterator[tuple[str, list[Customer]]]:
    """Each key that the text could be; asked one after the other, the strongest first."""
    known = Customer.objects.known()
    if code := as_code(text):
        yield "loyalty_code", _kept(known.filter(loyalty_code=code))
    if "@" in text:
        email = text.lower().replace(" ", "")
        mailed = known.exclude(email="").order_by("email", "pk")
        yield "email", _kept(mailed.filter(email=email)[:limit])
        if len(email.partition("@")[0]) >= 3:
            yield "email", _kept(mailed.filter(email__startswith=email)[:limit])
    if PHONE.fullmatch(text):
        called = known.exclude(phone="").order_by("pk")
        yield "phone", _kept(called.filter(phone=to_e164(text) or "?")[:limit])
        digits = re.sub(r"\D", "", text)
        if len(digits) >= FEWEST_DIGITS:
            ending = RawSQL(BY_END, [f"{digits[::-1]}%", LOOKED_AT])  # noqa: S611 - digits, as a parameter
            yield "phone", _kept(called.filter(pk__in=ending)[:limit])
    yield "external_id", _kept(known.filter(external_id=text))


def _kept(hits: Iterable[Customer]) -> list[Customer]:
    """Who was merged away is meant as the one that stayed; each once."""
    return list({kept.pk: kept for kept in (hit.merged_into or hit for hit in hits)}.values())


def _by_name(text: str, limit: int) -> list[Customer]:
    """As typed; where nobody is called so, begun words and one slip in each; where nobody still, by likeness."""
    words = words_of(text)[:MOST_WORDS]
    if not any(len(word) > 1 for word in words):
        return []
    return (
        _filed(words, [[whole(word)] for word in words], limit, limit)
        or _filed(words, [[beginning(word), *slips(word)] for word in words], LOOKED_AT, limit)
        or _alike(text, limit)
    )


def _filed(words: list[str], keys: list[list[str]], looked_at: int, limit: int) -> list[Customer]:
    """Those filed under one of the keys of each word, the most alike first."""
    condition = " AND ".join(FILED for _ in keys)
    hits = Customer.objects.raw(BY_NAME.format(words=condition, limit=looked_at), keys)
    ranked = [(unlikeness(words, hit.name), hit.name.lower(), hit.pk, hit) for hit in hits]
    meant = sorted((each for each in ranked if each[0] is not None), key=lambda each: each[:3])
    return [hit for *_rank, hit in meant[:limit]]


@transaction.atomic
def _alike(text: str, limit: int) -> list[Customer]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.similarity_threshold = 0.5")
    return list(Customer.objects.raw(BY_LIKENESS.format(limit=limit), [text, text]))


def _within(by: str, found: list[Customer], limit: int) -> Found:
    return Found(by if found else "", found[:limit], len(found) > limit)
