"""One sentence for each thing that can happen to an order, as people in a store say it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.models import Location, ReasonCode
from omni.core.models import Event, StateChange
from omni.core.ui.words import local_words, money_words, unit_words
from orders import events
from orders.models import AgeRefusal, FulfillmentOrder, HandOver, Order, OrderException, PickupChoice, Refund
from orders.models.fulfillment_order import FREE, Status
from orders.told_by_others import sentence_of

CUSTOMER = "customer"


class Story:
    """Knows the names of one order's stores, items and hand-overs; times in notes are on the store's clock."""

    def __init__(self, *, order: Order, works: Sequence[FulfillmentOrder], now: datetime) -> None:
        self.now = now
        self.works = {work.number: work for work in works}
        self.places = {work.location.code: work.location for work in works}
        self.elsewhere: dict[str, str] = {}
        self.hand_overs = {handed.pk: handed for work in works for handed in work.hand_overs.all()}
        self.payments = {payment.pk: payment.words for payment in order.payments.all()}
        self.titles = {line.reference: line.title for line in order.lines.all()}
        self.titles |= {line.sku: line.title for line in order.lines.all()}

    def of_move(self, move: StateChange, work: FulfillmentOrder) -> dict:
        given_back = move.to_status in FREE
        words = _("Given back to the queue") if given_back else _MOVES.get(move.to_status, move.to_status)
        return {
            "title": _at(words, work.location), "at": move.at, "by": who(move.actor),
            "tone": "" if given_back else "info", "note": "" if given_back else move.reason,
        }  # fmt: skip

    def of_event(self, event: Event) -> dict:
        if lent := sentence_of(event.topic):
            title, note, tone = lent(event.payload, self.items(event.payload))
        else:
            title, note, tone = _TELL.get(event.topic, _unknown)(self, event.payload, event)
        return {"title": title, "note": note, "tone": tone, "at": event.occurred_at, "by": who(event.actor)}

    def place(self, payload: dict) -> Location | None:
        work = self.works.get(payload.get("fulfillment_order", ""))
        return work.location if work else self.places.get(payload.get("location", ""))

    def place_name(self, code: str) -> str:
        """Also of a location that has nothing of the order any more."""
        if code in self.places:
            return self.places[code].name
        if code not in self.elsewhere:
            self.elsewhere[code] = Location.everywhere.filter(code=code).values_list("name", flat=True).first() or code
        return self.elsewhere[code]

    def items(self, payload: dict) -> str:
        """Which items: "2 × Linen shirt, M, Sand; 1 × Mug"."""
        lines = payload.get("lines") or ([payload] if "quantity" in payload else [])
        return "; ".join(f"{line['quantity']} × {self.title(line)}" for line in lines)

    def title(self, line: dict) -> str:
        return self.titles.get(line.get("reference", "")) or self.titles.get(line["sku"], line["sku"])

    @cached_property
    def reasons(self) -> dict[str, str]:
        return dict(ReasonCode.objects.values_list("code", "label"))

    def clock(self, text: str | None, place: Location | None) -> str:
        if not text or place is None:
            return ""
        return local_words(datetime.fromisoformat(text), zone=place.zone, now=self.now)


def who(actor: str) -> str:
    """An actor's label as a person reads it."""
    kind, _colon, name = actor.partition(":")
    if kind == "key":
        return _("%s (online)") % name
    if actor == CUSTOMER:
        return _("The customer")
    return "" if kind == "system" else actor


Told = tuple[Any, str, str]
Tell = Callable[[Story, dict, Event], Told]


def _at(words: Any, place: Location | None) -> str:
    return _("%(what)s at %(store)s") % {"what": words, "store": place.name} if place else str(words)


def _placed(story: Story, payload: dict, event: Event) -> Told:
    amount = money_words(payload["total"], currency=payload["currency"])
    units = unit_words(sum(line["quantity"] for line in payload["lines"]))
    return _("Order placed"), f"{units} · {amount}", ""


def _cancelled(story: Story, payload: dict, event: Event) -> Told:
    return _("Cancelled"), _with_reason(story.items(payload), payload.get("reason", "")), "stop"


