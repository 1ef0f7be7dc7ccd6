"""What returns tell on a customer's timeline."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from customers.story import Told, tells
from returns.models import ReturnOrder


@tells("returns")
def returns_of(family: list[int], limit: int) -> Iterable[Told]:
    """Each return with how it came and how far it is."""
    for each in ReturnOrder.objects.filter(customer__in=family).order_by("-opened_at")[:limit]:
        title = _("Return %(number)s, %(how)s") % {"number": each.rma, "how": each.get_channel_display()}
        yield Told("return", each.opened_at, title, note=str(each.get_status_display()), tone="info",
                   reference=each.rma)  # fmt: skip
