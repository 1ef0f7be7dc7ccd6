"""Receive a delivery: choose or begin one, scan what comes, take a scan back. Several devices work on it together."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from inventory import shelves
from inventory.forms import ReceiveForm
from inventory.looks import look
from inventory.models import Delivery, DeliveryLine, PurchaseOrder, ReceiptScan
from inventory.models.delivery import Difference
from inventory.models.shelf import shelf_of
from inventory.operations.announce import begin_delivery
from inventory.operations.receive_scans import Received, receive, undo_receipt
from inventory.places import StoreRequest, may
from omni.core.actors import Actor
from omni.core.kept import done_at, kept_offline
from omni.core.refusals import Invalid
from omni.core.web import at_location, fragment

LAST = 6
SHOWN = 100
TONES = {Difference.NONE: "done", Difference.UNDER: "info", Difference.OVER: "warn", Difference.NOT_ORDERED: "warn"}


@at_location(capability="receive")
def deliveries(request: StoreRequest) -> HttpResponse:
    """What should come here, what is being received, orders without a notice, and what came lately."""
    today = timezone.now().astimezone(request.location.zone).date()
    units = {"units": Sum("lines__expected_quantity", default=0), "came": Sum("lines__received_quantity", default=0)}
    open_here = Delivery.objects.open_at(request.location).select_related("purchase_order").annotate(**units)
    orders = PurchaseOrder.objects.open_at(request.location).exclude(deliveries__status__in=Delivery.OPEN)
    ended = Delivery.objects.filter(location=request.location, status=Delivery.Status.RECEIVED)
    context = {
        "open": list(open_here[:SHOWN]), "orders": list(orders.annotate(items=Count("lines"))[:SHOWN]), "today": today,
        "ended": list(ended.order_by("-finished_at").annotate(**units)[:10]),
    }  # fmt: skip
    return render(request, "inventory/receiving.html", context)


@require_POST
@at_location(capability="receive")
def begin(request: StoreRequest) -> HttpResponse:
    """What stands there: of an order, or without any paper."""
    begun = begin_delivery(
        location=request.location, purchase_order_number=_order_number(request),
        supplier=request.POST.get("supplier", "").strip(), key=request.POST.get("scan_key", "")[:64],
        by=Actor.of(request.user), now=timezone.now(),
    )  # fmt: skip
    return redirect("inventory:delivery", begun.pk)


@kept_offline
@at_location(capability="receive")
def delivery(request: StoreRequest, delivery_id: int) -> HttpResponse:
    """Scan here; `?damaged=1` says that what is scanned now is damaged."""
    found = delivery_at(request, delivery_id)
    context = page_of(request, found, is_damaged=bool(request.GET.get("damaged")))
    return render(request, "inventory/delivery.html", context)


@require_POST
@at_location(capability="receive")
def scan(request: StoreRequest, delivery_id: int) -> HttpResponse:
    """One scan, saved on its own under its key and booked at once."""
    found, form, now = delivery_at(request, delivery_id), ReceiveForm(request.POST), timezone.now()
    if not form.is_valid():
        raise Invalid("bad_scan", " ".join(str(error) for errors in form.errors.values() for error in errors))
    entry = form.cleaned_data
    done = receive(
        delivery_id=found.pk, code=entry["code"], units=entry["units"], is_damaged=entry["damaged"],
        by=Actor.of(request.user), now=now, at=done_at(request, now), key=entry["scan_key"],
    )  # fmt: skip
    said, tone, place = _answer(done)
    if not request.htmx:
        messages.add_message(request, messages.SUCCESS if tone == "done" else messages.WARNING, said)
    page = reverse("inventory:delivery", args=[delivery_id]) + ("?damaged=1" if entry["damaged"] else "")
    found.refresh_from_db()
    context = page_of(request, found, is_damaged=entry["damaged"]) | {"status": said, "tone": tone, "place": place}
    return fragment(request, "inventory/delivery.html#region", context, page=page)


@require_POST
@at_location(capability="receive")
def undo(request: StoreRequest, delivery_id: int) -> HttpResponse:
    """Take one of this delivery's scans back."""
    found, scan_id = delivery_at(request, delivery_id), request.POST.get("scan", "")
    taken = found.scans.filter(pk=scan_id if scan_id.isdecimal() and len(scan_id) < 19 else 0).first()
    if taken is None:
        raise Invalid("unknown_scan", _("No such scan is part of this delivery."))
    undo_receipt(scan_id=taken.pk, by=Actor.of(request.user), now=timezone.now())
    messages.info(request, _("Taken back."))
    return redirect("inventory:delivery", found.pk)


