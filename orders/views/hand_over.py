"""Hand over: what lies on which shelf for whom, is it theirs, and out of the door; for a minute it can be undone."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from inventory.places import StoreRequest, may
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.settings_store import setting
from omni.core.web import at_location, fragment
from orders import preferences
from orders.forms import CANCEL, SHIP, FindForm, HandOverForm, RestAddressForm
from orders.models import Arrival, FulfillmentOrder, HandOver, SerialNumber
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.operations import hand_over as operation
from orders.operations.age_check import AgeCheck, born_by
from orders.operations.check_code import check_code as check
from orders.operations.check_code import tries_left
from orders.operations.refuse_age import refuse_age
from orders.views import checked_code
from orders.views.arrivals import arrival_words
from orders.views.desk import given_words
from orders.views.pickup_words import why_not_ready

FIELD_OF = {
    "age_check_required": "age",
    "unknown_reason": "age_reason",
    "unknown_outcome": "age_outcome",
    "name_required": "name",
    "reason_required": "note",
    "lead_required": "check",
    "wrong_code": "check",
}
STALE = {"already_handed_over", "changed_meanwhile", "not_ready"}


@at_location
@require_http_methods(["GET", "POST"])
def hand_over(request: StoreRequest, number: str) -> HttpResponse:
    work = _work(request, number)
    if request.method == "GET" or work.status != Status.STAGED:
        return _page(request, work, status=200 if request.method == "GET" else 409)
    form = HandOverForm(request.POST, work=work)
    to = RestAddressForm(request.POST, prefix="to") if request.POST.get("rest") == SHIP else None
    if not (form.is_valid() & (to is None or to.is_valid())):
        return _page(request, work, form=form, to=to, status=422)
    try:
        with transaction.atomic():
            _give(request, work, form, to)
    except Refusal as refusal:
        return _refused(request, work, form, to, refusal)
    checked_code.forget(request)
    return redirect("orders:desk")


@at_location
@require_POST
def check_code(request: StoreRequest, number: str) -> HttpResponse:
    """The customer's code, scanned or typed: right, or how many more tries there are."""
    work = _work(request, number)
    form = FindForm(request.POST)
    if not form.is_valid():
        return _code_answer(request, work, _("Scan or type the customer’s code first."))
    result = check(number=number, code=form.cleaned_data["code"], by=Actor.of(request.user), now=timezone.now())
    if not result.is_right:
        return _code_answer(request, work, _wrong_code(result.tries_left))
    checked_code.remember(request, work.order)
    return fragment(request, "orders/hand_over.html#check", _context(request, work), page=request.path[: -len("code/")])


