"""Who works on this device now? Choose a name, type the PIN; nothing of the person before is left."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inventory.models import Location
from inventory.people_forms import SwitchForm
from inventory.places import may, people_at
from omni.core.actors import Actor
from omni.core.device_session import begin, device_of, is_locked, leave_nothing, locked_person
from omni.core.models import Device, User
from omni.core.operations.check_pin import check_pin
from omni.core.operations.set_pin import has_temporary_pin
from omni.core.operations.switch_person import switch_person
from omni.core.refusals import NotAllowed, Refusal
from omni.core.web import LOCATION_IN_SESSION

SHOWN = 12  # names that fit on a phone's screen; the rest is found by typing


@require_http_methods(["GET", "POST"])
def switch(request: HttpRequest) -> HttpResponse:
    """On an enrolled device only; anywhere else people sign in with their password."""
    device = device_of(request)
    location = Location.everywhere.filter(pk=device.location_id, is_active=True).first() if device else None
    if device is None or location is None:
        return redirect("sign-in")
    form = SwitchForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _page(request, device, location, form, status=200 if request.method == "GET" else 422)
    now = timezone.now()
    try:
        user = _whoever(location, form.cleaned_data["who"].strip(), form.cleaned_data["pin"], now)
    except Refusal as refusal:
        form.add_error("pin", str(refusal))
        return _page(request, device, location, form, status=refusal.status)
    return _take_over(request, device, user, now)


def _whoever(location: Location, username: str, pin: str, now: datetime) -> User:
    """The person whose PIN it is, where they may work here. Raises NotAllowed."""
    user = check_pin(username=username, pin=pin, now=now)
    if not may(user, "work", location):
        raise NotAllowed("not_here", _("%(name)s does not work at this store.") % {"name": user.shown_name})
    return user


def _take_over(request: HttpRequest, device: Device, user: User, now: datetime) -> HttpResponse:
    """A new session; where the person before was is nobody's business."""
    anew = not is_locked(request) and not request.user.is_authenticated
    wanted = request.POST.get("next", "") if anew else ""
    begin(request, user, device, location_key=LOCATION_IN_SESSION)
    switch_person(device=device, user=user, now=now)
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    response = redirect("inventory:own_pin" if has_temporary_pin(user) else wanted if ours else "/")
    leave_nothing(response)
    return response


def _page(request: HttpRequest, device: Device, location: Location, form: SwitchForm, *, status: int) -> HttpResponse:
    username = request.POST.get("who", "") if request.method == "POST" else request.GET.get("who", "")
    people = people_at(location, device)
    chosen = next((each for each in people if each.username == username), None)
    return render(request, "inventory/switch.html", {
        "device": device, "store": location, "form": form, "people": people[:SHOWN], "more": len(people) > SHOWN,
        "chosen": chosen, "other": "other" in request.GET or (request.method == "POST" and chosen is None),
        "next": request.POST.get("next") or request.GET.get("next", ""), "locked": locked_person(request),
        "actor": Actor.of(request.user).label if request.user.is_authenticated else "",
    }, status=status)  # fmt: skip
