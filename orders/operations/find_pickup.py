"""What a customer says or shows at the desk, and which work they mean. Reads only."""

import re
from dataclasses import dataclass, field

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Q, Value
from django.db.models.functions import Greatest

from customers.phone import to_e164
from inventory.models import Location
from orders.models import FulfillmentOrder, Order
from orders.models.fulfillment_order import FulfillmentOrderQuerySet, Status
from orders.models.order_line import Method
from orders.pickup_code import LENGTH, digest

MOST = 20  # more than a person reads while somebody waits
ALIKE = 0.3  # word similarity from which a name may be the one that was meant (pg_trgm) ...
SURE = 0.5  # ... and from which a single one is surely meant
BESIDE = 0.6  # of the best one's likeness: what else is worth showing
WORK_NUMBER = re.compile(r"(\d{1,18}-\d{1,4})/?$")
ORDER_NUMBER = re.compile(r"^\D{0,12}?(\d{1,18})$")


@dataclass(frozen=True)
class Found:
    """Work of this store, ready first; or the order that is meant, when this store has no work of it."""

    works: list[FulfillmentOrder] = field(default_factory=list)
    order: Order | None = None
    by_code: bool = False
    is_sure: bool = True


def find_pickup(*, text: str, location: Location) -> Found:
    """The strongest key decides: pickup code, number (of the work, or of the order), phone, then name with typos.

    A code or number finds closed work and orders of other stores too; phones and names only what is open here.
    """
    here = FulfillmentOrder.objects.filter(method=Method.PICKUP).at(location).for_desk()
    for key in _exact_keys(text):
        works = list(here.filter(key.of_work).order_by("pk")[:MOST])
        if works:
            return Found(works=_most_wanted(works), by_code=key.is_code)
        if order := Order.objects.filter(key.of_order).first():
            return Found(order=order, by_code=key.is_code)
    for find in (_by_phone, _by_reference):
        works = find(text, here.open_pickups())
        if works:
            return Found(works=works)
    return _by_name(text, here.open_pickups())


@dataclass(frozen=True)
class _Key:
    """What only one order has, as its work and as the order know it; the code is the customer's secret."""

    of_work: Q
    of_order: Q
    is_code: bool = False


def _exact_keys(text: str) -> list[_Key]:
    keys = []
    bare = re.sub(r"[\s-]", "", text)
    if len(bare) == LENGTH and bare.isalnum():
        code = digest(text)
        keys.append(_Key(Q(order__pickup_code_digest=code), Q(pickup_code_digest=code), is_code=True))
    if number := WORK_NUMBER.search(text.strip()):
        keys.append(_Key(Q(number=number[1]), Q(fulfillment_orders__number=number[1])))
    if number := ORDER_NUMBER.search(text.strip()):
        keys.append(_Key(Q(order__number=int(number[1])), Q(number=int(number[1]))))
    return keys


def _most_wanted(works: list[FulfillmentOrder]) -> list[FulfillmentOrder]:
    """Ready work, else open work, else the newest that was closed."""
    ready = [work for work in works if work.status == Status.STAGED]
    return ready or [work for work in works if work.closed_at is None] or works[-1:]


def _by_phone(text: str, here: FulfillmentOrderQuerySet) -> list[FulfillmentOrder]:
    phone = to_e164(text)
    return list(here.filter(order__contact_phone=phone)[:MOST]) if phone else []


def _by_reference(text: str, here: FulfillmentOrderQuerySet) -> list[FulfillmentOrder]:
    """The number that the web shop or the marketplace told the customer."""
    return list(here.filter(order__channel_reference__iexact=text.strip())[:MOST])


def _by_name(text: str, here: FulfillmentOrderQuerySet) -> Found:
    """Names alike, the most alike first: people spell each other as they hear them."""
    if sum(letter.isalpha() for letter in text) < 2:
        return Found()
    names = [TrigramWordSimilarity(text, f"order__{field}") for field in ("contact_name", "collector_name")]
    alike = here.annotate(alike=Greatest(*names, Value(0.0))).filter(alike__gte=ALIKE)
    works = list(alike.order_by("-alike", "due_at", "pk")[:MOST])
    best = works[0].alike if works else 0
    return Found(works=[work for work in works if work.alike >= best * BESIDE], is_sure=best >= SURE)