def delivery_at(request: StoreRequest, delivery_id: int) -> Delivery:
    here = Delivery.objects.select_related("purchase_order").filter(location=request.location)
    return get_object_or_404(here, pk=delivery_id)


def page_of(request: StoreRequest, found: Delivery, *, is_damaged: bool = False) -> dict[str, Any]:
    """What the scanning page shows."""
    totals = found.lines.aggregate(
        units=Sum("expected_quantity", default=0), came=Sum("received_quantity", default=0),
        damaged=Sum("damaged_quantity", default=0),
    )  # fmt: skip
    lines = found.lines.select_related("variant__product").annotate(**shelf_of(location="delivery__location_id"))
    last = (
        found.scans.filter(is_undone=False).exclude(kind=ReceiptScan.Kind.UNDO)
        .select_related("carton").prefetch_related("units__line__variant__product").order_by("-pk")[:LAST]
    )  # fmt: skip
    boxes = found.cartons.aggregate(
        n=Count("pk", distinct=True), came=Count("pk", distinct=True, filter=Q(scans__is_undone=False))
    )
    return {
        "delivery": found, "totals": totals, "boxes": boxes, "last": [_scan_row(each) for each in last],
        "rows": [row_of(line) for line in lines.order_by("pk")[:SHOWN]], "is_damaged": is_damaged,
        "damaged_field": [{"name": "damaged", "value": "1"}],
        "settles": may(request.user, "settle", request.location),
    }  # fmt: skip


def row_of(line: Any) -> dict[str, Any]:
    """An item of a delivery as screens show it."""
    variant = line.variant
    return {
        "id": line.pk, "bin": shelves.label(line.aisle, line.bin), "sku": variant.sku, "line": line,
        "difference": Difference(line.difference).label, "tone": TONES[line.difference],
        **look(variant.title, variant.options, variant.product.category),
    }  # fmt: skip


def _order_number(request: StoreRequest) -> str:
    """The number of an order of this store; another store's does not exist here."""
    number = request.POST.get("order", "")
    if number:
        get_object_or_404(PurchaseOrder, number=number, location=request.location)
    return number


def _scan_row(scan: ReceiptScan) -> dict[str, Any]:
    units = list(scan.units.all())
    title = units[0].line.variant.title if len(units) == 1 else ngettext("%d item", "%d items", len(units)) % len(units)
    quantity = sum(each.quantity for each in units) or sum(each.damaged for each in units)
    return {
        "id": scan.pk, "title": title, "quantity": quantity, "carton": scan.carton, "actor": scan.actor,
        "is_damaged": any(each.damaged > 0 for each in units),
    }  # fmt: skip


def _answer(done: Received) -> tuple[str, str, str]:
    """What is said of a scan, in which tone, and the place where its item lies."""
    scan = done.scan
    rows: list[Any] = list(scan.units.select_related("line__variant__product").annotate(
        **shelf_of("line__variant_id", "line__delivery__location_id")))  # fmt: skip
    if done.is_repeat:
        if scan.carton:
            said = _("Carton %(code)s was received already, by %(name)s.") % {"code": scan.carton, "name": scan.actor}
            return said, "warn", ""
        return _("This scan was received already."), "info", ""
    if scan.carton:
        n = sum(row.quantity for row in rows)
        said = ngettext("Carton %(code)s: %(n)d unit", "Carton %(code)s: %(n)d units", n) % {
            "code": scan.carton,
            "n": n,
        }
        return said, "done", shelves.label(rows[0].aisle, rows[0].bin) if len(rows) == 1 else ""
    line: DeliveryLine = rows[0].line
    said = _("%(n)d · %(item)s: %(came)d of %(expected)d") % {
        "n": rows[0].quantity, "item": line.variant.title, "came": line.received_quantity,
        "expected": line.expected_quantity,
    }  # fmt: skip
    if line.surplus > 0:
        return f"{said} · {Difference(line.difference).label}", "warn", shelves.label(rows[0].aisle, rows[0].bin)
    return said, "done", shelves.label(rows[0].aisle, rows[0].bin)
