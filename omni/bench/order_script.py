"""The SQL of a real order as a pgbench script, so that both sides of the comparison do the same work.

An order is placed through the site's door and what it said is recorded. In that text every number that belongs to
this one order (its ids, its variants, its shopper ...) becomes a variable: drawn at random, or taken from what an
INSERT returned. When the code changes, the next recording changes with it.
"""

import re
from dataclasses import dataclass
from itertools import count
from random import Random

from django.db import connection

from inventory.geo import zip_centroid
from omni.bench.bodies import PICKUP_LINES, SHORT, Wish, wish
from omni.bench.recording import Site
from omni.bench.scale import ASSORTMENTS, FIRST_LOCATION, FIRST_SHOPPER, FIRST_VARIANT, SHOPPERS, STOCKED
from omni.core.models import IdempotencyKey
from orders.models import FulfillmentLine, FulfillmentOrder, Order, OrderLine

# Ids in ranges that occur nowhere else, so that each number in the text says what it is.
RANGES = {
    "orders_order_number_seq": 71_000_000_000,
    "orders_order": 72_000_000_000,
    "orders_orderline": 73_000_000_000,
    "orders_fulfillmentorder": 74_000_000_000,
    "orders_fulfillmentline": 75_000_000_000,
    "core_idempotencykey": 76_000_000_000,
}
_references = count(66_000_000_000)
TRIES = 50
TEXT = re.compile(r"(E?)'((?:[^']|'')*)'")
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")
NAMED = re.compile(r":(?=[A-Za-z_])")


@dataclass(frozen=True)
class Returned:
    """Which variables an INSERT gives: the ids of its rows, in their order."""

    table: str
    names: tuple[str, ...]


class OrderScript:
    """Records one order and writes it down for pgbench."""

    def __init__(
        self, site: Site, *, locations: int, lines: int = SHORT, pickup_lines: int = PICKUP_LINES, at: int | None = None
    ) -> None:
        self.site = site
        self.locations = locations
        self.lines = lines
        self.pickup_lines = pickup_lines
        self.at = at

    def text(self, *, postal_code: str) -> str:
        """The whole script: one transaction of pgbench is one order."""
        _begin_ranges()
        wished, said = self._recorded(postal_code)
        names, returned = _meaning(wished)
        if wished.ship:
            latitude, longitude = zip_centroid(postal_code) or (0.0, 0.0)
            names |= {str(latitude): "latitude", str(longitude): "longitude"}
        text = "\n".join(_line(statement, names, returned) for statement in said)
        never = {name for name in names.values() if f"(:{name})" not in text}
        if never:
            raise RuntimeError(f"The recorded order says nothing of its {', '.join(sorted(never))}:\n{text}")
        return "\n".join([*self._draws(), text]) + "\n"

    def _recorded(self, postal_code: str) -> tuple[Wish, list[str]]:
        """An order that ships from one location, and not from where the rest is collected."""
        rng = Random(1)
        for attempt in range(TRIES):
            wished = wish(
                rng, reference=next(_references), shopper=FIRST_SHOPPER, lines=self.lines, postal_code=postal_code,
                location=self.at or FIRST_LOCATION + rng.randrange(self.locations), pickup_lines=self.pickup_lines,
            )  # fmt: skip
            said = self.site.said(wished)
            places = _works(wished).values_list("location_id", flat=True)
            if attempt and len(set(places)) == len(places) == bool(wished.pickup) + bool(wished.ship):
                return wished, said  # the first one has warmed what a process keeps
        raise RuntimeError("No order could be recorded that ships from one location.")

    def _draws(self) -> list[str]:
        """What is different from order to order, within what each location stocks."""
        of_kind = f"{FIRST_LOCATION} + random(0, {self.locations // ASSORTMENTS - 1}) * {ASSORTMENTS} + :kind"
        part = STOCKED // self.lines
        return [
            r"\set reference random(1000000000000, 9000000000000000000)",
            rf"\set shopper {FIRST_SHOPPER} + random(0, {SHOPPERS - 1})",
            # Somewhere in the country, for the search of what is near.
            r"\set latitude random(30000, 45000) / 1000.0",
            r"\set longitude random(-120000, -75000) / 1000.0",
            rf"\set kind random(0, {ASSORTMENTS - 1})",
            rf"\set pickup_location {self.at or of_kind}",
            rf"\set ship_location {of_kind}",
            *(
                rf"\set variant{n} {FIRST_VARIANT} + random({n * part}, {n * part + part - 1}) * {ASSORTMENTS}"
                rf" + :pickup_location % {ASSORTMENTS}"
                for n in range(self.lines)
            ),
        ]


