"""How a promise reads on a badge: what is left, and how worried to be."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from django.utils import formats
from django.utils.translation import gettext as _

WARN_WITHIN = timedelta(hours=1)
COUNT_WITHIN = timedelta(hours=4)
MINUS = "\u2212"


@dataclass(frozen=True)
class Due:
    """A due time in words; `tone` is stop when late, warn within the hour, else empty."""

    text: str
    tone: str
    clock: str
    iso: str
    counts: bool

    def __str__(self) -> str:
        return self.text


def due_words(when: datetime, *, now: datetime, zone: tzinfo) -> Due:
    """Say how long an associate still has: "24 min", "1 h 10", "−14 min" or "Tue 10:30"."""
    left = when - now
    local = when.astimezone(zone)
    counts = left <= COUNT_WITHIN or local.date() == now.astimezone(zone).date()
    return Due(
        text=_count(left) if counts else _calendar(local, now=now),
        tone=_tone(left),
        clock=_clock(local, now=now.astimezone(zone)),
        iso=when.astimezone(UTC).isoformat(timespec="seconds"),
        counts=counts,
    )


def _tone(left: timedelta) -> str:
    if left < timedelta(0):
        return "stop"
    return "warn" if left <= WARN_WITHIN else ""


def _count(left: timedelta) -> str:
    minutes = int(abs(left).total_seconds() // 60)
    if minutes == 0:
        return _("now")
    sign = MINUS if left < timedelta(0) else ""
    hours, rest = divmod(minutes, 60)
    if hours == 0:
        return sign + _("%(minutes)d min") % {"minutes": minutes}
    if hours < 24:
        return sign + _("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": rest}
    return sign + _("%(days)d d") % {"days": hours // 24}


def _calendar(local: datetime, *, now: datetime) -> str:
    near = local - now < timedelta(days=6)
    return formats.date_format(local, "D H:i" if near else "M j")


def _clock(local: datetime, *, now: datetime) -> str:
    today = local.date() == now.date()
    return formats.date_format(local, "H:i" if today else "D H:i")
