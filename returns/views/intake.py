"""Parcel intake: whatever arrives is scanned; announced or not, it becomes a return that somebody looks at."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inventory.models import Variant
from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.web import answer, at_location
from orders.models import Order
from returns.forms import IntakeForm
from returns.models import ReturnOrder
from returns.operations.authorize import Wanted
from returns.operations.take_in import hold_unknown, open_unannounced, who_sent
from returns.views.purchase import line_rows
from returns.views.words import TONES, who_bought

SHOWN = 50
Channel = ReturnOrder.Channel


@at_location
@require_http_methods(["GET", "POST"])
def intake(request: StoreRequest) -> HttpResponse:
    if request.method == "GET":
        return _draw(request, {})
    if "reference" in request.POST:
        return _open(request)
    if "hold" in request.POST:
        return _hold(request)
    form = IntakeForm(request.POST)
    if not form.is_valid():
        return _draw(request, {"sentence": _("Scan or type something first, at most 100 characters.")}, status=422)
    meant = who_sent(code=form.cleaned_data["code"], here=request.location, now=timezone.now())
    if isinstance(meant, ReturnOrder):
        return answer(request, reverse("returns:one", args=[meant.rma_number]))
    if isinstance(meant, Order):
        return _draw(request, {"order": meant, "who": who_bought(meant), "rows": line_rows(request, meant)})
    if isinstance(meant, Variant):
        return _draw(request, {"item": meant})
    sentence = _("Nothing fits. Try the return’s number, the order, a serial number or the item.")
    return _draw(request, {"sentence": sentence}, status=422)


def _open(request: StoreRequest) -> HttpResponse:
    """Units of a known purchase that nobody announced."""
    number = request.POST.get("order", "")
    wanted = [Wanted(reference=reference) for reference in request.POST.getlist("reference")]
    try:
        with transaction.atomic():
            found = open_unannounced(
                order_number=int(number) if number.isdigit() else 0, wanted=wanted, location=request.location,
                by=Actor.of(request.user), now=timezone.now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _draw(request, {"sentence": str(refusal)}, status=refusal.status)
    except Order.DoesNotExist:
        return _draw(request, {"sentence": _("There is no such order.")}, status=422)
    return answer(request, reverse("returns:one", args=[found.rma_number]))


def _hold(request: StoreRequest) -> HttpResponse:
    try:
        with transaction.atomic():
            found = hold_unknown(sku=request.POST["hold"][:100], location=request.location, by=Actor.of(request.user),
                                 now=timezone.now())  # fmt: skip
    except Refusal as refusal:
        return _draw(request, {"sentence": str(refusal)}, status=refusal.status)
    return answer(request, reverse("returns:one", args=[found.rma_number]))


def _draw(request: StoreRequest, context: dict, *, status: int = 200) -> HttpResponse:
    if not request.htmx:
        expected = ReturnOrder.objects.for_user(request.user).exclude(channel=Channel.STORE).filter(status="authorized")
        rows = list(expected.select_related("order").order_by("opened_at")[:SHOWN])
        context |= {"expected": [{"found": each, "tone": TONES[each.status]} for each in rows]}
    part = "#found" if request.htmx else ""
    return render(request, f"returns/intake.html{part}", context, status=status)
