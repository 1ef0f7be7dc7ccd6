"""Exchange: what the customer takes instead, held while they decide; what is to pay or to give back; done."""

import re
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from inventory.atp import sites
from inventory.models import Location, Variant
from inventory.places import StoreRequest
from inventory.second_person import SecondPersonForm
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.settings_store import setting
from omni.core.web import answer, at_location, refusals_shown
from orders import preferences
from orders.models import PaymentIntent
from orders.models.order_line import Method
from orders.operations.age_check import AgeCheck, age_words, born_by, is_old_enough
from orders.operations.authorize import ask_terminal, look_up_payment, start_payment, void_payment
from returns.models import Exchange, ReturnOrder, ReturnUnit
from returns.models.return_order import Status
from returns.models.return_unit import UnitStatus
from returns.operations.exchange import (
    CHANNEL,
    Replacement,
    add_replacement,
    best_source,
    complete_exchange,
    difference,
    drop_replacement,
    end_exchange,
    open_exchange,
    renew_exchange,
)
from returns.operations.receive import Looked
from returns.views.one import found_here
from returns.views.return_page import asks_of, second_form
from returns.views.words import returned_units, unreceipted, where_to, who_bought
from returns.words import of_rows

Paid = PaymentIntent.Status
OPEN_UNITS = [UnitStatus.AUTHORIZED, UnitStatus.RECEIVED]
MOST_SIZES = 24
PLACE = re.compile(r"[0-9]{1,3}")


@at_location
@require_http_methods(["GET", "POST"])
def exchange(request: StoreRequest, rma_number: int) -> HttpResponse:
    """GET draws; POST adds what was scanned, or the size that was pressed."""
    found = found_here(request, rma_number)
    if found.status not in (Status.AUTHORIZED, Status.RECEIVED) or not returned_units(found, OPEN_UNITS):
        return redirect("returns:one", rma_number)
    if request.method == "GET":
        return _page(request, found)
    variant = Variant.objects.by_code(request.POST.get("code", "")[:100]).first()
    if variant is None:
        return _page(request, found, sentence=_("No item has this code. Scan it again."), status=422)
    try:
        with transaction.atomic():
            _add(request, found, variant)
    except Refusal as refusal:
        return _page(request, found, sentence=_in_words(refusal), status=refusal.status)
    return _page(request, found) if request.htmx else redirect("returns:exchange", rma_number)


@at_location
@refusals_shown
@require_POST
def change(request: StoreRequest, rma_number: int) -> HttpResponse:
    """Not this one, hold it longer, or no exchange after all."""
    found = found_here(request, rma_number)
    by, now = Actor.of(request.user), timezone.now()
    if "end" in request.POST:
        current = open_exchange(found)
        _void_unused(current, now)
        end_exchange(rma_number=rma_number, by=by, now=now)
        return answer(request, reverse("returns:one", args=[rma_number]))
    if "renew" in request.POST:
        renew_exchange(rma_number=rma_number, by=by, now=now)
    else:
        position = request.POST.get("drop", "")
        drop_replacement(rma_number=rma_number, position=int(position) if position.isdigit() else -1, by=by, now=now)
    return answer(request, reverse("returns:exchange", args=[rma_number]))


