"""Finding one customer among a million by what they say or show, and by a name with slips."""

from random import Random

from django.urls import reverse

from customers.models import Customer
from customers.operations.find import find_customers
from omni.bench import crowd
from omni.bench.asking import ASKED, Kind, Way, associate_at, measure_kind
from omni.bench.chain import Chain
from omni.bench.figures import Subject
from omni.bench.scale import FIRST_LOCATION
from omni.bench.words import nonsense, slipped

PEOPLE = 1_000_000
SHOWN = 12  # as many as the page shows
LOCATION = FIRST_LOCATION + 4
LONG = 4  # letters of a name in which a slip is made
BY_PHONE = "SELECT id FROM customers_customer WHERE phone = %(text)s AND phone <> ''"
BY_END = "SELECT id FROM customers_customer WHERE phone LIKE '%%' || %(text)s LIMIT 12"
BY_EMAIL = "SELECT id FROM customers_customer WHERE email = %(text)s AND email <> ''"
BY_CODE = "SELECT id FROM customers_customer WHERE loyalty_code = %(text)s"
BY_NAME = "SELECT id FROM customers_customer WHERE lower(name) = lower(%(text)s) AND is_active LIMIT 12"
BY_PART = """
SELECT id FROM customers_customer WHERE (SELECT bool_and(name || '' ILIKE '%%' || word || '%%')
  FROM unnest(string_to_array(%(text)s, ' ')) word) LIMIT 12
"""


def measure(chain: Chain) -> list[Subject]:
    """Each kind of question through `find_customers` and through the page on which a customer is looked for."""
    chain.tell(f"Customers: {PEOPLE:,} of them; their indexes take minutes ...")
    crowd.fill(PEOPLE)
    browser = associate_at(LOCATION)
    way = Way(
        find=lambda text: [each.pk for each in find_customers(text=text, limit=SHOWN).customers],
        page=lambda text: browser.post(reverse("customers:search"), {"code": text}),
    )
    subject = Subject(f"One of {Customer.objects.count():,} customers, {ASKED} questions of each kind (aim: 50 ms)")
    for kind in _kinds(Random(9)):
        chain.tell(f"Customers: {kind.name} ...")
        measure_kind(subject, kind, way)
    return [subject]


def _kinds(rng: Random) -> list[Kind]:
    # Those with a number ending in 2, 4, 6 or 8 have a phone and a code as well as an e-mail.
    ids = [crowd.FIRST + 10 * rng.randrange(PEOPLE // 10) + rng.choice((2, 4, 6, 8)) for _ in range(ASKED)]
    people = list(Customer.objects.filter(pk__in=ids))
    rng.shuffle(people)
    others = list(Customer.objects.filter(pk__in=[each.pk + 1 for each in people]))  # with common family names
    return [
        Kind("phone", [(each.phone, each.pk) for each in people], BY_PHONE),
        Kind("phone without its area code", [(each.phone[-7:], each.pk) for each in people], BY_END),
        Kind("e-mail", [(each.email, each.pk) for each in people], BY_EMAIL),
        Kind("loyalty code", [(str(each.loyalty_code), each.pk) for each in people], BY_CODE),
        Kind("rare name", [(each.name, each.pk) for each in people], BY_NAME),
        Kind("common name", [(each.name, None) for each in others], BY_NAME),
        Kind("given name alone", [(each.name.split()[0], None) for each in others], BY_PART),
        Kind("half a name", [(_half(each.name), None) for each in people], BY_PART),
        Kind("rare name, one slip", [(_typed(each.name, rng, 1), each.pk) for each in people], BY_PART),
        Kind("rare name, a slip in each word", [(_typed(each.name, rng, 2), each.pk) for each in people], BY_PART),
        Kind("common name, one slip", [(_typed(each.name, rng, 1), None) for each in others], BY_PART),
        Kind("nobody is called so", [(nonsense(rng), None) for _ in people], BY_PART),
    ]  # fmt: skip


def _half(name: str) -> str:
    given, _space, family = name.partition(" ")
    return f"{given} {family[:3]}"


def _typed(name: str, rng: Random, slips: int) -> str:
    """The name in small letters, with a slip in so many of its words, the family name first."""
    words = name.lower().split()
    for n in list(reversed(range(len(words))))[:slips]:
        if len(words[n]) >= LONG:
            words[n] = slipped(words[n], rng)
    return " ".join(words)
