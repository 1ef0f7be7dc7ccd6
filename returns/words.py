"""The sentences of a policy's codes, as they are said at the desk."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from returns.policy import Because


def sentence(code: str, facts: Mapping[str, Any]) -> str:
    """Why not, or why somebody else must decide; a code of another release is said as it is."""
    say = _SENTENCES.get(code)
    return say(facts) if say else code.replace("_", " ").capitalize()


def sentences(reasons: Iterable[Because]) -> list[str]:
    return [sentence(reason.code, reason.facts) for reason in reasons]


def as_rows(reasons: Iterable[Because]) -> list[dict[str, Any]]:
    """Reasons as JSON keeps them."""
    return [
        {"code": reason.code, **{name: _plain(value) for name, value in reason.facts.items()}} for reason in reasons
    ]


def of_rows(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """The sentences of kept reasons."""
    return [sentence(row["code"], row) for row in rows]


def _plain(value: object) -> object:
    return value if isinstance(value, (int, str)) else str(value)


def _window_over(facts: Mapping[str, Any]) -> str:
    last = facts["last"]
    day = last if isinstance(last, date) else date.fromisoformat(str(last))
    return ngettext(
        "The %(days)d days ended on %(last)s, %(over)d day ago.",
        "The %(days)d days ended on %(last)s, %(over)d days ago.", facts["over"],
    ) % {"days": facts["days"], "last": formats.date_format(day, "M j, Y"), "over": facts["over"]}  # fmt: skip


_SENTENCES: dict[str, Any] = {
    "not_fulfilled": lambda facts: _("It was not handed over or shipped yet: cancel it instead."),
    "in_other_return": lambda facts: _("It is in return %s already.") % facts["return"],
    "wrong_serial": lambda facts: _("Serial number %s is not the one that was sold.") % facts["serial"],
    "serial_needed": lambda facts: _("Scan the serial number: it must be the one that was sold."),
    "no_policy": lambda facts: _("No return policy covers this item."),
    "final_sale": lambda facts: _("Final sale: it cannot be returned."),
    "window_over": _window_over,
    "condition": lambda facts: _("Condition %(grade)s: accepted are %(lowest)s and better.")
    % {"grade": facts["grade"], "lowest": facts["lowest"]},
    "amount": lambda facts: _("More than %s goes back: a second person approves it.") % facts["limit"],
    "often": lambda facts: _("This customer returned %(count)d times in %(days)d days.")
    % {"count": facts["count"], "days": facts["days"]},
    "much": lambda facts: _("This customer returned goods for %(amount)s in %(days)d days.")
    % {"amount": facts["amount"], "days": facts["days"]},
    "no_receipt": lambda facts: _("There is no receipt."),
    "same_id_often": lambda facts: ngettext(
        "%(count)d return without receipt by the same ID in 90 days.",
        "%(count)d returns without receipt by the same ID in 90 days.", facts["count"],
    ) % {"count": facts["count"]},
}  # fmt: skip
