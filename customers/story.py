"""One timeline of a customer: each app lends what it knows; ours is notes, consent, wishes, points and merges."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from customers.models import (
    Consent,
    Customer,
    CustomerMerge,
    CustomerNote,
    LoyaltyEntry,
    StoreCredit,
    StoreCreditEntry,
    Wish,
)
from omni.core.currencies import amount_text
from omni.core.models import Event

SHOWN = 100


@dataclass(frozen=True)
class Told:
    """One thing that happened: for the page a sentence, for machines a kind and a reference."""

    kind: str
    at: datetime
    title: str
    by: str = ""
    note: str = ""
    tone: str = ""
    reference: str = ""
    url: str = ""


Teller = Callable[[list[int], int], Iterable[Told]]
_tellers: dict[str, Teller] = {}


def tells(name: str) -> Callable[[Teller], Teller]:
    """Lend a function `(customer ids, how many) -> newest entries` to every customer's timeline."""

    def register(teller: Teller) -> Teller:
        _tellers[name] = teller
        return teller

    return register


def timeline(customer: Customer, *, limit: int = SHOWN) -> list[Told]:
    """What happened with this person, under whichever of their records, newest first."""
    family = customer.family_ids()
    told = [entry for teller in _tellers.values() for entry in teller(family, limit)]
    return sorted(told, key=lambda entry: entry.at, reverse=True)[:limit]


def exported(customer: Customer) -> dict[str, Any]:
    """Everything kept about this person, for them to take along."""
    family = customer.family_ids()
    records = Customer.objects.filter(pk__in=family).order_by("pk")
    return {
        "records": [
            {"id": str(each.uid), "name": each.name, "email": each.email, "phone": each.phone,
             "external_id": each.external_id, "loyalty_code": each.loyalty_code, "tier": each.tier,
             "created_at": each.created_at}
            for each in records
        ],
        "store_credits": [
            {"ends": str(each), "currency": each.currency, "balance": str(each.balance_amount),
             "held": str(each.held_amount), "expires_at": each.expires_at}
            for each in StoreCredit.objects.of_family(family)
        ],
        "timeline": [asdict(entry) for entry in timeline(customer, limit=10_000)],
    }  # fmt: skip


@tells("consents")
def _consents(family: list[int], limit: int) -> Iterable[Told]:
    for each in Consent.objects.filter(customer__in=family).order_by("-said_at")[:limit]:
        words = _("Agreed to %(purpose)s by %(channel)s") if each.is_given else _("Declined %(purpose)s by %(channel)s")
        title = words % {"purpose": each.get_purpose_display(), "channel": each.get_channel_display()}
        yield Told("consent", each.said_at, title, each.actor, each.get_source_display(),
                   "done" if each.is_given else "warn")  # fmt: skip


@tells("notes")
def _notes(family: list[int], limit: int) -> Iterable[Told]:
    for each in CustomerNote.objects.filter(customer__in=family).order_by("-written_at")[:limit]:
        if each.hidden_at is None:
            yield Told("note", each.written_at, _("Note"), each.actor, each.text)
        else:
            why = _("Hidden: %s") % each.hidden_reason
            yield Told("note_hidden", each.hidden_at, _("A note was hidden"), each.hidden_by, why)


@tells("wishes")
def _wishes(family: list[int], limit: int) -> Iterable[Told]:
    for each in Wish.objects.filter(customer__in=family).order_by("-added_at")[:limit]:
        yield Told("wish", each.added_at, _("Wished for %s") % each.sku, each.added_by, reference=each.sku)


@tells("points")
def _points(family: list[int], limit: int) -> Iterable[Told]:
    for each in LoyaltyEntry.objects.filter(customer__in=family).order_by("-at")[:limit]:
        yield Told("points", each.at, _("%+d points") % each.points, each.actor, each.reason, reference=each.reference)


@tells("credits")
def _credits(family: list[int], limit: int) -> Iterable[Told]:
    entries = StoreCreditEntry.objects.filter(credit__customer__in=family).select_related("credit")
    for each in entries.order_by("-at", "-pk")[:limit]:
        said = {"amount": amount_text(each.amount, each.credit.currency), "currency": each.credit.currency,
                "kind": each.get_kind_display(), "credit": str(each.credit)}  # fmt: skip
        title = _("Store credit %(credit)s: %(kind)s %(amount)s %(currency)s") % said
        yield Told("store_credit", each.at, title, each.actor, each.reason, reference=each.cause)


@tells("merges")
def _merges(family: list[int], limit: int) -> Iterable[Told]:
    for each in CustomerMerge.objects.filter(kept__in=family).order_by("-merged_at")[:limit]:
        yield Told("merge", each.merged_at, _("Another record was merged into this one"), each.merged_by, each.reason,
                   "info")  # fmt: skip
        if each.undone_at:
            yield Told("unmerge", each.undone_at, _("A merge was undone"), each.undone_by, tone="info")


@tells("records")
def _records(family: list[int], limit: int) -> Iterable[Told]:
    told = Event.objects.filter(topic="customers.updated", aggregate_type="customer")
    records = list(Customer.objects.filter(pk__in=family))
    ids = [str(each.uid) for each in records]
    for event in told.filter(aggregate_id__in=ids).order_by("-pk")[:limit]:
        changed = ", ".join(event.payload.get("changed", []))
        yield Told("changed", event.occurred_at, _("Put right: %s") % changed, event.actor)
    for each in records:
        yield Told("created", each.created_at, _("First known here"))