def _held(story: Story, payload: dict, event: Event) -> Told:
    kind = dict(Order.Hold.choices).get(payload["kind"], payload["kind"])
    return _("Put on hold: %s") % kind, payload.get("note", ""), "warn"


def _there(words: Any, tone: str = "") -> Tell:
    """Something happened at a store, to these items."""
    return lambda story, payload, event: (_at(words, story.place(payload)), story.items(payload), tone)


def _plain(words: Any, tone: str = "") -> Tell:
    """Something happened to the order, wherever."""
    return lambda story, payload, event: (str(words), story.items(payload), tone)


def _released(story: Story, payload: dict, event: Event) -> Told:
    place = story.place(payload)
    if payload.get("method") == "ship" and payload.get("kind") == "store":
        until = story.clock(payload.get("confirm_by"), place)
        return _("Offered to %s") % (place.name if place else ""), _("To accept by %s") % until if until else "", ""
    return _at(_("In the queue"), place), _("Due %s") % story.clock(payload.get("due_at"), place), ""


def _timed_out(story: Story, payload: dict, event: Event) -> Told:
    note = _with_reason(payload.get("reason", ""), _("nobody else has it, it stays") if payload.get("stays") else "")
    return _at(_("Not accepted"), story.place(payload)), note, "warn"


def _missed(story: Story, payload: dict, event: Event) -> Told:
    place = story.place(payload)
    return _at(_("Missed its carrier"), place), story.clock(payload.get("cutoff_at"), place), "stop"


def _declined(story: Story, payload: dict, event: Event) -> Told:
    return _at(_("Declined"), story.place(payload)), payload.get("reason", ""), "warn"


def _promised(story: Story, payload: dict, event: Event) -> Told:
    works = [story.works[number] for number in payload["fulfillment_orders"] if number in story.works]
    places = ", ".join(dict.fromkeys(work.location.name for work in works))
    if payload.get("is_again"):
        return _("Planned again"), _("now from %s") % places if places else "", ""
    return _("Stock promised"), places, ""


def _moved(story: Story, payload: dict, event: Event) -> Told:
    """From where, what that saves, and which order it made room for or which one made room for it."""
    ends = [
        ", ".join(dict.fromkeys(story.place_name(code) for code in codes))
        for codes in ([line["to"] for line in payload["lines"]], [line["from"] for line in payload["lines"]])
    ]
    saving = Decimal(payload["saving"])
    said = {
        "place": ends[1], "amount": money_words(abs(saving), currency="USD"),
        "orders": ", ".join(payload.get("for") or payload.get("made_room", ())),
    }  # fmt: skip
    if saving < 0 and payload.get("for"):
        note = _("instead of %(place)s, for %(amount)s more: order %(orders)s needed what was there") % said
    elif saving < 0:
        note = _("instead of %(place)s, for %(amount)s more: what was there is needed more elsewhere") % said
    elif payload.get("made_room"):
        note = _("instead of %(place)s, saves %(amount)s: order %(orders)s made room for it") % said
    else:
        note = _("instead of %(place)s, saves %(amount)s") % said
    return _("Now comes from %s") % ends[0], note, ""


def _short(story: Story, payload: dict, event: Event) -> Told:
    reason = story.reasons.get(payload["reason"], payload["reason"])
    return _at(_("Missing"), story.place(payload)), _with_reason(story.items(payload), reason), "stop"


def _choice_made(story: Story, payload: dict, event: Event) -> Told:
    answer = dict(PickupChoice.Answer.choices).get(payload["answer"], payload["answer"])
    return _("The customer decided: %s") % answer, story.items(payload), "info"


def _staged(story: Story, payload: dict, event: Event) -> Told:
    place = story.place(payload)
    title = _("Ready on shelf %(shelf)s at %(store)s") % {
        "shelf": payload["shelf"],
        "store": place.name if place else "",
    }
    until = story.clock(payload.get("collect_by"), place) if payload.get("method") == "pickup" else ""
    return title, _("Kept until %s") % until if until else "", "done"


