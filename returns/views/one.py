"""One return: what is on the desk or in the parcel is looked at, taken back and paid back; or it is not."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inventory.places import StoreRequest, may
from omni.core.actors import Actor
from omni.core.refusals import NotAllowed, Refusal
from omni.core.web import answer, at_location, refusals_shown
from returns.forms import ReasonForm, UnitsForm
from returns.models import ReturnOrder
from returns.models.return_order import Status
from returns.operations.approve import approve
from returns.operations.blind import add_blind_unit
from returns.operations.give_up import cancel_return, refuse_return, take_out
from returns.operations.look_at import keep_photo, look_at, photo_kind
from returns.operations.pay_back import capability_for
from returns.operations.take_in_hand import take_in_hand
from returns.views.purchase import bring_unit
from returns.views.return_page import asks_of, cash_of, expected_of, return_page, second_form, units_form
from returns.views.words import unreceipted

TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


@at_location
@require_safe
def one(request: StoreRequest, rma_number: int) -> HttpResponse:
    return return_page(request, found_here(request, rma_number))


@at_location
@require_POST
def scan(request: StoreRequest, rma_number: int) -> HttpResponse:
    """One more unit: of the purchase, or of whatever was brought without a receipt."""
    found = found_here(request, rma_number)
    if found.order is not None:
        return bring_unit(request, found.order)
    try:
        with transaction.atomic():
            add_blind_unit(
                rma_number=rma_number, code=request.POST.get("code", "")[:100], override="override" in request.POST,
                by=Actor.of(request.user), now=timezone.now(),
            )  # fmt: skip
    except Refusal as refusal:
        return return_page(request, found, sentence=str(refusal), status=refusal.status)
    return answer(request, reverse("returns:one", args=[rma_number]))


@at_location
@require_POST
def look(request: StoreRequest, rma_number: int) -> HttpResponse:
    """A reason, grade or disposition was chosen: fee, refund and what a lead must know follow."""
    found = found_here(request, rma_number)
    form = units_form(found, request)
    if form is None or not form.is_valid():
        return return_page(request, found, form=form, status=422)
    try:
        _keep(request, found, form)
    except Refusal as refusal:
        return return_page(request, found, form=form, sentence=str(refusal), status=refusal.status)
    if request.POST.get("then") == "exchange":
        return answer(request, reverse("returns:exchange", args=[rma_number]))
    return (
        return_page(request, found_here(request, rma_number)) if request.htmx else redirect("returns:one", rma_number)
    )


@at_location
@require_POST
def refund(request: StoreRequest, rma_number: int) -> HttpResponse:
    """Take in what is on the desk (or in the parcel) and give the money back. It cannot be undone."""
    found = found_here(request, rma_number)
    form = units_form(found, request)
    if form is not None and not form.is_valid():
        return return_page(request, found, form=form, status=422)
    try:
        if form is not None:
            _keep(request, found, form)
            found = found_here(request, rma_number)
    except Refusal as refusal:
        return return_page(request, found, form=form, sentence=str(refusal), status=refusal.status)
    needed = asks_of(found)
    second = second_form(request, needed, data=request.POST)
    approved_by = second.approve(timezone.now()) if second else None
    if second and approved_by is None:
        return return_page(request, found, form=form, second=second, status=422)
    missing = unreceipted(cash_of(found), request.POST)
    if missing:  # before anything is taken in
        return return_page(request, found, form=form, sentence=missing, status=422)
    try:
        with transaction.atomic():
            payout = take_in_hand(
                rma_number=rma_number, looked=_chosen(request, form), location=request.location,
                approved_by=approved_by, to=request.POST.get("to", ""),
                till_reference=request.POST.get("till_reference", ""), by=Actor.of(request.user), now=timezone.now(),
            )  # fmt: skip
    except Refusal as refusal:
        return return_page(
            request, found_here(request, rma_number), form=form, sentence=str(refusal), status=refusal.status
        )
    if payout is None:
        messages.info(request, _("Nothing was waiting for a refund: it was given before, once."))
    return answer(request, reverse("returns:one", args=[rma_number]))


@at_location
@refusals_shown
@require_POST
def remove(request: StoreRequest, rma_number: int, unit_id: int) -> HttpResponse:
    """The customer keeps this unit after all."""
    found_here(request, rma_number)
    found = take_out(rma_number=rma_number, unit_id=unit_id, by=Actor.of(request.user), now=timezone.now())
    if found.status == Status.CANCELLED and found.order:
        messages.info(request, _("Nothing is returned. The purchase is as it was."))
        return answer(request, reverse("returns:purchase", args=[found.order.number]))
    return answer(request, reverse("returns:one", args=[rma_number]))


@at_location
@refusals_shown
@require_POST
def cancel(request: StoreRequest, rma_number: int) -> HttpResponse:
    found_here(request, rma_number)
    cancel_return(rma_number=rma_number, reason=_("given up at the desk"), by=Actor.of(request.user),
                  now=timezone.now())  # fmt: skip
    messages.success(request, _("Given up. Nothing was taken back and no money moved."))
    return answer(request, reverse("returns:desk"))


@at_location(capability="approve")
@refusals_shown
@require_POST
def decide(request: StoreRequest, rma_number: int) -> HttpResponse:
    """A lead's word about a return that waits for it."""
    found = found_here(request, rma_number)
    if not may(request.user, capability_for(expected_of(found)), request.location):
        raise NotAllowed("not_allowed", _("Your role does not allow this here. Ask somebody who may."))
    by, now = Actor.of(request.user), timezone.now()
    if "refuse" not in request.POST:
        approve(rma_number=rma_number, by=by, now=now)
        messages.success(request, _("Approved. The customer gets the label; whoever receives it pays it back."))
        return answer(request, reverse("returns:one", args=[rma_number]))
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return return_page(request, found, refusal_form=form, status=422)
    refuse_return(rma_number=rma_number, reason=form.cleaned_data["reason"], by=by, now=now)
    messages.success(request, _("Refused. The customer reads your reason."))
    return answer(request, reverse("returns:one", args=[rma_number]))


@at_location
@require_safe
def photo(request: StoreRequest, rma_number: int, unit_id: int) -> Any:
    """The picture of a unit, for people who may see its return."""
    found = found_here(request, rma_number)
    unit = get_object_or_404(found.units.exclude(photo=""), pk=unit_id)
    content = TYPES.get(photo_kind(unit.photo), "application/octet-stream")
    return FileResponse(unit.photo.open("rb"), content_type=content)


def found_here(request: StoreRequest, rma_number: int) -> ReturnOrder:
    returns = ReturnOrder.objects.for_user(request.user).with_units()
    return get_object_or_404(returns, rma_number=rma_number)


def _keep(request: StoreRequest, found: ReturnOrder, form: UnitsForm) -> None:
    by, now = Actor.of(request.user), timezone.now()
    with transaction.atomic():
        look_at(rma_number=found.rma_number, looked=form.looked, by=by, now=now)
        photos: dict[int, UploadedFile] = form.photos
        for unit_id, picture in photos.items():
            keep_photo(rma_number=found.rma_number, unit_id=unit_id, photo=picture, by=by, now=now)


def _chosen(request: StoreRequest, form: UnitsForm | None) -> dict:
    """At the desk all units; of a parcel those that are in it."""
    if form is None:
        return {}
    if "arriving" not in request.POST:
        return form.looked
    return {pk: seen for pk, seen in form.looked.items() if f"here-{pk}" in request.POST}
