"""The real returns of a wholesaler: sales come in as delivered and paid orders, each credit note to a decision.

What a return says of its sale (`orig_invoice_no`) is where the search begins; a credit note over several sales goes on
with the customer's other purchases of the same item, the newest first. Where no sale is known, it is a return without
receipt. Whatever the policy leaves to a lead, a lead approves, so that as much money as possible moves: none of it may
be more than was paid.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from inventory.csv_rows.catalogs import PRODUCT_FORMATS, online_retail_sku
from inventory.csv_rows.repeats import once_each, one_story
from inventory.models import Location, StockMovement, Variant
from inventory.operations.import_products import import_products
from inventory.operations.move_stock import Move, move_stock
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.imports.run import Listener, run
from omni.replay.recorded import rows, spread
from orders.models import OrderLine
from orders.operations.place import place
from orders.operations.request import Contact, LineRequest, OrderRequest, PaymentRequest
from returns.models import ReturnOrder
from returns.operations.authorize import Channel, Wanted, authorize
from returns.operations.blind import add_blind_unit, open_blind
from returns.operations.receive import Looked
from returns.operations.take_in_hand import take_in_hand

LINES = Path("orders/online_retail_lines.csv.gz")
PRODUCTS = Path("orders/online_retail_products.csv.gz")
ZONE = ZoneInfo("Europe/London")
CODE = "UK-RETURNS"
BY, LEAD = Actor.system("credit notes"), Actor.system("credit notes' lead")
GOODS = {"sale", "free_item"}
LOOK_EVERY = 100  # acts

Row = dict[str, str]


@dataclass
class Decided:
    """What became of the returns: decisions by the kind of match, units and money."""

    returns: Counter[tuple[str, str]] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)
    paid: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)
    orders: int = 0

    def lines(self) -> Iterator[str]:
        """As a command prints them."""
        for (match, decision), count in sorted(self.returns.items()):
            yield f"{match:12} {decision:44} {count:6}"
        yield f"units asked {self.units['asked']}, taken back {self.units['taken']}"
        yield (f"{self.orders} orders paid {self.paid:.2f}; refunded {self.refunded:.2f}, "
               f"of which store credit {self.credit:.2f}")  # fmt: skip


def replay_returns(
    folder: Path, *, limit: int, most_units: int | None = None, tell: Callable[[str], None] = lambda words: None
) -> Decided:
    """Run `limit` of the recorded returns, spread over the whole time, with the sales they belong to."""
    recorded = list(rows(folder / LINES))
    returned = [row for row in recorded if row["kind"] == "return"]
    if most_units:
        returned = [row for row in returned if -int(row["qty"]) <= most_units]
    chosen = spread(returned, limit)
    _import_products(folder)
    replay = _Replay(place=_store(), variants=_variants())
    sales = _sales_of(chosen, recorded)
    for n, (_at, kind, payload) in enumerate(_in_time(sales, chosen), start=1):
        if kind == "sale":
            replay.sell(payload)
        else:
            replay.take_back(payload[0])
        if n % LOOK_EVERY == 0:
            _look_at_the_tables()
            tell(f"{n} acts, {sum(replay.decided.returns.values())} returns decided")
    return replay.decided


def _look_at_the_tables() -> None:
    """Tables that grow this fast, perhaps inside one transaction, are read as if they were empty until they are looked
    at."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@dataclass
