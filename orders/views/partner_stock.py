"""A partner tells its stock by hand: a file in, and what became of it, row by row."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inventory.feed_files import SHELVES
from inventory.models import Feed, Snapshot
from inventory.models.snapshot import Outcome
from inventory.operations.receive_snapshot import receive_snapshot
from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from orders.partner_forms import StockForm
from orders.views.partner_door import agreement, at_partner

LATEST, SHOWN = 10, 200
TONES = {"done": "done", "stopped": "stop"}
WORDS = {Outcome.BOOKED: "info", Outcome.APPROVED: "info", Outcome.REVIEW: "warn", Outcome.REFUSED: "",
         Outcome.EXPLAINED: "done", Outcome.OUTDATED: ""}  # fmt: skip


@at_partner
@require_http_methods(["GET", "POST"])
def stock(request: StoreRequest) -> HttpResponse:
    """Upload a file of everything that lies there now, and look at the latest ones."""
    feed = _feed(request)
    form = StockForm(request.POST or None, request.FILES or None) if request.method == "POST" else StockForm()
    status = 422 if form.is_bound else 200
    if feed is not None and form.is_bound and form.is_valid():
        try:
            snapshot = _take_in(request, feed, form.cleaned_data["file"])
        except Refusal as refusal:
            form.add_error("file", str(refusal))
            status = refusal.status
        else:
            messages.success(request, _("We have your file. What became of it is below."))
            return redirect("orders:partner_snapshot", snapshot.public_id)
    latest = list(feed.snapshots.order_by("-created_at")[:LATEST]) if feed else []
    columns = [feed.column(each) for each in SHELVES.needed] if feed else []
    return render(request, "orders/partner_stock.html", {
        "feed": feed, "form": form, "location": request.location, "columns": columns,
        "latest": [_row(each) for each in latest],
    }, status=status)  # fmt: skip


@at_partner
def snapshot(request: StoreRequest, snapshot_id: Any) -> HttpResponse:
    """What became of one file: taken over, explained, waiting for HQ, bad rows; units that we had wrong."""
    feed = _feed(request)
    found = get_object_or_404(Snapshot.objects.filter(feed=feed) if feed else Snapshot.objects.none(),
                              public_id=snapshot_id)  # fmt: skip
    rows = found.rows.exclude(outcome="").filter(location=request.location).select_related("variant__product")
    drift = [
        {"row": row, "tone": WORDS.get(Outcome(row.outcome), ""), "title": row.variant.title}
        for row in rows.order_by("line", "pk")[:SHOWN]
    ]
    counts = found.outcome_counts()
    return render(request, "orders/partner_snapshot.html", {
        **_row(found), "drift": drift, "location": request.location, "different": sum(counts.values()) - counts["same"],
        "same": counts["same"], "waiting": counts.get("review", 0), "problems": list(found.problems.all()[:SHOWN]),
        "taken": counts.get("booked", 0) + counts.get("approved", 0), "more": len(drift) == SHOWN,
    })  # fmt: skip


def _feed(request: StoreRequest) -> Feed | None:
    """Its own; one that may speak of other places, too, is not for a partner's hands."""
    agreed = agreement(request)
    feed = agreed.feed if agreed else None
    return feed if feed is not None and feed.is_active and feed.location_id == request.location.pk else None


def _take_in(request: StoreRequest, feed: Feed, file: Any) -> Snapshot:
    now = timezone.now()
    return receive_snapshot(
        feed=feed, chunks=file.chunks(), name=file.name, as_of=now, location_code=request.location.code,
        by=Actor.of(request.user), now=now,
    )  # fmt: skip


def _row(each: Snapshot) -> dict[str, Any]:
    return {"snapshot": each, "tone": TONES.get(each.status, "info")}