@at_location
@require_POST
def complete(request: StoreRequest, rma_number: int) -> HttpResponse:
    """Pay what it costs more, then swap: one press, and pressed again it goes on where it stopped."""
    found = found_here(request, rma_number)
    current = open_exchange(found)
    units = returned_units(found, OPEN_UNITS)
    if current is None or not current.lines:
        return _page(request, found, sentence=_("Choose first what the customer takes instead."), status=422)
    second = second_form(request, asks_of(found), data=request.POST)
    approved_by = second.approve(timezone.now()) if second else None
    if second and approved_by is None:
        return _page(request, found, second=second, status=422)
    missing = _unchecked(request, current) or _unreceipted(request, current, found, units)
    if missing:  # before any money moves
        return _page(request, found, sentence=missing, status=422)
    try:
        intents = _paid(request, current, found, difference(current, units))
        with transaction.atomic():
            complete_exchange(
                rma_number=rma_number, looked=_looked(found), location=request.location, approved_by=approved_by,
                payments=intents, serials=_serials(request), age=_age(request),
                till_reference=request.POST.get("till_reference", ""), by=Actor.of(request.user), now=timezone.now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _page(request, found, sentence=_in_words(refusal), status=refusal.status)
    return answer(request, reverse("returns:one", args=[rma_number]))


def _serials(request: StoreRequest) -> dict[int, str]:
    """Of the pieces that the customer takes along, by their place in the exchange."""
    places = [key.removeprefix("serial-") for key in request.POST if key.startswith("serial-")]
    typed = {int(n): request.POST.get(f"serial-{n}", "").strip() for n in places if PLACE.fullmatch(n)}
    return {n: serial for n, serial in typed.items() if serial}


def _age(request: StoreRequest) -> AgeCheck | None:
    how = request.POST.get("age", "")
    return AgeCheck(setting(preferences.MINIMUM_AGE), how) if how else None


def _unchecked(request: StoreRequest, current: Exchange) -> str:
    """What is still to be looked at before the customer takes it along; empty when nothing is."""
    rows = _taken_along(current)
    for n, variant in rows.items():
        if variant.is_serial_tracked and n not in _serials(request):
            return _("Scan the serial number of %s before it leaves.") % variant.title
    restricted = next((variant for variant in rows.values() if variant.is_age_restricted), None)
    return age_words(restricted.title) if restricted and not is_old_enough(_age(request)) else ""


def _unreceipted(request: StoreRequest, current: Exchange, found: ReturnOrder, units: list[ReturnUnit]) -> str:
    """Where the rest goes back in cash, the till has a receipt for it."""
    rest = -difference(current, units)
    return unreceipted(where_to(found.order, rest, only_credit=found.is_blind), request.POST) if rest > 0 else ""


def _taken_along(current: Exchange) -> dict[int, Variant]:
    """The items that leave at once, by their place in the exchange."""
    at_once = {n: line for n, line in enumerate(current.lines) if line["method"] == Method.CARRY_OUT}
    known = Variant.objects.select_related("product").in_bulk({line["variant_id"] for line in at_once.values()})
    return {n: known[line["variant_id"]] for n, line in at_once.items()}


def _add(request: StoreRequest, found: ReturnOrder, variant: Variant) -> Exchange:
    method = request.POST.get("method") or Method.CARRY_OUT
    place = request.location
    if method == Method.SHIP:
        source = best_source(variant.pk, request.location)
        if source is None:
            raise Refusal("insufficient_stock", _("Nobody has %s to send.") % variant.sku)
        place = source
    elif method != Method.CARRY_OUT:
        raise Refusal("unknown_method", _("The customer takes it along, or we send it."))
    return add_replacement(rma_number=found.rma_number, wanted=Replacement(variant.pk, method, place),
                           by=Actor.of(request.user), now=timezone.now())  # fmt: skip


def _paid(request: StoreRequest, current: Exchange, found: ReturnOrder, due: Decimal) -> list[PaymentIntent]:
    """The approved payment of the difference; a card is asked at the terminal, outside of any transaction."""
    now = timezone.now()
    approved = list(PaymentIntent.objects.of(current.owner_key).filter(status=Paid.APPROVED))
    fitting = [each for each in approved if each.amount == due]
    for each in approved:
        if each not in fitting[:1]:
            void_payment(key=each.key, now=now)
    if due <= 0:
        return []
    if fitting:
        return fitting[:1]
    tried = PaymentIntent.objects.of(current.owner_key).count()
    lost = PaymentIntent.objects.of(current.owner_key).filter(status__in=[Paid.ASKED, Paid.UNKNOWN]).last()
    intent = lost or start_payment(
        key=f"{current.owner_key}:{tried + 1}", owner_key=current.owner_key, amount=due, currency=found.currency,
        method=request.POST.get("pay", ""), reference=request.POST.get("pay_reference", "")[:100],
        by=Actor.of(request.user), now=now,
    )  # fmt: skip
    if lost:
        intent = look_up_payment(key=intent.key, now=now)
    if intent.status in (Paid.NEW, Paid.DECLINED):
        intent = ask_terminal(key=intent.key, now=now)
    if intent.status == Paid.APPROVED:
        return [intent]
    if intent.status == Paid.DECLINED:
        raise Refusal("declined", _("The card was declined. Try another way to pay. %s") % intent.reason)
    raise Refusal("no_answer", _("The terminal gave no answer. Press again: nothing is taken twice."))


def _void_unused(current: Exchange | None, now: Any) -> None:
    if current is None:
        return
    for key in PaymentIntent.objects.of(current.owner_key).filter(status=Paid.APPROVED).values_list("key", flat=True):
        void_payment(key=key, now=now)


def _looked(found: ReturnOrder) -> dict[int, Looked]:
    """As the return's page kept it."""
    return {
        unit.pk: Looked(grade=unit.grade or "A", reason=unit.reason.code if unit.reason else "",
                        disposition=unit.disposition, serial=unit.serial)
        for unit in returned_units(found, [UnitStatus.AUTHORIZED])
    }  # fmt: skip


def _in_words(refusal: Refusal) -> str:
    details = [str(each["detail"]) for each in refusal.errors if "detail" in each]
    return " ".join([str(refusal), *details])


def _page(
    request: StoreRequest, found: ReturnOrder, *, second: SecondPersonForm | None = None, sentence: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    now = timezone.now()
    units = returned_units(found, OPEN_UNITS)
    current = open_exchange(found)
    value = sum((unit.refund_amount for unit in units), Decimal(0))
    due = difference(current, units) if current else -value
    needed = asks_of(found)
    is_held = bool(current and current.held_until and current.held_until > now)
    along = _taken_along(current) if current else {}
    where = where_to(found.order, -due, only_credit=found.is_blind) if due < 0 and current else []
    restricted = [variant for variant in along.values() if variant.is_age_restricted]
    context = {
        "tracked": [
            {"n": n, "item": variant.title, "typed": request.POST.get(f"serial-{n}", "")}
            for n, variant in along.items() if variant.is_serial_tracked
        ],
        "restricted": restricted, "minimum_age": setting(preferences.MINIMUM_AGE),
        "born_by": born_by(now, request.location), "age": request.POST.get("age", ""),
        "found": found, "order": found.order, "units": units, "value": value, "current": current, "due": due,
        "rest": -due, "who": who_bought(found.order) if found.order else _("Without receipt"), "sentence": sentence,
        "is_held": is_held, "seconds": int((current.held_until - now).total_seconds()) if is_held else 0,  # type: ignore[union-attr,operator]
        "sizes": _sizes(request, units), "can_ship": bool(found.order and found.order.shipping_address),
        "where": where, "has_cash": any(is_cash for _words, _amount, is_cash in where),
        "till_reference": request.POST.get("till_reference", ""),
        "asks": of_rows(needed.rows), "second": second or second_form(request, needed),
        "pay_methods": PaymentIntent.Method.choices,
    }  # fmt: skip
    part = "#body" if request.htmx else ""
    return render(request, f"returns/exchange.html{part}", context, status=status)


def _sizes(request: StoreRequest, units: list) -> list[dict]:
    """Other sizes and colors of what came back, with how many lie here."""
    products = {unit.variant.product_id for unit in units}
    variants = Variant.objects.filter(product__in=products, is_active=True).select_related("product")
    alike = list(variants.order_by("product", "sku")[:MOST_SIZES])
    shelves = sites(places=Location.everywhere.filter(pk=request.location.pk), variants=[each.pk for each in alike],
                    channel=CHANNEL, near=None)  # fmt: skip
    here = shelves[0].on_shelf if shelves else {}
    rows = [{"variant": each, "here": here.get(each.pk, 0)} for each in alike]
    return rows if len(rows) > len(products) else []