class _Replay:
    place: Location
    variants: dict[str, Variant]
    decided: Decided = field(default_factory=Decided)
    bought: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    numbers: dict[str, int] = field(default_factory=dict)

    def sell(self, invoice: Sequence[Row]) -> None:
        """Carried out of the store and paid by invoice, at the recorded time."""
        lines = [row for row in invoice if online_retail_sku(row["sku"]) in self.variants]
        if not lines:
            return
        now, head = _time(invoice[0]), invoice[0]
        self._stock(lines, now)
        asked = [_line(row, self.place) for row in lines]
        total = sum((each.unit_price * each.quantity for each in asked if each.unit_price), Decimal(0))
        buyer = head["customer_id"]
        order = place(
            request=OrderRequest(
                channel="pos", channel_reference=f"UK-{head['invoice_no']}", currency="GBP", lines=asked,
                contact=Contact(external_id=f"buyer-{buyer}", name=f"Buyer {buyer}") if buyer else Contact(),
                payments=[PaymentRequest("invoice", f"inv_{head['invoice_no']}", total, "captured")] if total else [],
            ),
            places=Location.objects.all(), by=BY, now=now,
        )  # fmt: skip
        self.numbers[head["invoice_no"]] = order.number
        self.decided.orders += 1
        self.decided.paid += total
        for row in lines:
            self.bought[buyer, online_retail_sku(row["sku"])].insert(0, (head["invoice_no"], row["line_no"]))

    def take_back(self, row: Row) -> None:
        """One credit line: refunded, approved by a lead, refused in part, or without a receipt."""
        asked = -int(row["qty"])
        self.decided.units["asked"] += asked
        purchases = self._purchases(row)
        said = self._of_purchases(row, purchases, asked) if purchases else self._without_receipt(row, asked)
        self.decided.returns[row["return_match"], said] += 1

    def _stock(self, lines: Iterable[Row], now: datetime) -> None:
        move_stock(
            moves=[Move(self.variants[online_retail_sku(row["sku"])].pk, self.place.pk, StockMovement.Kind.RECEIPT,
                        int(row["qty"]), cause=f"invoice:{row['invoice_no']}") for row in lines],
            by=BY, now=now,
        )  # fmt: skip

    def _purchases(self, row: Row) -> list[tuple[str, str]]:
        """(invoice, line) in the order in which they are asked: the one named by the credit note first."""
        known = (
            list(self.bought.get((row["customer_id"], online_retail_sku(row["sku"])), ())) if row["customer_id"] else []
        )
        named = (row["orig_invoice_no"], row["orig_line_no"])
        return [named, *(each for each in known if each != named)] if named in known else known

    def _of_purchases(self, row: Row, purchases: Sequence[tuple[str, str]], asked: int) -> str:
        left, by_lead, excess = asked, False, False
        for invoice, reference in purchases:
            if not left:
                break
            free = self._free(invoice, reference)
            if not free:
                continue
            found, approved = self._open(row, invoice, reference, min(free, left))
            by_lead |= approved
            left -= self._pay(row, found)
        if left:
            excess = self._is_refused(row, purchases[0], left)
        taken = asked - left
        self.decided.units["taken"] += taken
        if not taken:
            return "refused: all of it came back before"
        words = "refunded, a lead approved" if by_lead else "refunded"
        return f"{words}; refused beyond what was bought" if excess else words

    def _free(self, invoice: str, reference: str) -> int:
        line = OrderLine.objects.get(order__number=self.numbers[invoice], reference=reference)
        return line.fulfilled_quantity - line.returned_quantity

    def _open(self, row: Row, invoice: str, reference: str, quantity: int) -> tuple[ReturnOrder, bool]:
        what: dict[str, Any] = {
            "order_number": self.numbers[invoice], "wanted": [Wanted(reference=reference, quantity=quantity)],
            "channel": Channel.STORE, "location": self.place, "by": BY, "now": _time(row),
        }  # fmt: skip
        try:
            with transaction.atomic():
                return authorize(**what), False
        except Refusal:
            return authorize(**what, override=True), True

    def _pay(self, row: Row, found: ReturnOrder) -> int:
        looked = {pk: Looked() for pk in found.units.values_list("pk", flat=True)}
        payout = take_in_hand(rma_number=found.rma_number, looked=looked, location=self.place, by=BY, now=_time(row),
                              approved_by=LEAD)  # fmt: skip
        if payout:
            self.decided.refunded += payout.amount
            self.decided.credit += payout.credit_amount
        return len(looked)

    def _is_refused(self, row: Row, purchase: tuple[str, str], quantity: int) -> bool:
        """What is beyond everything that was bought must be refused, even with a lead's word."""
        invoice, reference = purchase
        try:
            with transaction.atomic():
                authorize(order_number=self.numbers[invoice], wanted=[Wanted(reference=reference, quantity=quantity)],
                          channel=Channel.STORE, location=self.place, by=BY, now=_time(row), override=True)  # fmt: skip
        except Refusal:
            return True
        raise AssertionError(f"{quantity} of {invoice}/{reference} came back more often than they were bought")

    def _without_receipt(self, row: Row, asked: int) -> str:
        person = row["customer_id"] or row["invoice_no"]
        now = _time(row)
        try:
            with transaction.atomic():
                opened = open_blind(
                    location=self.place, id_kind="account", id_reference=person, currency="GBP", by=BY, now=now
                )
                taken = self._add(opened, row, asked)
        except Refusal as refusal:
            return f"refused without receipt: {refusal.code}"
        self._pay(row, opened)
        self.decided.units["taken"] += taken
        return "store credit without receipt" if taken == asked else "store credit up to the limit"

    def _add(self, opened: ReturnOrder, row: Row, asked: int) -> int:
        """As many units as the policy takes without a receipt; a refusal of the first refuses the return."""
        for n in range(asked):
            try:
                with transaction.atomic():
                    add_blind_unit(rma_number=opened.rma_number, code=online_retail_sku(row["sku"]), by=BY,
                                   now=_time(row), override=True)  # fmt: skip
            except Refusal:
                if n == 0:
                    raise
                return n
        return asked


