"""Numbers, money and local time as people in stores read them."""

from datetime import datetime, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "MXN": "MX$", "JPY": "¥"}
EXPONENTS = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "VND": 0, "BHD": 3, "JOD": 3, "KWD": 3, "TND": 3}


def money_words(amount: Decimal | int | str, *, currency: str) -> str:
    """Write an amount with its currency and as many decimals as that currency has (ISO 4217)."""
    value = Decimal(amount)
    digits = formats.number_format(abs(value), EXPONENTS.get(currency, 2), use_l10n=True, force_grouping=True)
    sign = "\u2212" if value < 0 else ""
    if currency in SIGNS:
        return f"{sign}{SIGNS[currency]}{digits}"
    return f"{sign}{digits}\u00a0{currency}"


def unit_words(quantity: int) -> str:
    """Say "1 unit" or "3 units"."""
    return ngettext("%(count)s unit", "%(count)s units", quantity) % {
        "count": formats.number_format(quantity, use_l10n=True, force_grouping=True)
    }


def signed(units: int) -> str:
    """Say how many more or fewer: "+3", "−2"."""
    return f"+{units:,}" if units > 0 else f"{units:,}".replace("-", "−")


def zone_of(place: object) -> tzinfo:
    """Find the clock on the wall of a location; a zone or its name is taken as it is."""
    zone = getattr(place, "timezone", place)
    if isinstance(zone, tzinfo):
        return zone
    return ZoneInfo(str(zone)) if zone else timezone.get_current_timezone()


def local_words(when: datetime, *, zone: tzinfo, now: datetime) -> str:
    """Say when something happened on the store's clock, with the day once it was not today."""
    local, today = when.astimezone(zone), now.astimezone(zone).date()
    if local.date() == today:
        return formats.date_format(local, "H:i")
    return formats.date_format(local, "M j, H:i" if local.year == today.year else "M j, Y, H:i")


def zone_words(when: datetime, *, zone: tzinfo) -> str:
    """What the clock of a place is called at that moment: "CST", "UTC", "UTC-03"."""
    name = when.astimezone(zone).tzname() or "UTC"
    return name if name[0].isalpha() else f"UTC{name}"


def named_words(when: datetime, *, zone: tzinfo, now: datetime) -> str:
    """The same for who is somewhere else, or reads of many places: "14:05 CST"."""
    return f"{local_words(when, zone=zone, now=now)} {zone_words(when, zone=zone)}"


def ago_words(when: datetime, *, now: datetime) -> str:
    """Say how long somebody has waited: "now", "4 min", "1 h 40"."""
    minutes = max(0, int((now - when).total_seconds() // 60))
    if minutes == 0:
        return _("now")
    hours, rest = divmod(minutes, 60)
    if hours == 0:
        return _("%(minutes)d min") % {"minutes": rest}
    if hours < 24:
        return _("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": rest}
    return _("%(days)d d") % {"days": hours // 24}


MILES_IN = {"US", "GB", "LR", "MM"}
KM_PER_MILE = 1.609344


def distance_words(km: float | None, *, country: str) -> str:
    """How far, in the customs of a country: "0.4 mi", "12 mi", "19 km"; nothing where it is not known."""
    if km is None:
        return ""
    miles = country in MILES_IN
    far = km / KM_PER_MILE if miles else km
    shown = formats.number_format(far, 1 if far < 10 else 0, use_l10n=True)
    return (_("%s mi") if miles else _("%s km")) % shown
