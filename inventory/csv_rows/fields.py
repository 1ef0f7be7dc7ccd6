"""Single fields of a row: text in, a value out, or a sentence that names the column."""

from collections.abc import Collection
from datetime import time
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from inventory.csv_rows.reading import BadRow

MOST = 2_147_483_647  # what the database's integer holds
YES = {"1", "true", "yes", "y"}
NO = {"0", "false", "no", "n"}


def text(value: str, name: str, *, longest: int, required: bool = False) -> str:
    value = value.strip()
    if required and not value:
        raise BadRow(_("%s is empty.") % name)
    if len(value) > longest:
        raise BadRow(_("%(name)s is longer than %(longest)d characters.") % {"name": name, "longest": longest})
    return value


def whole(value: str, name: str, *, least: int = 0, most: int = MOST) -> int | None:
    """A whole number; None where the field is empty."""
    value = value.strip()
    if not value:
        return None
    digits = value.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 12:
        raise BadRow(_("%(name)s is no whole number: %(value)s.") % {"name": name, "value": value[:40]})
    number = int(value)
    if not least <= number <= most:
        raise BadRow(
            _("%(name)s is not between %(least)d and %(most)d.") % {"name": name, "least": least, "most": most}
        )
    return number


def amount(value: str, name: str) -> Decimal | None:
    """An amount of money with at most four decimals; None where the field is empty."""
    value = value.strip()
    if not value:
        return None
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise BadRow(_("%(name)s is no amount: %(value)s.") % {"name": name, "value": value[:40]}) from error
    if not number.is_finite() or not 0 <= number < 10**10 or number != round(number, 4):
        raise BadRow(_("%(name)s is no amount between 0 and ten billion with at most four decimals.") % {"name": name})
    return number


def flag(value: str, name: str, *, default: bool) -> bool:
    value = value.strip().lower()
    if value in YES | NO:
        return value in YES
    if value:
        raise BadRow(_("%(name)s is yes or no, not %(value)s.") % {"name": name, "value": value[:40]})
    return default


def one_of(value: str, name: str, choices: Collection[str], *, default: str) -> str:
    value = value.strip().lower() or default
    if value not in choices:
        raise BadRow(_("%(name)s is one of %(choices)s.") % {"name": name, "choices": ", ".join(choices)})
    return value


def degrees(value: str, name: str, *, most: float) -> float | None:
    """A latitude or longitude; None where the field is empty."""
    value = value.strip()
    if not value:
        return None
    try:
        number = float(value)
    except ValueError as error:
        raise BadRow(_("%(name)s is no number: %(value)s.") % {"name": name, "value": value[:40]}) from error
    if not -most <= number <= most:
        raise BadRow(_("%(name)s is not between -%(most)d and %(most)d.") % {"name": name, "most": most})
    return number


def clock(value: str, name: str) -> time | None:
    """HH:MM; None where the field is empty."""
    value = value.strip()
    if not value:
        return None
    try:
        return time.fromisoformat(value) if len(value) == 5 else _no_time(value, name)
    except ValueError:
        return _no_time(value, name)


def _no_time(value: str, name: str) -> time:
    raise BadRow(_("%(name)s is no time such as 17:30: %(value)s.") % {"name": name, "value": value[:40]})
