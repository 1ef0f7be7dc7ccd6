"""A snapshot in numbers and pictures: what became of its rows, how large the differences are, and where they lie."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Case, Count, IntegerField, Q, Sum, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.models import Snapshot
from inventory.models.feed_file import FeedFile, ProblemKind
from inventory.models.snapshot import Outcome
from omni.core.hq.show import list_url
from omni.core.ui.words import money_words

PICTURED = 10  # locations in the picture
LINES_SHOWN = 5  # lines of bad rows that are named for each problem

# What a row of the picture is called, which outcomes it means, and its tone.
SHARES = (
    (gettext_lazy("As expected"), (Outcome.SAME,), "done"),
    (gettext_lazy("Booked"), (Outcome.BOOKED, Outcome.APPROVED), "info"),
    (gettext_lazy("Explained"), (Outcome.EXPLAINED,), "done"),
    (gettext_lazy("Waiting for a person"), (Outcome.REVIEW,), "warn"),
    (gettext_lazy("Refused by a person"), (Outcome.REFUSED,), ""),
    (gettext_lazy("Known better since"), (Outcome.OUTDATED,), ""),
)
# The least difference of each column from the second on; the first holds all below.
STEPS = (-99, -19, -5, -1, 1, 2, 6, 20, 100)
TICKS = ("−100", "−20", "−6", "−2", "−1", "+1", "+2", "+6", "+20", "+100")
SPANS = (
    gettext_lazy("100 or more missing"), gettext_lazy("20 to 99 missing"), gettext_lazy("6 to 19 missing"),
    gettext_lazy("2 to 5 missing"), gettext_lazy("1 missing"), gettext_lazy("1 too many"),
    gettext_lazy("2 to 5 too many"), gettext_lazy("6 to 19 too many"), gettext_lazy("20 to 99 too many"),
    gettext_lazy("100 or more too many"),
)  # fmt: skip
WEIGHTY = (Outcome.BOOKED, Outcome.APPROVED, Outcome.REVIEW)


@dataclass(frozen=True)
class Sums:
    """Of the rows of one outcome: how many, units up and down, and their value."""

    rows: int = 0
    up: int = 0
    down: int = 0
    value_up: Decimal = Decimal(0)
    value_down: Decimal = Decimal(0)

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.rows + other.rows, self.up + other.up, self.down + other.down,
                    self.value_up + other.value_up, self.value_down + other.value_down)  # fmt: skip


def outcomes(snapshot: Snapshot) -> dict[str, Sums]:
    """Each outcome that occurs, in one query along the index of what is not as expected."""
    more, less = Q(difference__gt=0), Q(difference__lt=0)
    found = snapshot.rows.exclude(outcome=Outcome.SAME).values("outcome").order_by("outcome").annotate(
        n=Count("pk"), up=Sum("difference", filter=more), down=Sum("difference", filter=less),
        value_up=Sum("value", filter=more), value_down=Sum("value", filter=less),
    )  # fmt: skip
    sums = {
        row["outcome"]: Sums(row["n"], row["up"] or 0, -(row["down"] or 0), row["value_up"] or Decimal(0),
                             row["value_down"] or Decimal(0))
        for row in found
    }  # fmt: skip
    different = sum(each.rows for each in sums.values())
    return sums | {Outcome.SAME: Sums(max(0, snapshot.compared_count - different))}


def total(sums: dict[str, Sums], *wanted: str) -> Sums:
    return sum((sums.get(each, Sums()) for each in wanted), Sums())


def share_rows(snapshot: Snapshot, sums: dict[str, Sums]) -> list[dict[str, Any]]:
    """The picture of all rows by what became of them; each leads to the rows behind it."""
    rows = [
        _bar(label, total(sums, *wanted).rows, tone,
             rows_url(snapshot, outcome="booked" if Outcome.BOOKED in wanted else wanted[0]) if wanted[0] else "")
        for label, wanted, tone in SHARES
    ]  # fmt: skip
    rows.append(_bar(_("Bad"), snapshot.bad_count, "stop", "#bad" if snapshot.bad_count else ""))
    return [row for row in rows if row["value"]]


def rows_url(snapshot: Snapshot, **more: Any) -> str:
    """HQ's list of this snapshot's differences."""
    return list_url("inventory.snapshotrow", snapshot=snapshot.pk, **more)


def _bar(label: Any, count: int, tone: str, url: str) -> dict[str, Any]:
    return {"label": label, "value": count, "shown": intcomma(count), "tone": tone, "url": url}


def histogram(snapshot: Snapshot) -> dict[str, Any] | None:
    """How many differences are how large; None where there is none."""
    column = Case(*(When(difference__lt=step, then=Value(n)) for n, step in enumerate(STEPS)),
                  default=Value(len(STEPS)), output_field=IntegerField())  # fmt: skip
    rows = snapshot.rows.exclude(outcome=Outcome.SAME).exclude(difference=0)
    found = dict(rows.annotate(at=column).values("at").order_by("at").values_list("at", Count("pk")))
    if not found:
        return None
    values = [found.get(n, 0) for n in range(len(TICKS))]
    return {"values": values, "ticks": TICKS,
            "numbers": [(span, intcomma(value)) for span, value in zip(SPANS, values, strict=True)]}  # fmt: skip


def locations(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Where the most value was booked or waits, the greatest first; each leads to its rows."""
    rows = snapshot.rows.filter(outcome__in=WEIGHTY, difference__isnull=False).exclude(difference=0)
    found = rows.values("location__code", "location__name").annotate(worth=Sum("value"), n=Count("pk"))
    return [
        {
            "label": f"{row['location__code']} {row['location__name']}", "value": row["worth"],
            "shown": _("%(value)s · %(rows)s rows")
            % {"value": money_words(row["worth"], currency="USD"), "rows": intcomma(row["n"])},
            "url": rows_url(snapshot, outcome="all", at=row["location__code"]),
        }
        for row in found.order_by("-worth", "location__code")[:PICTURED]
    ]  # fmt: skip


def problems(snapshot: FeedFile) -> list[dict[str, Any]]:
    """The bad rows by what is wrong with them, with the first lines of each."""
    found = snapshot.problems.order_by().values("kind").annotate(n=Count("pk")).order_by("-n", "kind")
    words, lines = dict(ProblemKind.choices), snapshot.problems.order_by("line").values_list("line", "reason")
    return [
        {
            "kind": words.get(row["kind"], row["kind"]), "count": row["n"],
            "lines": lines.filter(kind=row["kind"])[:LINES_SHOWN],
        }
        for row in found
    ]  # fmt: skip