def _line(row: Row, place: Location) -> LineRequest:
    return LineRequest(
        reference=row["line_no"], sku=online_retail_sku(row["sku"]), quantity=int(row["qty"]), method="carry_out",
        location=place.code, unit_price=Decimal(row["unit_price"]).quantize(Decimal("0.01")),
    )  # fmt: skip


def _time(row: Row) -> datetime:
    return datetime.fromisoformat(row["invoice_at"]).replace(tzinfo=ZONE)


def _sales_of(chosen: Sequence[Row], recorded: Sequence[Row]) -> dict[str, list[Row]]:
    """Invoice -> its lines of items that come back: of the customers and items of these returns."""
    wanted = {(row["customer_id"], row["sku"]) for row in chosen if row["customer_id"]}
    sales: dict[str, list[Row]] = defaultdict(list)
    for row in recorded:
        if row["kind"] in GOODS and int(row["qty"]) > 0 and (row["customer_id"], row["sku"]) in wanted:
            sales[row["invoice_no"]].append(row)
    return sales


def _in_time(sales: dict[str, list[Row]], chosen: Sequence[Row]) -> list[tuple[str, str, Sequence[Row]]]:
    """Sales before returns of the same minute."""
    acts: list[tuple[str, str, Sequence[Row]]] = [(lines[0]["invoice_at"], "sale", lines) for lines in sales.values()]
    acts += [(row["invoice_at"], "take back", [row]) for row in chosen]
    return sorted(acts, key=lambda act: (act[0], act[1]))


def _store() -> Location:
    hours = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    place, _new = Location.objects.get_or_create(
        code=CODE, defaults={"name": "Credit notes", "timezone": "Europe/London", "weekly_hours": hours,
                             "country": "GB"},
    )  # fmt: skip
    return place


def _variants() -> dict[str, Variant]:
    return {variant.sku: variant for variant in Variant.objects.all()}


def _import_products(folder: Path) -> None:
    lines = one_story(once_each(PRODUCT_FORMATS["online_retail"](folder / PRODUCTS), key=lambda row: row.sku))
    listener = Listener(bad=lambda line: None, note=lambda number, note: None)
    run(lines=lines, book=lambda some: import_products(lines=some), hear=listener)
