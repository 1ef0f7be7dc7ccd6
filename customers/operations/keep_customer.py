"""A customer is written down, or what is known of them is put right."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from customers import events
from customers.models import Customer
from customers.phone import to_e164
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal

FIELDS = ("name", "email", "phone", "external_id", "tier")


@operation
def create_customer(
    *, name: str = "", email: str = "", phone: str = "", external_id: str | None = None, tier: str = "", by: Actor,
    now: datetime,
) -> Customer:  # fmt: skip
    """A new customer with at least one way to reach them. Raises Invalid `contact_required`, `email_invalid`,
    `phone_invalid`, `tier_unknown`; Refusal `already_known` (with the customer's id) where a contact belongs to one.
    """
    said = clean({"name": name, "email": email, "phone": phone, "external_id": external_id, "tier": tier})
    if not (said["email"] or said["phone"] or said["external_id"]):
        raise Invalid("contact_required", _("Give at least an e-mail, a phone or the site's id."))
    known = Customer.objects.known_by(external_id=said["external_id"], email=said["email"], phone=said["phone"]).first()
    if known:
        raise already_known(known)
    customer = _saved(Customer(**said))
    customer.refresh_from_db(fields=["uid"])
    emit(events.CREATED, aggregate=customer.subject, payload={"customer": str(customer.uid)}, by=by, occurred_at=now)
    return customer


@operation
def update_customer(*, customer_id: int, changes: dict[str, Any], by: Actor, now: datetime) -> Customer:
    """Put right what is known; only what differs is written. Raises as `create_customer`, and `customer_gone`."""
    customer = living(customer_id)
    said = clean(changes)
    differ = {name: value for name, value in said.items() if getattr(customer, name) != value}
    if not differ:
        return customer
    for name, value in differ.items():
        setattr(customer, name, value)
    if not (customer.email or customer.phone or customer.external_id or customer.name):
        raise Invalid("contact_required", _("Give at least an e-mail, a phone or the site's id."))
    _saved(customer, update_fields=list(differ))
    payload = {"customer": str(customer.uid), "changed": sorted(differ)}
    emit(events.UPDATED, aggregate=customer.subject, payload=payload, by=by, occurred_at=now)
    return customer


def living(customer_id: int) -> Customer:
    """The customer, locked. Raises Refusal `customer_gone` for who was merged away, erased or put aside."""
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer_id)
    if not customer.is_active:
        raise Refusal("customer_gone", _("This customer's record was merged or erased."))
    return customer


def clean(said: dict[str, Any]) -> dict[str, Any]:
    """What was said in the one form in which it is kept. Raises Invalid."""
    kept = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    if kept.get("email"):
        kept["email"] = kept["email"].lower()
        try:
            validate_email(kept["email"])
        except ValidationError as error:
            raise Invalid("email_invalid", _("This is no e-mail address."), errors=[_at("email")]) from error
    if kept.get("phone"):
        number = to_e164(kept["phone"])
        if number is None:
            raise Invalid("phone_invalid", _("This is no phone number."), errors=[_at("phone")])
        kept["phone"] = number
    if "external_id" in kept:
        kept["external_id"] = kept["external_id"] or None
    if kept.get("tier") and kept["tier"] not in Customer.Tier.values:
        raise Invalid("tier_unknown", _("There is no such tier."), errors=[_at("tier")])
    return {name: value if value is not None or name == "external_id" else "" for name, value in kept.items()}


def already_known(known: Customer) -> Refusal:
    return Refusal(
        "already_known", _("This contact belongs to a customer who is known already."), customer=str(known.uid)
    )


def _at(field: str) -> dict[str, str]:
    return {"pointer": f"/{field}", "code": "invalid", "detail": _("Not acceptable.")}


def _saved(customer: Customer, update_fields: list[str] | None = None) -> Customer:
    """Two who write the same external id at once meet in the unique index."""
    try:
        with transaction.atomic():
            customer.save(update_fields=update_fields)
    except IntegrityError as error:
        known = Customer.objects.filter(external_id=customer.external_id).exclude(pk=customer.pk).first()
        if known is None:
            raise
        raise already_known(known) from error
    return customer