@at_location
@require_POST
def undo_hand_over(request: StoreRequest, hand_over_id: int) -> HttpResponse:
    handed = get_object_or_404(
        HandOver.objects.select_related("fulfillment_order"), pk=hand_over_id,
        fulfillment_order__location=request.location,
    )  # fmt: skip
    work = handed.fulfillment_order
    try:
        with transaction.atomic():
            operation.undo_hand_over(hand_over_id=handed.pk, by=Actor.of(request.user), now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("orders:desk")
    messages.success(request, _("Undone. Put the items back on shelf %s; the order is ready again.") % work.shelf_code)
    return redirect("orders:hand_over", work.number)


def _work(request: StoreRequest, number: str) -> FulfillmentOrder:
    pickups = FulfillmentOrder.objects.at(request.location).filter(method=Method.PICKUP)
    return get_object_or_404(pickups.for_hand_over(), number=number)


def _give(
    request: StoreRequest, work: FulfillmentOrder, form: HandOverForm, to: RestAddressForm | None
) -> HandOver | None:
    """What is given, and what is kept back because of an age check that said no."""
    given, by, now = form.cleaned_data, Actor.of(request.user), timezone.now()
    if form.is_refused:
        refuse_age(number=work.number, reason=given["age_reason"], outcome=given["age_outcome"], by=by, now=now)
        messages.warning(request, _("Not handed over because of the age check. Your name and the reason are recorded."))
        if not any(form.units.values()):
            return None
    collector = operation.Collector(
        check=given["check"], name=given["name"], note=given["note"], may_override=_may_override(request),
        code_digest=checked_code.checked(request, work.order) or "unchecked",
    )  # fmt: skip
    return operation.hand_over(
        number=work.number, collector=collector, units=form.units, cancel_remaining=given["rest"] == CANCEL,
        ship_remaining_to=to.cleaned_address if to else None, seen=given["seen"], by=by, now=now,
        age=AgeCheck(setting(preferences.MINIMUM_AGE), given["age"]) if given["age"] else None,
    )  # fmt: skip


def _may_override(request: StoreRequest) -> bool:
    """A lead of this very store, or somebody above."""
    return may(request.user, "override", request.location)


def _refused(
    request: StoreRequest, work: FulfillmentOrder, form: HandOverForm, to: RestAddressForm | None, refusal: Refusal
) -> HttpResponse:
    """What was typed is kept, unless it was about a state that is no more."""
    if refusal.code in STALE:
        messages.error(request, str(refusal))
        return redirect("orders:hand_over", work.number)
    if refusal.code == "wrong_code":
        form.add_error("check", _("Scan or type the customer’s code first, or check a photo ID."))
    else:
        form.add_error(FIELD_OF.get(refusal.code), str(refusal))
    return _page(request, work, form=form, to=to, status=refusal.status)


def _wrong_code(left: int) -> str:
    if not left:
        return _("Too many wrong codes. For ten minutes only a photo ID or a lead’s decision counts.")
    return ngettext(
        "This is not the code of this order. %(left)d more try, then only a photo ID or a lead’s decision counts.",
        "This is not the code of this order. Look again, or check a photo ID. %(left)d tries are left.",
        left,
    ) % {"left": left}


def _code_answer(request: StoreRequest, work: FulfillmentOrder, sentence: str) -> HttpResponse:
    context = _context(request, work) | {"code_problem": sentence}
    return fragment(request, "orders/hand_over.html#check", context, page=request.path, status=422)


def _page(
    request: StoreRequest, work: FulfillmentOrder, *, form: HandOverForm | None = None,
    to: RestAddressForm | None = None, status: int,
) -> HttpResponse:  # fmt: skip
    context = _context(request, work, form)
    context["to"] = to or RestAddressForm(prefix="to", initial=_address(work))
    return render(request, "orders/hand_over.html", context, status=status)


def _name_pieces(work: FulfillmentOrder) -> None:
    """Tell each tracked line its serial numbers, in the order in which they are given."""
    tracked = {line.pk: line for line in work.lines.all() if line.variant.is_serial_tracked}
    for line in tracked.values():
        line.pieces = []  # type: ignore[attr-defined]
    for serial in SerialNumber.objects.held().filter(fulfillment_line__in=tracked) if tracked else ():
        tracked[serial.fulfillment_line_id].pieces.append(serial.serial)  # type: ignore[attr-defined]


def _address(work: FulfillmentOrder) -> dict:
    """What is known of the customer's address."""
    return {"name": work.order.contact_name} | (work.order.shipping_address or {})


def _context(request: StoreRequest, work: FulfillmentOrder, form: HandOverForm | None = None) -> dict:
    now = timezone.now()
    left = sum(line.in_staging_quantity for line in work.lines.all())
    given = [given_words(each, work, left=left, now=now) for each in work.hand_overs.all() if each.is_undoable(now)]
    _name_pieces(work)
    came = Arrival.objects.open().filter(fulfillment_order=work).first()
    return {
        "born_by": born_by(now, work.location),
        "minimum_age": setting(preferences.MINIMUM_AGE),
        "arrival": arrival_words(came, work, now) if came else None,
        "work": work, "order": work.order, "form": form or HandOverForm(work=work), "why_not": why_not_ready(work),
        "checked": bool(checked_code.checked(request, work.order)), "tries_left": tries_left(work=work, now=now),
        "may_override": _may_override(request), "given": given,
    }  # fmt: skip
