"""The page of a return, as it stands: what is to be looked at, what goes back, and what happened."""

from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.models import StockLevel
from inventory.places import StoreRequest, may
from inventory.second_person import SecondPersonForm
from orders.kit_words import part_of
from orders.operations.refund import CREDIT
from returns.forms import ReasonForm, UnitsForm
from returns.models import ReturnOrder, ReturnReason, ReturnUnit
from returns.models.return_order import Status
from returns.models.return_unit import UnitStatus
from returns.operations.pay_back import Asks, asks, capability_for
from returns.views.purchase import line_rows
from returns.views.story import story_of
from returns.views.words import TONES, UNIT_TONES, paid_out, returned_units, where_put, where_to, who_bought
from returns.words import of_rows

Channel = ReturnOrder.Channel


def expected_of(found: ReturnOrder) -> list[ReturnUnit]:
    return returned_units(found, [UnitStatus.AUTHORIZED])


def units_form(found: ReturnOrder, request: StoreRequest | None = None) -> UnitsForm | None:
    """For what is still to be looked at; None once everything is."""
    units = expected_of(found)
    if not units or found.status == Status.WAITING:
        return None
    reasons = list(ReturnReason.objects.filter(is_active=True))
    data, files = (request.POST, request.FILES) if request else (None, None)
    return UnitsForm(data, files, units=units, reasons=reasons)


def asks_of(found: ReturnOrder) -> Asks:
    units = returned_units(found, [UnitStatus.AUTHORIZED, UnitStatus.RECEIVED])
    return asks(found, units, now=timezone.now()) if units else Asks([])


def second_form(request: StoreRequest, needed: Asks, data=None) -> SecondPersonForm | None:
    if not needed:
        return None
    return SecondPersonForm(data, capability=needed.capability, location=request.location, other_than=request.user)


def return_page(
    request: StoreRequest, found: ReturnOrder, *, form: UnitsForm | None = None,
    second: SecondPersonForm | None = None, refusal_form: ReasonForm | None = None, sentence: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The whole page, or for htmx what lies below its head."""
    expected = expected_of(found)
    here = returned_units(found, [UnitStatus.RECEIVED])
    stage = _stage(found, expected, here)
    form = form or units_form(found)
    context = {
        "found": found, "order": found.order, "tone": TONES[found.status], "stage": stage, "form": form,
        "who": who_bought(found.order) if found.order else _("Without receipt"), "sentence": sentence,
        "items": _items(form), "asked_for": expected if stage == "waiting" else [],
        "done": _done(found, request), "payouts": _payouts(found), "clock": request.location,
        "approval": of_rows(found.approval), "refusal_form": refusal_form or ReasonForm(),
        "may_decide": stage == "waiting" and may(request.user, capability_for(expected), request.location),
        "state": _("Begun") if stage == "desk" else found.get_status_display(),
        "more": _more(request, found) if stage == "desk" else [],
        "timeline": story_of(found) if stage == "done" else [],
    } | _money(request, found, expected + here, second)  # fmt: skip
    part = "#body" if request.htmx else ""
    return render(request, f"returns/return.html{part}", context, status=status)


def _more(request: StoreRequest, found: ReturnOrder) -> list[dict]:
    """What else of the purchase could come along."""
    return [row for row in line_rows(request, found.order) if row["left"]] if found.order else []


def _items(form: UnitsForm | None) -> list[dict]:
    """Units that are still to be looked at, with what speaks against each."""
    return [
        item | {"against": of_rows(item["unit"].exceptions), "part_of": _part_of(item["unit"])} for item in form.items
    ] if form else []  # fmt: skip


def _part_of(unit: ReturnUnit) -> str:
    return part_of(unit.order_line) if unit.order_line else ""


def _money(request: StoreRequest, found: ReturnOrder, units: list[ReturnUnit], second: SecondPersonForm | None) -> dict:
    """What goes back to which tender, and who has to approve it."""
    needed = Asks([]) if found.status == Status.WAITING else asks_of(found)
    total = sum((unit.refund_amount for unit in units), Decimal(0))
    only_credit = found.is_blind or any(unit.refund_to == "store_credit" for unit in units)
    where = _where(found, units)
    return {
        "total": total, "where": where, "has_cash": any(is_cash for _words, _amount, is_cash in where),
        "till_reference": request.POST.get("till_reference", ""), "prefers_credit": request.POST.get("to") == CREDIT,
        "only_credit": only_credit, "asks": of_rows(needed.rows),
        "second": second or second_form(request, needed),
    }  # fmt: skip


def cash_of(found: ReturnOrder) -> list[tuple[str, Decimal, bool]]:
    """Where the money of everything that is here, or on the desk, will go."""
    units = returned_units(found, [UnitStatus.AUTHORIZED, UnitStatus.RECEIVED])
    return _where(found, units)


def _where(found: ReturnOrder, units: list[ReturnUnit]) -> list[tuple[str, Decimal, bool]]:
    total = sum((unit.refund_amount for unit in units), Decimal(0))
    only_credit = found.is_blind or any(unit.refund_to == "store_credit" for unit in units)
    return where_to(found.order, total, only_credit=only_credit)


def _stage(found: ReturnOrder, expected: list, here: list) -> str:
    """What is to be done: decide, look at what is on the desk, open the parcel, pay, or nothing more."""
    if found.status == Status.WAITING:
        return "waiting"
    if expected and found.status in (Status.AUTHORIZED, Status.RECEIVED):
        return "desk" if found.channel == Channel.STORE else "arriving"
    if found.is_blind and found.status == Status.AUTHORIZED:
        return "desk"
    return "pay" if here else "done"


def _payouts(found: ReturnOrder) -> list[dict]:
    payouts = found.payouts.select_related("replacement").order_by("pk")
    return [{"payout": each, "words": paid_out(each, found.currency)} for each in payouts]


def _done(found: ReturnOrder, request: StoreRequest) -> list[dict]:
    """Units that were taken in, given back or left out, and what the associate does with each."""
    units = [unit for unit in found.units.all() if unit.status != UnitStatus.AUTHORIZED]
    shelves = StockLevel.objects.filter(location=request.location, variant__in=[unit.variant_id for unit in units])
    places = {row.variant_id: (row.aisle, row.bin) for row in shelves} if units else {}
    return [
        {
            "unit": unit, "tone": UNIT_TONES[unit.status],
            "put": where_put(unit.disposition, places.get(unit.variant_id, ("", "")))
            if unit.status in (UnitStatus.RECEIVED, UnitStatus.REFUNDED) else "",
        }
        for unit in units
    ]  # fmt: skip
