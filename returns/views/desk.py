"""The return desk: find the purchase by whatever the customer has, from any channel; or begin without a receipt."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.web import answer, at_location
from orders.story import who
from returns.forms import BlindForm, FindPurchaseForm
from returns.models import ReturnOrder, ReturnUnit
from returns.models.return_order import Status
from returns.operations.blind import open_blind
from returns.operations.find_purchase import MOST, Found, find_purchase
from returns.views.words import TONES, purchase_row

SHOWN = 50
Channel = ReturnOrder.Channel


@at_location
@require_http_methods(["GET", "POST"])
def desk(request: StoreRequest) -> HttpResponse:
    if request.method == "POST":
        return _find(request)
    return _draw(request, {"form": FindPurchaseForm()})


@at_location
@require_http_methods(["GET", "POST"])
def blind(request: StoreRequest) -> HttpResponse:
    """Nobody can find the purchase: an ID first, then the items."""
    form = BlindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            with transaction.atomic():
                opened = open_blind(
                    location=request.location, id_kind=given["id_kind"], id_reference=given["id_reference"],
                    by=Actor.of(request.user), now=timezone.now(),
                )  # fmt: skip
            return answer(request, reverse("returns:one", args=[opened.rma_number]))
        except Refusal as refusal:
            form.add_error("id_reference", str(refusal))
    return render(request, "returns/blind.html", {"form": form}, status=422 if form.errors else 200)


def _find(request: StoreRequest) -> HttpResponse:
    form = FindPurchaseForm(request.POST)
    if not form.is_valid():
        return _draw(request, {"form": form, "narrowed": True}, status=422)
    found = find_purchase(text=form.cleaned_data["code"], here=request.location, now=timezone.now(), window=form.window)
    if found.returned is not None:
        return _go_to_return(request, form, found.returned)
    if found.is_sure:
        return answer(request, reverse("returns:purchase", args=[found.orders[0].number]))
    return _draw(request, {"form": form, "narrowed": bool(form.window)} | _words(found),
                 status=200 if found.orders else 422)  # fmt: skip


def _go_to_return(request: StoreRequest, form: FindPurchaseForm, returned: ReturnOrder) -> HttpResponse:
    if ReturnOrder.objects.for_user(request.user).filter(pk=returned.pk).exists():
        return answer(request, reverse("returns:one", args=[returned.rma_number]))
    sentence = _("Return %(number)s is at %(store)s: %(status)s.") % {
        "number": returned.rma, "store": returned.location, "status": returned.get_status_display().lower()
    }  # fmt: skip
    return _draw(request, {"form": form, "sentence": sentence}, status=422)


def _words(found: Found) -> dict:
    if not found.orders:
        if found.item:
            return {"sentence": _("Nobody bought %s lately that we know of. Ask for the receipt, or go on without.")
                    % found.item.title, "may_be_blind": True}  # fmt: skip
        return {
            "sentence": _("No purchase fits. Try the receipt, the order number, the e-mail, the phone or an item."),
            "may_be_blind": True,
        }  # fmt: skip
    rows = [purchase_row(order, reverse("returns:purchase", args=[order.number])) for order in found.orders]
    return {"rows": rows, "more": len(rows) == MOST}


def _draw(request: StoreRequest, context: dict, *, status: int = 200) -> HttpResponse:
    part = "#found" if request.htmx else ""
    rest = {} if request.htmx else _open(request)
    response = render(request, f"returns/desk.html{part}", context | rest, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _open(request: StoreRequest) -> dict:
    """What was begun here, what a lead has to decide, and how much is held."""
    open_here = ReturnOrder.objects.open().filter(location=request.location).select_related("order")
    rows = list(open_here.order_by("opened_at")[:SHOWN])
    return {
        "open": [
            {"found": each, "tone": TONES[each.status], "who": who(each.opened_by), "state": _state(each)}
            for each in rows if each.status != Status.WAITING
        ],
        "waiting": _waiting(request),
        "held_count": ReturnUnit.objects.held_at(request.location).count(),
    }  # fmt: skip


def _state(found: ReturnOrder) -> str:
    """At the desk nobody announced it: somebody began."""
    at_desk = found.channel == Channel.STORE and found.status == Status.AUTHORIZED
    return _("Begun") if at_desk else str(found.get_status_display())


def _waiting(request: StoreRequest) -> list[ReturnOrder]:
    waiting = ReturnOrder.objects.for_user(request.user).filter(status=Status.WAITING).select_related("order")
    return list(waiting.order_by("opened_at")[:SHOWN])
