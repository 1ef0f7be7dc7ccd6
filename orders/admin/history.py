"""The story of an order in HQ: the sentences that its page in the store tells, and who did it."""

from django.utils import timezone

from omni.core.hq.story import Line
from orders.models import FulfillmentOrder, Order
from orders.timeline import timeline


def story_of(order: Order, works: list[FulfillmentOrder]) -> list[Line]:
    """Its events and the moves of its work, which come with their location and hand-overs."""
    told = timeline(order=order, works=works, now=timezone.now())
    return [Line(each["at"], each["title"], each["by"], each["note"]) for each in reversed(told)]
