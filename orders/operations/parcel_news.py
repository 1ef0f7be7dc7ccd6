"""What every piece of news about a parcel says."""

from collections.abc import Mapping
from typing import Any

from orders.models import Shipment


def news_of(shipment: Shipment, serials: Mapping[int, list[str]] | None = None) -> dict[str, Any]:
    """Which parcel of which work and order, from where, with whom, and what is in it.

    `serials` (by fulfillment line id) are told where they left with it.
    """
    work = shipment.fulfillment_order
    return {
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
        "shipment": shipment.number, "carrier": shipment.carrier, "service": shipment.service,
        "tracking_number": shipment.tracking_number,
        "lines": [
            {
                "reference": line.fulfillment_line.order_line.reference, "sku": line.fulfillment_line.order_line.sku,
                "quantity": line.quantity,
            } | ({} if serials is None else {"serials": serials.get(line.fulfillment_line_id, [])})
            for line in shipment.lines.select_related("fulfillment_line__order_line").order_by("pk")
        ],
    }  # fmt: skip
