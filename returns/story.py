"""One sentence for each thing that can happen to a return, as people in a store say it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omni.core.ui.words import money_words
from orders.told_by_others import lend_sentence
from returns import events
from returns.models import Disposition
from returns.words import of_rows

Payload = Mapping[str, Any]
Told = tuple[str, str, str]


def lend_sentences() -> None:
    """The order's timeline tells of its returns in these words."""
    for topic, tell in TELL.items():
        lend_sentence(topic, tell, grows="return" if topic == events.AUTHORIZED else "")


def _at(words: Any, payload: Payload) -> str:
    place = payload.get("location_name")
    return _("%(what)s at %(store)s") % {"what": words, "store": place} if place else str(words)


def _note(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _plain(words: Any, tone: str = "") -> Callable[[Payload, str], Told]:
    return lambda payload, items: (_at(words, payload), _note(items, str(payload.get("reason") or "")), tone)


def _authorized(payload: Payload, items: str) -> Told:
    by_mail = payload["channel"] == "mail"
    words = _("Return announced: %s") if by_mail else _("Return %s begun")
    return _at(words % payload["return"], payload), items, ""


def _asked(payload: Payload, items: str) -> Told:
    return _("Return %s waits for a lead") % payload["return"], " ".join(of_rows(payload["asks"])), "warn"


def _approved(payload: Payload, items: str) -> Told:
    return _("Return %s approved by a second person") % payload["return"], " ".join(of_rows(payload["asks"])), "info"


def _received(payload: Payload, items: str) -> Told:
    names = dict(Disposition.choices)
    what = ", ".join(
        f"{line['quantity']} × {line['grade']}: {names.get(line['disposition'], line['disposition'])}"
        for line in payload["lines"]
    )
    return _at(_("Returned"), payload), _note(items, what), "info"


def _refunded(payload: Payload, items: str) -> Told:
    amount = money_words(payload["amount"], currency=payload["currency"])
    return _("%s given back for the return") % amount, items, "done"


def _exchanged(payload: Payload, items: str) -> Told:
    if payload.get("replaces"):
        return _("Replacement for order %s") % payload["replaces"], _note(items), "info"
    return _("Exchanged: order %s replaces it") % payload["replacement"], items, "done"


def _regraded(payload: Payload, items: str) -> Told:
    names = dict(Disposition.choices)
    line = payload["lines"][0]
    change = _("%(before)s, %(before_way)s → %(after)s, %(after_way)s") % {
        "before": payload["from_grade"], "before_way": names.get(payload["from_disposition"], ""),
        "after": line["grade"], "after_way": names.get(line["disposition"], ""),
    }  # fmt: skip
    return _at(_("Graded anew"), payload), _note(items, change, payload.get("note", "")), ""


TELL: dict[str, Callable[[Payload, str], Told]] = {
    events.AUTHORIZED: _authorized,
    events.APPROVAL_ASKED: _asked,
    events.APPROVED: _approved,
    events.RECEIVED: _received,
    events.REFUNDED: _refunded,
    events.EXCHANGED: _exchanged,
    events.REFUSED: _plain(gettext_lazy("Return refused"), "stop"),
    events.CANCELLED: _plain(gettext_lazy("Return given up")),
    events.REGRADED: _regraded,
    events.LABELLED: _plain(gettext_lazy("Return label made")),
}
