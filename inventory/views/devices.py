"""A lead's page of the store's tills and handhelds: who may be a shared device, and which is no more."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from inventory.people_forms import HERE, DeviceForm, EnrollForm
from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.device_session import device_of, keep_on, leave_nothing
from omni.core.models import Device
from omni.core.operations.enroll_device import enroll_device, invite_device, revoke_device
from omni.core.refusals import Refusal
from omni.core.web import at_location


@at_location(capability="staff")
@require_http_methods(["GET", "POST"])
def devices(request: StoreRequest) -> HttpResponse:
    form = DeviceForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _page(request, form, status=200 if request.method == "GET" else 422)
    now, said = timezone.now(), form.cleaned_data
    device, code = invite_device(
        name=said["name"], kind=said["kind"], scope=request.location.scope, user=request.user, now=now
    )
    if said["where"] != HERE:
        return _page(request, DeviceForm(), fresh=device, code=code)
    enrolled, token = enroll_device(code=code, now=now)
    messages.success(
        request, _("This device is now %(name)s. Colleagues switch here by PIN.") % {"name": enrolled.name}
    )
    response = redirect("inventory:devices")
    keep_on(response, token)
    return response


@at_location(capability="staff")
@require_POST
def revoke(request: StoreRequest, uid: uuid.UUID) -> HttpResponse:
    device = get_object_or_404(_of_store(request), uid=uid)
    revoke_device(device_id=device.pk, by=Actor.of(request.user), now=timezone.now())
    messages.success(request, _("%(name)s opens nothing any more.") % {"name": device.name})
    return redirect("inventory:devices")


@require_http_methods(["GET", "POST"])
def enroll(request: HttpRequest) -> HttpResponse:
    """On the new device: type the code, and it belongs to the store. Whoever was signed in here is not any more."""
    form = EnrollForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            device, token = enroll_device(code=form.cleaned_data["code"], now=timezone.now())
        except Refusal as refusal:
            form.add_error("code", str(refusal))
        else:
            request.session.flush()
            messages.success(request, _("This device is now %(name)s.") % {"name": device.name})
            response = redirect("inventory:switch")
            keep_on(response, token)
            leave_nothing(response)
            return response
    context = {"form": form, "device": device_of(request)}
    return render(request, "inventory/enroll.html", context, status=422 if form.is_bound else 200)


def _of_store(request: StoreRequest):
    return Device.objects.filter(scope=request.location.scope).select_related("invited_by")


def _page(
    request: StoreRequest, form: DeviceForm, *, fresh: Device | None = None, code: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    shown = _of_store(request).filter(revoked_at=None).order_by("name", "pk")
    waiting = [each for each in shown if each.is_waiting and each.code_expires_at and each.code_expires_at > now]
    here = device_of(request)
    return render(request, "inventory/devices.html", {
        "form": form, "fresh": fresh, "code": code, "devices": [each for each in shown if each.enrolled_at],
        "waiting": waiting, "here": here,
    }, status=status)  # fmt: skip
