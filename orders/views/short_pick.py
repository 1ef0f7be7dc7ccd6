"""Units that are not there or not fit: say what is wrong, and read what happens with the order."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inventory.models import ReasonCode
from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.web import at_location
from orders.models import FulfillmentLine, FulfillmentOrder, PickList
from orders.models.order_line import Method
from orders.operations.find_elsewhere import Substitute
from orders.operations.short_pick import Lost, short_pick
from orders.operations.substitute import suggestions
from orders.pick_forms import ShortForm
from orders.views.picking import own_list
from orders.views.walk import Walk

TEMPLATE = "orders/short_pick.html"
SUBSTITUTE_REFUSED = {"unknown_substitute", "same_item", "restricted_substitute", "no_price", "insufficient_stock"}


@require_http_methods(["GET", "POST"])
@at_location
def report_short(request: StoreRequest, number: int, line_id: int) -> HttpResponse:
    """Ask what is wrong and with how many; then the list goes on and says what happened."""
    pick_list = own_list(request, number)
    row = Walk(pick_list).row(line_id)
    if row is None:
        raise Http404
    line = row.first
    if not row.left:
        messages.info(request, _("Nothing of %s is left to pick.") % line.variant.title)
        return redirect("orders:pick_list", number)
    form = ShortForm(request.POST or None, left=row.left)
    if form.is_valid() and (lost := _report(request, pick_list, line, form)):
        messages.warning(request, _what_happened(lost, form.reasons[form.cleaned_data["reason"]]))
        return redirect("orders:pick_list", number)
    pickups = [each for each in row.lines if each.fulfillment_order.method == Method.PICKUP]
    context = {"form": form, "line_id": line_id, "left": row.left, "row": row.words(), "pick_list": pick_list,
               "is_pickup": bool(pickups), "is_shipped": len(pickups) < len(row.lines), "orders": len(row.totes),
               "line": line, "suggested": _suggested(pickups[0], row.left) if pickups else []}  # fmt: skip
    page = f"{TEMPLATE}#ask" if request.htmx else TEMPLATE
    response = render(request, page, context, status=422 if form.is_bound else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _report(request: StoreRequest, pick_list: PickList, line: FulfillmentLine, form: ShortForm) -> list[Lost] | None:
    """What was lost; nothing where the substitute cannot be offered, and the form says why."""
    values = form.cleaned_data
    try:
        return short_pick(
            pick_list_id=pick_list.pk, line_id=line.pk, quantity=values["quantity"], reason_code=values["reason"],
            substitute=form.instead, by=Actor.of(request.user), now=timezone.now(),
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code not in SUBSTITUTE_REFUSED:
            raise
        form.add_error("substitute_code", str(refusal))
        return None


def _suggested(line: FulfillmentLine, quantity: int) -> list[Substitute]:
    """What lies here and could be taken instead."""
    return suggestions(line=line.order_line, location=line.fulfillment_order.location, quantity=quantity)


def _what_happened(lost: list[Lost], reason: ReasonCode) -> str:
    """To the orders, the one with the most time first, and to the stock."""
    units, item = sum(each.quantity for each in lost), lost[0].line.variant.title
    said = [_("%(n)d × %(item)s: %(reason)s.") % {"n": units, "item": item, "reason": _(reason.label)}]
    for each in lost:
        said.append(_of_order(each, named=len(lost) > 1 or bool(each.line.fulfillment_order.tote)))
    if reason.effect == ReasonCode.Effect.NOT_FOUND:
        said.append(_("A count of the shelf is asked for."))
    return " ".join(said)


def _of_order(lost: Lost, *, named: bool) -> str:
    work = lost.line.fulfillment_order
    if work.method == Method.PICKUP:
        what = _("The customer is asked: another store, shipping, or cancel. Go on with the rest.")
    else:
        what = _where_now(lost.line)
    if not named:
        return what
    return _("Order %(order)s (%(tote)s): %(what)s") % {"order": work.order.number, "tote": work.tote, "what": what}


def _where_now(line: FulfillmentLine) -> str:
    """The newest work for the same order line, elsewhere."""
    here = line.fulfillment_order
    new = (
        FulfillmentOrder.objects.filter(lines__order_line=line.order_line, pk__gt=here.pk)
        .exclude(location=here.location_id).select_related("location").order_by("-pk").first()
    )  # fmt: skip
    if new is None:
        return _("No other store can ship it now: HQ takes care of it.")
    return _("%s ships it instead.") % new.location.name
