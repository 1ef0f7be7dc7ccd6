"""A pick list as its picker walks it: lines by shelf, orders to stage, what is next."""

from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from inventory.looks import look
from inventory.shelves import label, walk
from orders.kit_words import parts_of
from orders.models import FulfillmentLine, FulfillmentOrder, PickList
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.names import short_name


@dataclass
class Job:
    """One order of the walk."""

    work: FulfillmentOrder
    lines: list[FulfillmentLine] = field(default_factory=list)

    @property
    def order(self):
        return self.work.order

    @property
    def customer(self) -> str:
        return short_name(self.order.collector_name or self.order.contact_name)

    @property
    def units(self) -> int:
        return sum(line.in_staging_quantity for line in self.lines)

    @property
    def left(self) -> int:
        return sum(line.to_pick_quantity for line in self.lines)

    @property
    def wanted(self) -> int:
        return sum(line.wanted_quantity for line in self.lines)

    @property
    def hidden(self) -> list[dict[str, str]]:
        """What travels with the scan of its shelf."""
        return [{"name": "work", "value": self.work.number}]

    @property
    def is_ready_to_stage(self) -> bool:
        return self.work.status == Status.PICKING and not self.left

    @property
    def is_staged(self) -> bool:
        return self.work.status == Status.STAGED

    @property
    def is_over(self) -> bool:
        """Nothing of it will be staged from this list any more."""
        return self.work.status != Status.PICKING


@dataclass
class Row:
    """One item of the walk: the units that all its orders want from one bin, on one line."""

    lines: list[FulfillmentLine]
    is_wave: bool = False

    @property
    def real(self) -> list[FulfillmentLine]:
        """Without the lines of which nothing is wanted any more; all of them where nothing is."""
        return [line for line in self.lines if not _is_gone(line)] or self.lines

    @property
    def first(self) -> FulfillmentLine:
        return min(self.lines, key=lambda line: line.pk)

    @property
    def left(self) -> int:
        return sum(line.to_pick_quantity for line in self.lines if _is_wanted(line))

    @property
    def picked(self) -> int:
        return sum(line.picked_quantity for line in self.real)

    @property
    def wanted(self) -> int:
        return sum(line.wanted_quantity for line in self.real)

    @property
    def by_urgency(self) -> list[FulfillmentLine]:
        """In the order in which scans fill them."""
        return sorted(self.real, key=lambda line: (line.fulfillment_order.due_at, line.pk))

    @property
    def undoable(self) -> FulfillmentLine | None:
        """The line that the last scan of this item went to."""
        picked = [line for line in self.by_urgency if line.fulfillment_order.status == Status.PICKING]
        return next((line for line in reversed(picked) if line.in_staging_quantity), None)

    @property
    def totes(self) -> list[dict]:
        """Where its units go, the most urgent order first; nothing where there is only one order."""
        if not self.is_wave:
            return []
        return [
            {"tote": line.fulfillment_order.tote, "order": line.fulfillment_order.order.number,
             "picked": line.picked_quantity, "wanted": line.wanted_quantity, "is_full": not line.to_pick_quantity}
            for line in self.by_urgency if not _is_gone(line)
        ]  # fmt: skip

    def words(self) -> dict:
        """What a pick line shows."""
        first, variant = self.first, self.first.variant
        orders = {line.fulfillment_order.order.number for line in self.real}
        undoable = self.undoable
        return {
            "id": f"line-{first.pk}", "line_id": first.pk, "sku": variant.sku,
            "bin": label(first.aisle, first.bin) or _("No bin"),  # type: ignore[attr-defined]
            "aisle": first.aisle,  # type: ignore[attr-defined]
            **look(variant.title, variant.options, variant.product.category),
            "order": _("Order %s") % orders.pop() if len(orders) == 1 and not self.is_wave else "",
            "totes": self.totes, "picked": self.picked, "wanted": self.wanted,
            "kit": parts_of((line.order_line, line.wanted_quantity) for line in self.by_urgency),
            "state": "" if self.left else _state(self.real[0]), "tag": _tag(self.real[0]), "note": self._note(),
            "can_undo": undoable is not None, "undo_line": undoable.pk if undoable else "", "can_short": self.left > 0,
            "codes": variant.codes if self.left else [],
        }  # fmt: skip

    def _note(self) -> str:
        if not self.wanted:
            return ""
        if short := sum(line.short_quantity for line in self.lines):
            return _("%d not found") % short
        cancelled = sum(line.cancelled_quantity for line in self.lines)
        return _("%d cancelled") % cancelled if cancelled else ""


