"""The one door of a dropship partner's people: their own vendor, and nothing else of the house."""

import functools
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from inventory.models import Location
from inventory.places import StoreRequest
from omni.core.operation import retry
from omni.core.refusals import NotAllowed
from omni.core.web import needs, show_refusal
from orders.models import FulfillmentOrder, Partner
from orders.partner_orders import shown_partner_work

View = Callable[..., HttpResponse]


def attempt(act: Callable[[], Any]) -> Any:
    """An act after whose refusal the page goes on: whole or not at all, and once more where a deadlock chose it."""

    def whole() -> Any:
        with transaction.atomic():
            return act()

    return retry(whole)


def at_partner(view: View) -> View:
    """`request.location` is the vendor of whoever signed in; it is in no session and no address."""

    @needs("partner")
    @functools.wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        mine = Location.objects.for_user(request.user, "partner").filter(kind=Location.Kind.DROPSHIP, is_active=True)
        request.location = mine.with_closures().first()
        if request.location is None:
            return show_refusal(request, NotAllowed("no_vendor", _("Your vendor is not active here. Ask HQ.")))
        return view(request, *args, **kwargs)

    return guarded


def agreement(request: StoreRequest) -> Partner | None:
    return Partner.objects.filter(location=request.location, is_active=True).select_related("feed").first()


def their_work(request: StoreRequest, number: str) -> FulfillmentOrder:
    """404 for another partner's, and for what is not released to them."""
    theirs = FulfillmentOrder.objects.at(request.location).of_partners()
    return get_object_or_404(shown_partner_work(theirs), number=number)
