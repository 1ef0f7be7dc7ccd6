"""The locked screen: its person goes on where they were, anybody else begins anew."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from inventory.models import Location
from inventory.people_forms import UnlockForm
from omni.core import device_session
from omni.core.device_session import device_of, is_locked, locked_person, page_of
from omni.core.models import Device, User
from omni.core.operations.check_pin import check_pin
from omni.core.refusals import Refusal
from omni.core.web import answer, signed_in


@require_http_methods(["GET", "POST"])
def lock(request: HttpRequest) -> HttpResponse:
    """Draw the lock, or try the PIN of whoever it belongs to; a POST from an open page locks it."""
    device = device_of(request)
    if device is None or not (is_locked(request) or request.user.is_authenticated):
        return redirect("sign-in")
    if not is_locked(request):
        if request.method == "GET":
            return redirect(page_of(request))
        device_session.lock(request)
        return answer(request, "inventory:lock")
    person = locked_person(request)
    if person is None:
        return redirect("inventory:switch")
    form = UnlockForm(request.POST if "pin" in request.POST else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                check_pin(username=person.username, pin=form.cleaned_data["pin"], now=timezone.now())
            except Refusal as refusal:
                form.add_error("pin", str(refusal))
                status = refusal.status
            else:
                return _go_on(request, person)
    context = {"person": person, "form": form, "device": device, "store": _store(device)}
    return render(request, "inventory/lock.html", context, status=status)


@require_POST
@signed_in
def still_here(request: HttpRequest) -> HttpResponse:
    """Somebody types or scans without sending anything: that counts as being here."""
    return HttpResponse(status=204)


def _go_on(request: HttpRequest, person: User) -> HttpResponse:
    where, held = device_session.unlock(request, person)
    if held:
        sentence = _("“%(code)s” came while the screen was locked and was not counted. Scan it again.")
        messages.warning(request, sentence % {"code": held})
    return redirect(where)


def _store(device: Device) -> Location | None:
    return Location.everywhere.filter(pk=device.location_id).first()
