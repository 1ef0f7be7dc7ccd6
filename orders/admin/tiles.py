"""What of orders needs a person."""

from collections.abc import Iterator

from django.db.models import Count, Min
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.models import Location
from omni.core.access import scopes
from omni.core.hq.permissions import CONFIGURE, READ
from omni.core.hq.show import list_url
from omni.core.hq.tiles import Tile, needs_person
from omni.core.ui import words
from orders.models import FulfillmentOrder, OrderException, PartnerAlarm
from orders.models.fulfillment_order import Status


@needs_person(10)
def open_exceptions(request: HttpRequest) -> Iterator[Tile]:
    """One number per kind, with the age of the oldest; one query along the index of open ones."""
    if scopes(request.user, CONFIGURE) is not None:
        return
    open_ones = OrderException.objects.filter(resolved_at=None).values("kind").order_by("kind")
    found = {row["kind"]: row for row in open_ones.annotate(count=Count("pk"), oldest=Min("raised_at"))}
    for kind, label in OrderException.Kind.choices:
        url = list_url("orders.orderexception", kind__exact=kind)
        if row := found.get(kind):
            note = _("the oldest for %s") % words.ago_words(row["oldest"], now=timezone.now())
            yield Tile(row["count"], label, url, "warn", note)
        else:
            yield Tile(0, label, url, "done")


@needs_person(31)
def late_partners(request: HttpRequest) -> Iterator[Tile]:
    """What is late at dropship partners: unconfirmed, unshipped, a silent feed."""
    if scopes(request.user, CONFIGURE) is not None:
        return
    late = PartnerAlarm.objects.open().count()
    label = ngettext("thing is late at a dropship partner", "things are late at dropship partners", late)
    yield Tile(late, label, list_url("orders.partneralarm"), "stop" if late else "done")


@needs_person(30)
def overdue_confirmations(request: HttpRequest) -> Iterator[Tile]:
    """Work that its distribution center or vendor should have confirmed by now."""
    places = Location.objects.for_user(request.user, READ).values("pk")
    late = FulfillmentOrder.objects.filter(
        status=Status.RELEASED, confirm_by__lte=timezone.now(), location__in=places
    ).count()
    label = ngettext("confirmation is overdue", "confirmations are overdue", late)
    yield Tile(late, label, list_url("orders.fulfillmentorder", time="unconfirmed"), "stop" if late else "done")