class Walk:
    """Everything the page of a pick list draws, from one query over its lines."""

    def __init__(self, pick_list: PickList) -> None:
        self.pick_list = pick_list
        lines = FulfillmentLine.objects.on_walk(pick_list)
        self.lines = sorted(lines, key=lambda line: (*walk(line.aisle, line.bin), line.pk))  # type: ignore[attr-defined]

    @cached_property
    def jobs(self) -> list[Job]:
        """The orders, most urgent first."""
        jobs: dict[int, Job] = {}
        for line in self.lines:
            work = line.fulfillment_order
            jobs.setdefault(work.pk, Job(work)).lines.append(line)
        return sorted(jobs.values(), key=lambda job: (job.work.due_at, job.work.pk))

    @property
    def notices(self) -> list[str]:
        """What the customer changed meanwhile, until the picker has read it."""
        return [job.work.stop_notice for job in self.jobs if job.work.stop_notice]

    @property
    def to_stage(self) -> list[Job]:
        return [job for job in self.jobs if job.is_ready_to_stage]

    @property
    def to_packing(self) -> list[Job]:
        """Parcels of a finished wave: their totes go to the packing table together."""
        if not self.is_wave or self.left:
            return []
        return [job for job in self.to_stage if job.work.method == Method.SHIP and job.work.tote]

    @property
    def to_shelve(self) -> list[Job]:
        """What is put on a shelf order by order; a wave's parcels wait in their totes for the end of the walk."""
        return [job for job in self.to_stage if not (self.is_wave and job.work.method == Method.SHIP and self.left)]

    @property
    def staged(self) -> list[Job]:
        return [job for job in self.jobs if job.is_staged]

    @property
    def wanted(self) -> int:
        return sum(line.wanted_quantity for line in self.lines if not _is_gone(line))

    @property
    def picked(self) -> int:
        return sum(line.picked_quantity for line in self.lines if not _is_gone(line))

    @property
    def left(self) -> int:
        return sum(line.to_pick_quantity for line in self.lines if _is_wanted(line))

    @property
    def due_at(self):
        """When the first of its open orders is due."""
        return next((job.work.due_at for job in self.jobs if not job.is_over), None)

    @property
    def aisles(self) -> list[str]:
        return list(dict.fromkeys(line.aisle for line in self.lines if line.aisle and _is_wanted(line)))  # type: ignore[attr-defined]

    @property
    def is_wave(self) -> bool:
        """More than one order on one walk: each has its tote."""
        return len(self.jobs) > 1

    @cached_property
    def rows(self) -> list[Row]:
        """One per item, summed over the orders; what is on its shelf already is a row of its own."""
        rows: dict[tuple[int, str], Row] = {}
        for line in self.lines:
            done_with = "" if line.fulfillment_order.status == Status.PICKING else line.fulfillment_order.number
            rows.setdefault((line.variant_id, done_with), Row([], is_wave=self.is_wave)).lines.append(line)
        return list(rows.values())

    @property
    def to_pick(self) -> list[dict]:
        """Rows still to pick as the walk passes them, the first one marked."""
        rows = [row.words() for row in self.rows if row.left]
        if rows:
            rows[0]["state"] = "next"
        return rows

    @property
    def done(self) -> list[dict]:
        return [row.words() for row in self.rows if not row.left]

    def job_of(self, line: FulfillmentLine) -> Job:
        return next(job for job in self.jobs if job.work.pk == line.fulfillment_order_id)

    def line(self, line_id: int) -> FulfillmentLine:
        return next(line for line in self.lines if line.pk == line_id)

    def row(self, line_id: int) -> Row | None:
        """The row that this line is part of."""
        return next((row for row in self.rows if any(line.pk == line_id for line in row.lines)), None)


def _is_wanted(line: FulfillmentLine) -> bool:
    return line.fulfillment_order.status == Status.PICKING and line.to_pick_quantity > 0


def _is_gone(line: FulfillmentLine) -> bool:
    return not line.wanted_quantity


def _state(line: FulfillmentLine) -> str:
    if _is_wanted(line):
        return ""
    if line.wanted_quantity:
        return "done"
    return "short" if line.short_quantity else "cancelled"


def _tag(line: FulfillmentLine) -> str:
    work = line.fulfillment_order
    if not line.wanted_quantity:
        return "" if line.short_quantity else _("Cancelled")
    return _("On shelf %s") % work.shelf_code if work.status == Status.STAGED else ""
