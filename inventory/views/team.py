"""The people of a store and their PINs; a lead gives associates a temporary one, everybody chooses their own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from inventory.people_forms import OwnPinForm
from inventory.places import StoreRequest, associates_of, staff_at
from omni.core.access import role_words
from omni.core.actors import Actor
from omni.core.models import User
from omni.core.operations.set_pin import choose_pin, reset_pin
from omni.core.preferences import PIN_DIGITS
from omni.core.settings_store import setting
from omni.core.web import at_location, signed_in


@at_location(capability="staff")
def team(request: StoreRequest) -> HttpResponse:
    return _page(request)


@at_location(capability="staff")
@require_POST
def give_temporary_pin(request: StoreRequest, user_id: int) -> HttpResponse:
    """Only for associates of this store and of no other; a lead's PIN counts as a second person's word."""
    person = get_object_or_404(associates_of(request.location).exclude(pk=request.user.pk), pk=user_id)
    pin = reset_pin(user=person, by=Actor.of(request.user), now=timezone.now())
    return _page(request, fresh=person, pin=pin)


@signed_in
@require_http_methods(["GET", "POST"])
def own_pin(request: StoreRequest) -> HttpResponse:
    form = OwnPinForm(request.POST or None, request=request, user=request.user)
    if request.method == "POST" and form.is_valid():
        choose_pin(user=request.user, pin=form.cleaned_data["pin"], now=timezone.now())
        messages.success(request, _("Your PIN is set. Use it on the store’s devices; tell it to nobody."))
        return redirect("/")
    context = {"form": form, "digits": setting(PIN_DIGITS)}
    return render(request, "inventory/own_pin.html", context, status=422 if form.is_bound else 200)


def _page(request: StoreRequest, *, fresh: User | None = None, pin: str = "") -> HttpResponse:
    now = timezone.now()
    ours = set(associates_of(request.location).values_list("pk", flat=True)) - {request.user.pk}
    people = staff_at(request.location).select_related("pin").prefetch_related("grants")
    rows = [{"person": each, "role": _role(each), "pin": _pin_words(each, now), "may_reset": each.pk in ours}
            for each in people]  # fmt: skip
    return render(request, "inventory/team.html", {"rows": rows, "fresh": fresh, "pin": pin})


def _role(user: User) -> str:
    user._grants_cache = [(grant.role, grant.scope) for grant in user.grants.all()]  # type: ignore[attr-defined]
    return role_words(user)


def _pin_words(user: User, now) -> tuple[str, str]:
    """The state of somebody's PIN, and its tone."""
    pin = getattr(user, "pin", None)
    if pin is None:
        return _("No PIN yet"), "warn"
    if pin.is_locked(now):
        return _("PIN locked"), "stop"
    return (_("Temporary PIN"), "info") if pin.is_temporary else (_("Has a PIN"), "done")
