"""A lead takes the store out of new work for a while, and back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inventory.forms import SEND_AWAY, PauseForm
from inventory.operations.pause import pause, resume
from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.web import at_location

TODAY = "/"


@at_location(capability="pause")
def pause_store(request: StoreRequest) -> HttpResponse:
    """Ask for how long and why; from then on no new order is promised here."""
    location, now = request.location, timezone.now()
    form = PauseForm(request.POST or None, location=location, now=now)
    if form.is_valid():
        pause(location_id=location.pk, until=form.chosen, reason=form.cleaned_data["reason"],
              send_away=form.cleaned_data["offers"] == SEND_AWAY, by=Actor.of(request.user), now=now)  # fmt: skip
        messages.success(request, _("This store takes no new orders for now. What it has stays to be done."))
        return redirect(TODAY)
    return render(request, "inventory/pause.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@at_location(capability="pause")
def resume_store(request: StoreRequest) -> HttpResponse:
    """New orders may come again."""
    resume(location_id=request.location.pk, by=Actor.of(request.user))
    messages.success(request, _("This store takes orders again."))
    return redirect(TODAY)
