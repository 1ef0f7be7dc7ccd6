"""A person decides about differences too large to book by themselves: one by one, or all that a filter shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from inventory import events
from inventory.models import SnapshotRow, StockLevel
from inventory.models.snapshot import Cause, Outcome
from inventory.operations.compare_snapshot import Verdict, Weighed, book, weigh, write_verdicts
from inventory.operations.know_moments import lock_locations
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid

AT_ONCE = 500


@dataclass(frozen=True)
class Filter:
    """Which of the waiting differences: of a source, a location, a cause, a least value, a least age, a direction."""

    feed: str = ""
    snapshot: int | None = None
    location: str = ""
    cause: str = ""
    least_value: Decimal | None = None
    older_than: timedelta | None = None
    direction: str = ""  # "more" or "less" than expected

    def of(self, rows, now: datetime):
        """Those of `rows` that it means."""
        wanted = Q()
        for name, value in (
            ("snapshot__feed__code", self.feed), ("snapshot", self.snapshot), ("location__code", self.location),
            ("cause", self.cause), ("value__gte", self.least_value),
        ):  # fmt: skip
            if value not in ("", None):
                wanted &= Q(**{name: value})
        if self.older_than:
            since = now - self.older_than
            wanted &= Q(in_question_since__lte=since) | Q(in_question_since=None, snapshot__as_of__lte=since)
        if self.direction:
            wanted &= Q(difference__gt=0) if self.direction == "more" else Q(difference__lt=0)
        return rows.filter(wanted)


def decide_all(
    *, chosen: Filter, within, approve: bool, reason: str, by: Actor, now: datetime, most: int | None = None
) -> int:
    """Decide about everything that the filter shows now, in slices; `within` are the locations of this person.

    With `most` only about so many, those of the greatest value.
    """
    rows = chosen.of(SnapshotRow.objects.waiting().filter(location__in=within), now)
    ids, decided = list(rows.values_list("pk", flat=True)[:most]), 0
    for start in range(0, len(ids), AT_ONCE):
        decided += decide_differences(
            ids=ids[start : start + AT_ONCE], within=within, approve=approve, reason=reason, by=by, now=now
        )
    return decided


@retried
@operation
def decide_differences(*, ids: Sequence[int], within, approve: bool, reason: str, by: Actor, now: datetime) -> int:
    """Approve: the difference, as it is by now, is booked. Refuse: the ledger stays. Returns how many were decided;
    what somebody decided meanwhile, or a later count answered, is left alone."""
    reason = reason.strip()[:200]
    if not reason:
        raise Invalid("reason_required", _("Say why."))
    asked = SnapshotRow.objects.filter(pk__in=ids, outcome=Outcome.REVIEW, location__in=within)
    lock_locations(asked.values_list("location_id", flat=True), alone=True)
    rows = list(asked.select_related("snapshot__feed").select_for_update(of=("self",)).order_by("pk"))
    StockLevel.objects.lock((row.variant_id, row.location_id) for row in rows)
    for snapshot in {row.snapshot_id: row.snapshot for row in rows}.values():
        mine = [row.pk for row in rows if row.snapshot_id == snapshot.pk]
        found = weigh(snapshot, mine)
        causes = {row.pk: row.cause for row in rows}
        verdicts = {each.pk: _verdict(each, approve, causes[each.pk]) for each in found}
        write_verdicts(found, verdicts)
        if approve:
            booked = [each for each in found if verdicts[each.pk].outcome == Outcome.APPROVED]
            book(snapshot, booked, by=by, now=now, reason=reason)
    SnapshotRow.objects.filter(pk__in=[row.pk for row in rows]).update(
        decided_at=now, decided_by=by.label, reason=reason
    )  # fmt: skip
    if rows:
        emit(events.DIFFERENCES_DECIDED, aggregate=("snapshot-rows", str(rows[0].pk)), by=by, payload={
            "rows": [row.pk for row in rows], "approved": approve, "reason": reason,
        })  # fmt: skip
    return len(rows)


def _verdict(found: Weighed, approve: bool, cause: str) -> Verdict:
    if found.is_outdated:
        return Verdict(Outcome.OUTDATED, Cause.LATER)
    return Verdict(Outcome.APPROVED if approve else Outcome.REFUSED, cause)
