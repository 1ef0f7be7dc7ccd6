"""A pick list as its picker walks it: lines by shelf, orders to stage, what is next."""

from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from inventory.looks import look
from inventory.shelves import label, walk
from orders.models import FulfillmentLine, FulfillmentOrder, PickList
from orders.models.fulfillment_order import Status
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
    def to_pick(self) -> list[dict]:
        """Rows still to pick as the walk passes them, the first one marked."""
        rows = [row_of(line) for line in self.lines if _is_wanted(line)]
        if rows:
            rows[0]["state"] = "next"
        return rows

    @property
    def done(self) -> list[dict]:
        return [row_of(line) for line in self.lines if not _is_wanted(line)]

    def job_of(self, line: FulfillmentLine) -> Job:
        return next(job for job in self.jobs if job.work.pk == line.fulfillment_order_id)

    def line(self, line_id: int) -> FulfillmentLine:
        return next(line for line in self.lines if line.pk == line_id)


def row_of(line: FulfillmentLine) -> dict:
    """The words of a pick line."""
    variant = line.variant
    return {
        "id": f"line-{line.pk}", "line_id": line.pk, "sku": variant.sku,
        "bin": label(line.aisle, line.bin) or _("No bin"),  # type: ignore[attr-defined]
        "aisle": line.aisle,  # type: ignore[attr-defined]
        **look(variant.title, variant.options, variant.product.category),
        "order": _("Order %s") % line.fulfillment_order.order.number,
        "picked": line.picked_quantity, "wanted": line.wanted_quantity,
        "state": _state(line), "tag": _tag(line), "note": _note(line),
        "can_undo": line.fulfillment_order.status == Status.PICKING and line.in_staging_quantity > 0,
        "can_short": _is_wanted(line),
    }  # fmt: skip


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


def _note(line: FulfillmentLine) -> str:
    if line.short_quantity and line.wanted_quantity:
        return _("%d not found") % line.short_quantity
    if line.cancelled_quantity and line.wanted_quantity:
        return _("%d cancelled") % line.cancelled_quantity
    return ""
