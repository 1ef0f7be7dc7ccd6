from itertools import count

from django.utils import timezone

from inventory.models import Location
from omni.core.actors import Actor
from orders.operations.place import place
from orders.operations.request import Contact, LineRequest, OrderRequest

_numbers = count(1)

ADDRESS = {
    "name": "Ada Byron", "line1": "1 Main St", "line2": "", "city": "Minneapolis", "region": "MN",
    "postal_code": "55401", "country": "US",
}  # fmt: skip


def line(variant, quantity: int = 1, *, at=None, reference: str | None = None, **more) -> LineRequest:
    """Pickup `at` a location, or shipped."""
    return LineRequest(
        reference=reference or f"line-{next(_numbers)}", sku=variant.sku, quantity=quantity,
        method="pickup" if at else "ship", location=at.code if at else None, **more,
    )  # fmt: skip


def order_request(*lines: LineRequest, **more) -> OrderRequest:
    values = {
        "channel": "web", "channel_reference": f"WEB-{next(_numbers)}", "currency": "USD", "lines": lines,
        "contact": Contact(name="Ada Byron", email="ada@example.org", phone="+16125550100"),
        "shipping_address": ADDRESS,
    }  # fmt: skip
    return OrderRequest(**(values | more))


def placed(*lines: LineRequest, now=None, **more):
    """An order placed like everybody's."""
    return place(
        request=order_request(*lines, **more), places=Location.objects.all(), by=Actor.system("test"),
        now=now or timezone.now(),
    )  # fmt: skip
