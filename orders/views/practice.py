"""The practice store: open it, choose a story, begin anew, leave."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inventory.models import Location
from inventory.places import StoreRequest, find
from omni.core import practice
from omni.core.refusals import Refusal
from omni.core.web import LOCATION_IN_SESSION, answer, choose_location, needs
from orders.operations.open_practice import begin_story, open_practice, reset_practice
from orders.practice.guide import guide, plays

REAL = "store_before_practice"
TODAY = "orders:today"


@needs("work")
@require_safe
def stories(request: StoreRequest) -> HttpResponse:
    """What can be practiced, and how far somebody has come; outside, what it is and the way in."""
    if not practice.is_on():
        return render(request, "orders/practice.html", {})
    request.location, told = find(request.user, "work", practice.location_id()), plays()[1]  # type: ignore[assignment]
    return render(request, "orders/practice.html", {"plays": list(told.values())})


@needs("work")
@require_POST
def enter(request: StoreRequest) -> HttpResponse:
    """Into the practice store; the real one is kept for the way back."""
    if practice.is_on():
        return redirect(TODAY)
    request.session[REAL] = request.session.get(LOCATION_IN_SESSION)
    choose_location(request, open_practice(user_id=request.user.pk, zone=_zone(request), now=timezone.now()))
    return redirect(TODAY)


@needs("work")
@require_POST
def leave(request: StoreRequest) -> HttpResponse:
    """Back to the real store, or to the choice of one."""
    before = request.session.pop(REAL, None)
    request.session.pop(LOCATION_IN_SESSION, None)
    with practice.outside():
        store = find(request.user, "work", before)
    if store is not None:
        choose_location(request, store.pk)
    messages.info(request, _("You left the practice store. What you do now is real."))
    return redirect(TODAY)


@needs("work")
@require_POST
def reset(request: StoreRequest) -> HttpResponse:
    """Everything practiced so far is gone; the first story begins anew."""
    _require_practice()
    choose_location(request, reset_practice(user_id=request.user.pk, zone=_zone(request), now=timezone.now()))
    messages.success(request, _("The practice store is as new."))
    return redirect(TODAY)


@needs("work")
@require_POST
def begin(request: StoreRequest) -> HttpResponse:
    """The orders of a story arrive."""
    begin_story(location_id=_require_practice(), key=request.POST.get("story", ""), now=timezone.now())
    return answer(request, TODAY)


@needs("work")
@require_safe
def bar(request: StoreRequest) -> HttpResponse:
    """The bar again, after something was done."""
    _require_practice()
    return render(request, "components/practice_bar.html", {"guide": guide(request), "fresh": True})


def _require_practice() -> int:
    here = practice.location_id()
    if here is None:
        raise Refusal("not_practicing", _("Open the practice store first."))
    return here


def _zone(request: StoreRequest) -> str:
    """The clock on the wall of the store where this person works."""
    store = Location.objects.filter(pk=request.session.get(LOCATION_IN_SESSION) or 0).first()
    return store.timezone if store else "America/Chicago"
