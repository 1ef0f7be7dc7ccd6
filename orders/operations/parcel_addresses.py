"""A parcel's two ends and its size, as carriers ask for them."""

from orders.carriers.port import Address, Parcel
from orders.models import Order, Shipment

FIELDS = ("name", "line1", "line2", "city", "region", "postal_code", "country")


def sender_of(shipment: Shipment) -> Address:
    """The location that ships."""
    place = shipment.fulfillment_order.location
    return Address(
        name=place.name, line1=place.line1, line2=place.line2, city=place.city, region=place.region,
        postal_code=place.postal_code, country=place.country,
    )  # fmt: skip


def recipient_of(shipment: Shipment) -> Address:
    return address_of(shipment.order)


def address_of(order: Order) -> Address:
    """Where an order is sent; blanks where nothing is known."""
    given = order.shipping_address or {}
    parts = {name: str(given.get(name) or "") for name in FIELDS}
    parts["country"] = parts["country"] or "US"
    return Address(**parts, phone=order.contact_phone)


def parcel_of(shipment: Shipment) -> Parcel:
    length, width, height = shipment.size or (0, 0, 0)
    return Parcel(shipment.weight_g or 0, length, width, height)
