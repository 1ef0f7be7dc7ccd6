"""Units that left their shelf for nothing: scan each where it belongs, then it sells again."""

from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory import shelves
from inventory.forms import ScanForm
from inventory.looks import look
from inventory.models import Location, PutBack, Variant
from inventory.operations.put_back import put_back
from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.kept import kept_offline
from omni.core.refusals import Invalid, Refusal
from omni.core.web import at_location, fragment

PAGE = "inventory:put_backs"
SHOWN = 100


@kept_offline
@at_location
def put_backs(request: StoreRequest) -> HttpResponse:
    """What waits to be put back, as a walk along the shelves; a scan puts one unit back."""
    location = request.location
    if request.method == "POST":
        return _scan(request, location)
    tasks = list(PutBack.objects.open_at(location).with_shelf()[: SHOWN + 1])
    context = {"rows": _walk(tasks[:SHOWN]), "more": len(tasks) > SHOWN, "location": location}
    return render(request, "inventory/put_backs.html", context)


def _scan(request: StoreRequest, location: Location) -> HttpResponse:
    form = ScanForm(request.POST)
    if not form.is_valid():
        raise Invalid("code_required", _("Scan or type the item that you put back."))
    task = _task_for(form.cleaned_data["code"], location)
    put_back(
        put_back_id=task.pk, code=form.cleaned_data["code"], key=form.cleaned_data["scan_key"] or None,
        by=Actor.of(request.user), now=timezone.now(),
    )  # fmt: skip
    task = PutBack.objects.with_shelf().get(pk=task.pk)
    left = PutBack.objects.open_at(location).aggregate(tasks=Sum("quantity") - Sum("done_quantity"))["tasks"] or 0
    said = _said(task, left)
    if not request.htmx:
        messages.success(request, said)
    context = {"row": _row(task), "status": said, "left": left}
    return fragment(request, "inventory/put_backs.html#scanned", context, page=PAGE)


def _task_for(code: str, location: Location) -> PutBack:
    variant = Variant.objects.by_code(code).select_related("product").first()
    if variant is None:
        raise Refusal("unknown_code", _("No item has the code %s. Scan the item’s own barcode.") % code[:40])
    task = PutBack.objects.open_at(location).filter(variant=variant).first()
    if task is None:
        said = _("%s does not wait to be put back. Ask your lead where it belongs.")
        raise Refusal("not_waiting", said % variant.title)
    return task


def _said(task: PutBack, left: int) -> str:
    done = _("Put back %(done)d of %(all)d · %(item)s") % {
        "done": task.done_quantity, "all": task.quantity, "item": task.variant.title,
    }  # fmt: skip
    return done if left else _("%s. That was the last one.") % done


def _walk(tasks: list[PutBack]) -> list[dict[str, Any]]:
    return [_row(task) for task in sorted(tasks, key=lambda task: (shelves.walk(task.aisle, task.bin), task.pk))]  # type: ignore[attr-defined]


def _row(task: PutBack) -> dict[str, Any]:
    variant = task.variant
    now_at = _("now at %s") % task.found_at if task.found_at else ""
    return {
        "id": f"task-{task.pk}",
        "bin": shelves.label(task.aisle, task.bin) or _("No bin"),  # type: ignore[attr-defined]
        **look(variant.title, variant.options, variant.product.category), "sku": variant.sku,
        "picked": task.done_quantity, "wanted": task.quantity, "note": now_at, "reason": task.reason,
        "state": "" if task.done_at is None else "done", "codes": variant.codes if task.done_at is None else [],
    }  # fmt: skip