def _begin_ranges() -> None:
    with connection.cursor() as cursor:
        for name, first in RANGES.items():
            sequence = name if name.endswith("_seq") else None
            if sequence is None:
                cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [name])
                sequence = cursor.fetchone()[0]
            cursor.execute("SELECT setval(%s, greatest(%s, (SELECT nextval(%s))))", [sequence, first, sequence])


def _works(wished: Wish):
    return FulfillmentOrder.objects.filter(order__channel_reference=f"WEB-{wished.reference}").order_by("pk")


def _meaning(wished: Wish) -> tuple[dict[str, str], list[Returned]]:
    """Which variable each number of this order stands for, and which INSERT returns it."""
    order = Order.objects.get(channel_reference=f"WEB-{wished.reference}")
    rows = {
        "orders_orderline": OrderLine.objects.filter(order=order),
        "orders_fulfillmentorder": FulfillmentOrder.objects.filter(order=order),
        "orders_fulfillmentline": FulfillmentLine.objects.filter(fulfillment_order__order=order),
        "core_idempotencykey": IdempotencyKey.objects.filter(key=f"bench-{wished.reference}"),
    }
    names = {str(order.pk): "order0", str(order.number): "number", str(wished.reference): "reference",
             str(wished.shopper): "shopper", str(wished.location): "pickup_location"}  # fmt: skip
    names |= {str(variant): f"variant{n}" for n, variant in enumerate((*wished.pickup, *wished.ship))}
    names |= {str(work.location_id): "ship_location" for work in _works(wished) if work.method == "ship"}
    returned = [Returned("orders_order", ("order0",))]
    for table, found in rows.items():
        ids = found.order_by("pk").values_list("pk", flat=True)
        named = {str(pk): f"{table.rpartition('_')[2]}{n}" for n, pk in enumerate(ids)}
        names |= named
        returned.append(Returned(table, tuple(named.values())))
    return names, returned


def _line(statement: str, names: dict[str, str], returned: list[Returned]) -> str:
    """One statement with variables, and the names for what it returns."""
    sql = _with_variables(statement, names)
    target = re.match(r'INSERT INTO "?(\w+)"?', statement)
    gives = next((each for each in returned if target and each.table == target.group(1)), None)
    if gives is None:
        return f"{sql};"
    ids = ", ".join(f"ids[{n}] AS {name}" for n, name in enumerate(gives.names, start=1))
    number = ", (SELECT number FROM made)" if gives.table == "orders_order" else ""
    # Made of recorded statements only, for a scratch database.
    return (
        f"WITH made AS ({sql}), rows AS (SELECT array_agg(id ORDER BY id) AS ids FROM made) "  # noqa: S608
        f"SELECT {ids}{number} FROM rows \\gset"
    )


def _with_variables(statement: str, names: dict[str, str]) -> str:
    pieces, end = [], 0
    for found in TEXT.finditer(statement):
        pieces += [_numbers(statement[end : found.start()], names), _quoted(found, names)]
        end = found.end()
    return "".join([*pieces, _numbers(statement[end:], names)])


def _numbers(sql: str, names: dict[str, str]) -> str:
    def known(found: re.Match[str]) -> str:
        name = names.get(found.group())
        kind = "float" if "." in found.group() else "bigint"
        return f"(:{name})::{kind}" if name else found.group()

    return NUMBER.sub(known, sql)


def _quoted(found: re.Match[str], names: dict[str, str]) -> str:
    """A text whose known numbers are variables; inside of quotes pgbench would put them in as they are."""
    escaped, text = bool(found.group(1)), found.group(2)
    parts, end = [], 0
    for number in re.finditer(r"\d+", text):
        if number.group() in names:
            parts += [_literal(text[end : number.start()], escaped), f"(:{names[number.group()]})::text"]
            end = number.end()
    if not parts:
        return _literal(text, escaped)
    return f"({' || '.join([*parts, _literal(text[end:], escaped)])})"


def _literal(text: str, escaped: bool) -> str:
    """A colon before a letter would be a variable of pgbench."""
    if not NAMED.search(text):
        return f"{'E' if escaped else ''}'{text}'"
    doubled = text if escaped else text.replace("\\", "\\\\")
    return "E'" + NAMED.sub(r"\\x3a", doubled) + "'"