def _handed_over(story: Story, payload: dict, event: Event) -> Told:
    checks = dict(HandOver.Check.choices)
    handed = story.hand_overs.get(payload["hand_over_id"])
    how = [str(checks.get(payload["checked_by"], payload["checked_by"]))]
    if handed:
        how += [text for text in (handed.collector_name, handed.note) if text]
    how += _age(payload)
    return _at(_("Handed over"), story.place(payload)), _with_reason(story.items(payload), ": ".join(how)), "done"


def _carried_out(story: Story, payload: dict, event: Event) -> Told:
    amount = money_words(payload["amount"], currency=payload["currency"])
    asked = [_("%s asked from the payment") % amount] if Decimal(payload["amount"]) else []
    note = ": ".join([*_age(payload), *asked])
    return _at(_("Carried out"), story.place(payload)), _with_reason(story.items(payload), note), "done"


def _age(payload: dict) -> list[str]:
    """How old whoever took it is at least, and how somebody knows."""
    age = payload.get("age_check")
    if not age:
        return []
    seen = dict(HandOver.Age.choices).get(age["how"], age["how"])
    return [_("over %(age)d (%(how)s)") % {"age": age["over"], "how": seen}]


def _collected(story: Story, payload: dict, event: Event) -> Told:
    amount = money_words(payload["amount"], currency=payload["currency"])
    return _("Hand-over is final"), _("%s asked from the payment") % amount, ""


def _shipped(story: Story, payload: dict, event: Event) -> Told:
    carrier = " ".join(filter(None, [payload.get("carrier"), payload.get("tracking_number")]))
    return _at(_("Shipped"), story.place(payload)), _with_reason(story.items(payload), carrier), "done"


def _money(words: Any, tone: str = "") -> Tell:
    """Money of one tender moved, or did not."""

    def tell(story: Story, payload: dict, event: Event) -> Told:
        amount = money_words(payload["amount"], currency=payload["currency"])
        tender = story.payments.get(payload["payment_id"], "")
        return words % {"amount": amount}, _with_reason(tender, payload.get("reason", "")), tone

    return tell


def _parcel(words: Any, tone: str = "") -> Tell:
    """Something happened to one parcel, wherever it is; with what is in it, and why."""

    def tell(story: Story, payload: dict, event: Event) -> Told:
        return str(words) % payload["shipment"], _with_reason(story.items(payload), payload.get("reason", "")), tone

    return tell


def _refund_requested(story: Story, payload: dict, event: Event) -> Told:
    amount = money_words(payload["amount"], currency=payload["currency"])
    cause = dict(Refund.Cause.choices).get(payload["cause"], payload["cause"])
    return _("%s is being given back") % amount, _with_reason(str(cause), payload.get("reason", "")), "info"


def _refunded(story: Story, payload: dict, event: Event) -> Told:
    amount = money_words(payload["amount"], currency=payload["currency"])
    if payload["to"] == "store_credit":
        return _("%s given as store credit") % amount, "", "done"
    return _("%s given back") % amount, story.payments.get(payload["payment_id"], ""), "done"


def _arrived(story: Story, payload: dict, event: Event) -> Told:
    bay = _("bay %s") % payload["bay"] if payload.get("bay") else ""
    car = " ".join(filter(None, [payload.get("car_color"), payload.get("car")]))
    early = "" if payload.get("is_ready") else _("before it was ready")
    return _at(_("Customer outside"), story.place(payload)), _with_reason(bay, _with_reason(car, early)), "info"


def _collector(story: Story, payload: dict, event: Event) -> Told:
    return (_("Collected by %s") % payload["name"] if payload["name"] else _("The customer collects it")), "", ""


def _substituted(story: Story, payload: dict, event: Event) -> Told:
    instead = payload.get("substitute", {})
    what = _("%(new)s instead of %(old)s") % {"new": instead.get("title", ""), "old": story.title(payload)}
    return _("Substitute taken"), f"{payload['quantity']} × {what}", "info"


def _age_refused(story: Story, payload: dict, event: Event) -> Told:
    reason = dict(AgeRefusal.Reason.choices).get(payload["reason"], payload["reason"])
    outcome = dict(AgeRefusal.Outcome.choices).get(payload["outcome"], payload["outcome"])
    title = _("Not handed over: only for people over %d") % payload["over"]
    return title, _with_reason(story.items(payload), f"{reason} · {outcome}"), "stop"


