"""A customer's page opens for a purpose, for a while, and somebody's name is on it."""

import functools
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from customers.models import Customer
from omni.core.web import at_location

KEY = "customers_opened"
SECONDS = 15 * 60
MOST = 20
View = Callable[..., HttpResponse]


def note_opened(request: HttpRequest, customer: Customer, purpose: str) -> None:
    """Good for a quarter of an hour in this session; the latest twenty."""
    opened = {uid: said for uid, said in request.session.get(KEY, {}).items() if said[1] > time.time() - SECONDS}
    opened[str(customer.uid)] = [purpose, int(time.time())]
    request.session[KEY] = dict(list(opened.items())[-MOST:])


def purpose_of(request: HttpRequest, customer: Customer) -> str | None:
    """What the page was opened for; None where nobody said so, or too long ago."""
    said = request.session.get(KEY, {}).get(str(customer.uid))
    return said[0] if said and said[1] > time.time() - SECONDS else None


def opened_customer(view: View | None = None, *, capability: str = "work") -> Any:
    """Only once a purpose was said; `request.customer` is who it is, also for an id that was merged into them."""

    def decorate(inner: View) -> View:
        @at_location(capability=capability)
        @functools.wraps(inner)
        def guarded(request: HttpRequest, uid: uuid.UUID, *args: Any, **kwargs: Any) -> HttpResponse:
            customer = customer_for(uid)
            if purpose_of(request, customer) is None:
                return redirect("customers:open", customer.uid)
            if customer.uid != uid:
                return redirect("customers:customer", customer.uid)
            request.customer = customer  # type: ignore[attr-defined]
            return inner(request, *args, **kwargs)

        return guarded

    return decorate if view is None else decorate(view)


def customer_for(uid: uuid.UUID) -> Customer:
    """The living one behind an id; 404 for nobody."""
    found = get_object_or_404(Customer.objects.known(), uid=uid)
    return found.merged_into or found
