"""One purchase at the return desk: line by line what may come back, and why not; each scan brings a unit."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inventory.models import Variant
from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.web import answer, at_location
from orders.kit_words import part_of
from orders.models import Order, OrderKit, SerialNumber
from orders.operations.serials import clean_serial
from returns.models import ReturnPolicy
from returns.operations.assess import Assessed, assess, returnable_lines, terms_of
from returns.operations.bring import bring, open_at_desk
from returns.policy import Outcome
from returns.views.words import who_bought
from returns.words import sentences


@at_location
@require_http_methods(["GET", "POST"])
def purchase(request: StoreRequest, number: int) -> HttpResponse:
    order = get_object_or_404(Order.objects.select_related("customer").prefetch_related("payments"), number=number)
    if request.method == "GET":
        begun = open_at_desk(order, request.location)
        return _page(request, order, {"begun": begun})
    return bring_unit(request, order)


def bring_unit(request: StoreRequest, order: Order) -> HttpResponse:
    """A scan, or the button of a line."""
    lines = line_rows(request, order)
    reference, serial = _meant(request, order, lines)
    if not reference:
        return _page(request, order, {"sentence": _("That is not part of this purchase. Look at the item again.")}, 422)
    try:
        with transaction.atomic():
            found = bring(
                order_number=order.number, reference=reference, serial=serial, location=request.location,
                override="override" in request.POST, key=request.POST.get("scan_key", "")[:64],
                by=Actor.of(request.user), now=timezone.now(),
            )  # fmt: skip
    except Refusal as refusal:
        context = {"sentence": str(refusal), "asks_override": _may_ask(lines, reference)}
        return _page(request, order, context, refusal.status)
    return answer(request, reverse("returns:one", args=[found.rma_number]))


def line_rows(request: StoreRequest, order: Order) -> list[dict]:
    """Each line with what the desk says about it."""
    now = timezone.now()
    rules = ReturnPolicy.objects.rules(now.astimezone(request.location.zone).date())
    terms = terms_of(order, location=request.location, now=now, rules=rules)
    rows = [_row(each) for each in assess(terms, returnable_lines(order))]
    seen: set[int | None] = {None}
    for row in rows:
        if (kit := row["line"].kit) and kit.pk not in seen:
            row["kit"] = _kit(kit, [each for each in rows if each["line"].kit_id == kit.pk])
            seen.add(kit.pk)
    return rows


def _kit(kit: OrderKit, parts: list[dict]) -> dict:
    """How many whole kits can come back now, and whether a lead has to say so."""
    left = min(part["left"] // part["line"].kit_units for part in parts)
    can, can_ask = (all(part["can"] for part in parts), all(part["can"] or part["can_ask"] for part in parts))
    return {"kit": kit, "left": left if can or can_ask else 0, "can": can, "can_ask": can_ask and not can}


def _row(each: Assessed) -> dict:
    decision = each.decision
    reasons = sentences(each.reasons)
    if each.returned and not each.free:
        numbers = sorted({unit.return_order.rma for unit in each.returned})
        reasons = [_("All of it is in return %s.") % ", ".join(numbers)]
    return {
        "line": each.line, "left": each.left, "decision": decision, "reasons": reasons,
        "part_of": part_of(each.line), "kit": None,
        "returned": len(each.returned), "can": bool(each.free) and decision.outcome == Outcome.ELIGIBLE,
        "can_ask": bool(each.free) and decision.outcome == Outcome.NEEDS_APPROVAL,
        "rule": decision.rule.name if decision.rule else "",
    }  # fmt: skip


def _meant(request: StoreRequest, order: Order, rows: list[dict]) -> tuple[str, str]:
    """(reference of the line or kit, serial number): a button, a serial number, or an item or kit that was scanned.

    A kit's code means one whole kit, each of its parts at the money that was frozen for it.
    """
    kits = [row["kit"] for row in rows if row["kit"]]
    references = {row["line"].reference for row in rows} | {each["kit"].reference for each in kits}
    if (named := request.POST.get("reference", "")) in references:
        return named, ""
    code = request.POST.get("code", "").strip()[:100]
    piece = SerialNumber.objects.out().filter(
        fulfillment_line__order_line__order=order, serial=clean_serial(code)
    ).select_related("fulfillment_line__order_line").first()  # fmt: skip
    if code and piece:
        return piece.fulfillment_line.order_line.reference, piece.serial
    variants = set(Variant.objects.by_code(code).values_list("pk", flat=True)) if code else set()
    whole = sorted((each for each in kits if each["kit"].variant_id in variants), key=lambda each: not each["left"])
    if whole:
        return whole[0]["kit"].reference, ""
    fitting = [row for row in rows if row["line"].variant_id in variants]
    fitting.sort(key=lambda row: (not row["can"], not row["can_ask"]))
    return (fitting[0]["line"].reference, "") if fitting else ("", "")


def _may_ask(rows: list[dict], reference: str) -> str:
    """The line that a lead may decide about after all."""
    asks = {row["line"].reference for row in rows if row["can_ask"]}
    asks |= {row["kit"]["kit"].reference for row in rows if row["kit"] and row["kit"]["can_ask"]}
    return reference if reference in asks else ""


def _page(request: StoreRequest, order: Order, context: dict, status: int = 200) -> HttpResponse:
    context |= {"order": order, "who": who_bought(order), "rows": line_rows(request, order)}
    part = "#body" if request.htmx else ""
    return render(request, f"returns/purchase.html{part}", context, status=status)