def _exception(story: Story, payload: dict, event: Event) -> Told:
    kind = dict(OrderException.Kind.choices).get(payload.get("kind", ""), "")
    return _("Needs HQ: %s") % kind, payload.get("detail", ""), "warn"


def _unknown(story: Story, payload: dict, event: Event) -> Told:
    """News that another release knows: said in its own words rather than hidden."""
    return event.topic.partition(".")[2].replace("_", " ").capitalize(), "", ""


def _with_reason(text: str, reason: str) -> str:
    return " · ".join(filter(None, [text, reason]))


_MOVES: dict[str, Any] = {Status.PICKING: gettext_lazy("Picking began")}
_TELL: dict[str, Tell] = {
    events.PLACED: _placed,
    events.CANCELLED: _cancelled,
    events.HELD: _held,
    events.UNHELD: _plain(gettext_lazy("Hold ended")),
    events.PROMISED: _promised,
    events.MOVED: _moved,
    events.RELEASED: _released,
    events.ACCEPTED: _there(gettext_lazy("Accepted")),
    events.DECLINED: _declined,
    events.OFFER_TIMED_OUT: _timed_out,
    events.CUTOFF_MISSED: _missed,
    events.SHORT_PICKED: _short,
    events.CHOICE_OFFERED: _plain(gettext_lazy("The customer is asked what to do"), "warn"),
    events.CHOICE_MADE: _choice_made,
    events.STAGED: _staged,
    events.WRONG_CODE: _plain(gettext_lazy("A wrong pickup code was tried"), "warn"),
    events.HANDED_OVER: _handed_over,
    events.HAND_OVER_UNDONE: _there(gettext_lazy("Hand-over undone"), "warn"),
    events.CARRIED_OUT: _carried_out,
    events.COLLECTED: _collected,
    events.PACKED: _parcel(gettext_lazy("Packed as parcel %s")),
    events.UNPACKED: _parcel(gettext_lazy("Parcel %s unpacked"), "warn"),
    events.LABEL_VOID_ASKED: _parcel(gettext_lazy("Label of parcel %s given back to the carrier")),
    events.ADDRESS_CHANGED: _plain(gettext_lazy("The shipping address was changed")),
    events.SHIPPED: _shipped,
    events.ON_MY_WAY: _plain(gettext_lazy("The customer is on the way")),
    events.ARRIVED: _arrived,
    events.ARRIVAL_CANCELLED: _plain(gettext_lazy("The customer has left, or does not come now")),
    events.COLLECTOR_NAMED: _collector,
    events.AGE_REFUSED: _age_refused,
    events.REST_SHIPPED: _there(gettext_lazy("The rest is sent instead"), "info"),
    events.SUBSTITUTED: _substituted,
    events.DELAYED: _plain(gettext_lazy("The customer was told of the delay"), "warn"),
    events.LAST_DAY: _plain(gettext_lazy("The customer was told that it is the last day")),
    events.DELIVERED: _parcel(gettext_lazy("Parcel %s delivered"), "done"),
    events.PARCEL_LOST: _parcel(gettext_lazy("Parcel %s is lost"), "stop"),
    events.PARCEL_RETURNED: _parcel(gettext_lazy("Parcel %s is coming back"), "stop"),
    events.EXPIRED: _there(gettext_lazy("Not collected"), "stop"),
    events.REMINDER_DUE: _plain(gettext_lazy("The customer was reminded")),
    events.EXCEPTION_RAISED: _exception,
    events.CAPTURED: _money(gettext_lazy("%(amount)s taken"), "done"),
    events.CAPTURE_FAILED: _money(gettext_lazy("%(amount)s could not be taken"), "stop"),
    events.CAPTURE_RETRIED: _plain(gettext_lazy("The payment is asked for again")),
    events.VOID_REQUESTED: _money(gettext_lazy("%(amount)s will not be taken")),
    events.VOIDED: _money(gettext_lazy("%(amount)s released")),
    events.REFUND_REQUESTED: _refund_requested,
    events.REFUNDED: _refunded,
    events.REFUND_FAILED: _money(gettext_lazy("%(amount)s could not be given back"), "stop"),
}
