"""What the packing table shows of one order: what is left in the tote, what is in the parcel, which box it needs."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from inventory.looks import look
from inventory.places import StoreRequest
from omni.core.settings_store import setting
from orders import preferences
from orders.cartons import Box, Item, Packed, load_of, smallest, suggest
from orders.kit_words import part_of
from orders.measures import Units, units_of
from orders.models import Carton, FulfillmentLine, FulfillmentOrder, Shipment
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.names import short_name
from orders.pack_forms import OTHER, BoxForm

PACKABLE = (Status.STAGED, Status.SHIPPED)


def work_here(request: StoreRequest, number: str) -> FulfillmentOrder:
    """The ship work, if it is this store's and picked; 404 otherwise."""
    here = FulfillmentOrder.objects.at(request.location).filter(method=Method.SHIP, status__in=PACKABLE)
    lines = FulfillmentLine.objects.select_related("order_line__kit", "variant__product").order_by("pk")
    parcels = Shipment.objects.real().with_contents().order_by("pk")
    return get_object_or_404(
        here.select_related("order", "location").prefetch_related(
            Prefetch("lines", lines), Prefetch("shipments", parcels)
        ),
        number=number,
    )


def parcel_here(request: StoreRequest, number: str) -> Shipment:
    """The parcel, if it is this store's."""
    return get_object_or_404(Shipment.objects.at(request.location).with_contents(), number=number)


@dataclass
class PackPage:
    """One order on the table."""

    work: FulfillmentOrder

    @cached_property
    def units(self) -> Units:
        return units_of(self.work.location.country)

    @property
    def customer(self) -> str:
        return short_name(self.work.order.contact_name)

    @cached_property
    def parcels(self) -> list[Shipment]:
        return list(self.work.shipments.all())

    @property
    def open(self) -> Shipment | None:
        return next((each for each in self.parcels if each.status == Shipment.Status.PACKING), None)

    @property
    def closed(self) -> list[dict[str, Any]]:
        return [parcel_row(each, self.units) for each in self.parcels if each.status != Shipment.Status.PACKING]

    @cached_property
    def in_open(self) -> dict[int, int]:
        """Fulfillment line id -> units in the open parcel."""
        return {line.fulfillment_line_id: line.quantity for line in self.open.lines.all()} if self.open else {}

    @property
    def open_count(self) -> int:
        return sum(self.in_open.values())

    @property
    def wanted(self) -> int:
        return sum(line.picked_quantity for line in self.work.lines.all())

    @property
    def packed(self) -> int:
        return sum(line.packed_quantity for line in self.work.lines.all())

    @property
    def left(self) -> int:
        return sum(line.to_pack_quantity for line in self.work.lines.all())

    @property
    def must_scan(self) -> bool:
        return setting(preferences.VERIFY_PACKING)

    @property
    def gift_messages(self) -> list[str]:
        return list(dict.fromkeys(line.order_line.gift_message for line in self.work.lines.all()
                                  if line.order_line.gift_message))  # fmt: skip

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The lines, those with something left first."""
        rows = [self._row(line) for line in self.work.lines.all() if line.picked_quantity]
        return sorted(rows, key=lambda row: row["state"] == "done")

    def _row(self, line: FulfillmentLine) -> dict[str, Any]:
        variant, here = line.variant, self.in_open.get(line.pk, 0)
        return {
            "id": f"line-{line.pk}", "line_id": line.pk, "sku": variant.sku,
            **look(variant.title, variant.options, variant.product.category),
            "packed": line.packed_quantity, "wanted": line.picked_quantity,
            "state": "" if line.to_pack_quantity else "done", "here": here,
            "note": _("%d in this parcel") % here if here else "", "kit": part_of(line.order_line),
            "is_hazmat": variant.is_hazmat, "gift": line.order_line.gift_message,
        }  # fmt: skip

    @cached_property
    def suggested(self) -> list[Packed]:
        """The parcels that all units not yet in a closed one would make."""
        return suggest([_item(line, self._loose(line)) for line in self.work.lines.all() if self._loose(line)],
                       self.boxes)  # fmt: skip

    def _loose(self, line: FulfillmentLine) -> int:
        return line.to_pack_quantity + self.in_open.get(line.pk, 0)

    @cached_property
    def boxes(self) -> list[Box]:
        return [
            Box(each.code, (each.length_mm, each.width_mm, each.height_mm), each.weight_g, each.max_weight_g)
            for each in Carton.objects.usable()
        ]

    @property
    def plan(self) -> list[dict[str, Any]]:
        """The suggestion in words: which box, and what goes into it."""
        titles = {line.pk: line.variant.title for line in self.work.lines.all()}
        names = {each.code: each.name for each in Carton.objects.usable()} if self.suggested else {}
        return [
            {
                "box": _("%(name)s (%(code)s)") % {"name": names[parcel.box.code], "code": parcel.box.code}
                if parcel.box else _("No box of ours: send it as it is, or find a larger one"),
                "items": [f"{quantity} × {titles[key]}" for key, quantity in parcel.quantities.items()],  # type: ignore[index]
                "weight": self.units.weight_words(parcel.weight_g),
            }
            for parcel in self.suggested
        ]  # fmt: skip

    def box_form(self, data: Any = None) -> BoxForm:
        """With the smallest box that holds what is in the open parcel, and what both should weigh."""
        items = [_item(line, self.in_open[line.pk]) for line in self.work.lines.all() if line.pk in self.in_open]
        load = load_of(items)
        box = smallest(load, self.boxes)
        weight = load.grams + (box.weight_g if box else 0)
        initial = {"carton": box.code if box else OTHER, "weight": self.units.weight_value(weight)}
        return BoxForm(data, units=self.units, initial=initial)


def parcel_row(shipment: Shipment, units: Units) -> dict[str, Any]:
    """A parcel in a list: what is in it, in which box, how far it has come."""
    return {
        "shipment": shipment, "tone": TONES.get(shipment.status, ""),
        "units": sum(line.quantity for line in shipment.lines.all()),
        "box": shipment.carton.name if shipment.carton else units.size_words(shipment.size),
        "weight": units.weight_words(shipment.weight_g),
        "can_unpack": shipment.status in (Shipment.Status.PACKED, Shipment.Status.LABELLED),
    }  # fmt: skip


TONES: dict[str, str] = {
    Shipment.Status.PACKED: "warn", Shipment.Status.LABELLED: "info", Shipment.Status.HANDED_OVER: "info",
    Shipment.Status.IN_TRANSIT: "info", Shipment.Status.DELIVERED: "done", Shipment.Status.LOST: "stop",
    Shipment.Status.RETURNED: "stop",
}  # fmt: skip


def _item(line: FulfillmentLine, quantity: int) -> Item:
    variant = line.variant
    known = variant.length_mm and variant.width_mm and variant.height_mm
    size = (variant.length_mm, variant.width_mm, variant.height_mm) if known else None
    return Item(line.pk, quantity, variant.weight_g, size, ships_alone=variant.is_hazmat)  # type: ignore[arg-type]
