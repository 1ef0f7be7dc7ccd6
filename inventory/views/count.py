"""Count one item without knowing how many there should be; the difference is booked."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inventory import shelves
from inventory.forms import CountForm
from inventory.looks import look
from inventory.models import CountSession, CycleCount
from inventory.operations.count import count_item, shelf_mark
from inventory.operations.count_session import count_listed
from inventory.places import StoreRequest, may
from omni.core.actors import Actor
from omni.core.kept import is_kept_act, kept_offline
from omni.core.web import at_location

LIST = "inventory:counts"
SHOWN = 100


@kept_offline
@at_location(capability="count")
def counts(request: StoreRequest) -> HttpResponse:
    """What waits to be counted, as a walk along the shelves."""
    tasks = list(CycleCount.objects.open_at(request.location).with_shelf()[: SHOWN + 1])
    shown = sorted(tasks[:SHOWN], key=lambda task: (shelves.walk(task.aisle, task.bin), task.pk))  # type: ignore[attr-defined]
    context = {
        "rows": [_row(task) for task in shown], "more": len(tasks) > SHOWN,
        "leads": may(request.user, "staff", request.location), "running": _running(request),
    }  # fmt: skip
    return render(request, "inventory/counts.html", context)


@require_POST
@at_location(capability="staff")
def count_together(request: StoreRequest) -> HttpResponse:
    """One count of all that is on the list now, for several people at once."""
    tasks = CycleCount.objects.open_at(request.location).values_list("pk", flat=True)[:SHOWN]
    begun = count_listed(location=request.location, tasks=list(tasks), by=Actor.of(request.user), now=timezone.now())
    return redirect("inventory:count_session", begun.pk)


@kept_offline
@at_location(capability="count")
def count_one(request: StoreRequest, task_id: int) -> HttpResponse:
    """Count one item; what was expected is told only afterwards."""
    tasks = CycleCount.objects.filter(location=request.location).with_shelf()
    task = get_object_or_404(tasks, pk=task_id)
    form = CountForm(request.POST or None)
    if form.is_valid():
        entry = form.cleaned_data
        done = count_item(
            cycle_count_id=task.pk, counted=entry["quantity"], by=Actor.of(request.user), now=timezone.now(),
            key=entry["scan_key"], seen=(entry["seen"] or None) if is_kept_act(request) else None,
        )  # fmt: skip
        _tell(request, task, done)
        return redirect(LIST)
    if task.done_at is not None:
        messages.info(request, _("Somebody has counted this item already."))
        return redirect(LIST)
    context = {"form": form, "row": _row(task), "seen": shelf_mark(task)}
    return render(request, "inventory/count.html", context, status=422 if form.is_bound else 200)


def _running(request: StoreRequest) -> CountSession | None:
    """A count of such a list that is at work."""
    return CountSession.objects.open_at(request.location).exclude(items=[]).first()


def _tell(request: StoreRequest, task: CycleCount, done: CycleCount) -> None:
    difference = (done.counted_quantity or 0) - (done.expected_quantity or 0)
    if difference == 0:
        level, said = messages.SUCCESS, _("Counted %(count)d of %(item)s, as expected.")
    elif difference < 0:
        level, said = (
            messages.WARNING,
            _("Counted %(count)d of %(item)s, %(n)d fewer than expected. Stock is corrected."),
        )
    else:
        level, said = (
            messages.WARNING,
            _("Counted %(count)d of %(item)s, %(n)d more than expected. Stock is corrected."),
        )
    words = {"item": task.variant.title, "count": done.counted_quantity, "n": abs(difference)}
    messages.add_message(request, level, said % words)


def _row(task: CycleCount) -> dict:
    variant = task.variant
    return {
        "id": task.pk, "bin": shelves.label(task.aisle, task.bin) or _("No bin"), "sku": variant.sku,  # type: ignore[attr-defined]
        "reasons": task.words, "raised_at": task.raised_at,
        **look(variant.title, variant.options, variant.product.category),
    }  # fmt: skip
