"""Tell what a cart costs, and keep one's word until the quote expires."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from inventory.models import Location, Price, Variant
from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.settings_store import setting
from orders import preferences
from orders.models import PriceQuote, Promotion, TaxRate
from orders.operations.request import LineRequest, OrderRequest
from orders.pricing import MAX_AMOUNT
from orders.quoting import Item, PricedItem, Rate, price

SIGNER = Signer(salt="price-quote", sep=".")


@dataclass(frozen=True)
class CartLine:
    reference: str
    sku: str
    quantity: int


@dataclass(frozen=True)
class Quote:
    """What was told: `id` is signed, so that nobody makes up a quote."""

    id: str
    lines: Sequence[PricedItem]
    currency: str
    tax_included: bool
    expires_at: datetime


@operation
def quote_prices(
    *, lines: Sequence[CartLine], currency: str, by: Actor, now: datetime, codes: Sequence[str] = (),
    place: Mapping[str, str] | None = None, rates: Sequence[Rate] | None = None, tax_included: bool = False,
) -> Quote:  # fmt: skip
    """Price a cart; `place` has country, region and postal_code for HQ's tax table, `rates` are the caller's own.

    Refuses (422) `invalid_quote` with a pointer per problem: unknown_currency, unknown_sku, no_price, repeated,
    unknown_code, too_large.
    """
    items, problems = _items(lines, currency)
    promotions = list(Promotion.objects.holding(currency=currency, codes=codes, now=now))
    problems += _code_problems(codes, promotions)
    if problems:
        raise Invalid("invalid_quote", _("This cart cannot be priced as it is."), errors=problems)
    if rates is None:
        rates = TaxRate.objects.at(**place) if place else []
    priced = price(
        items, offers=[each.offer for each in promotions], rates=rates, currency=currency, tax_included=tax_included
    )
    kept = PriceQuote.objects.create(
        number=uuid.uuid4(), currency=currency, prices_include_tax=tax_included, quoted_by=by.label, quoted_at=now,
        expires_at=now + timedelta(minutes=setting(preferences.QUOTE_MINUTES)), lines=_as_kept(priced),
    )  # fmt: skip
    return Quote(SIGNER.sign(str(kept.number)), priced, currency, tax_included, kept.expires_at)


def place_of(location: Location) -> dict[str, str]:
    """Where goods that are collected or carried out are taxed."""
    return {"country": location.country, "region": location.region, "postal_code": location.postal_code}


def apply_quote(request: OrderRequest, *, now: datetime) -> OrderRequest:
    """The request with the prices that were quoted; what the order says of them itself must be the same.

    Refuses `unknown_quote`, `quote_expired` (409) and `quote_differs` (422).
    """
    try:
        number = SIGNER.unsign(request.quote_id)
    except BadSignature:
        raise Invalid("unknown_quote", _("This is not a quote of ours."), errors=[_at_quote("unknown_quote")]) from None
    kept = PriceQuote.objects.filter(number=number).first()
    if kept is None or kept.expires_at <= now:
        raise Refusal("quote_expired", _("This quote has expired: ask for the prices again."))
    differences = _differences(request, kept)
    if differences:
        raise Invalid("quote_differs", _("The order is not what was quoted."), errors=differences)
    lines = [_priced(line, kept.lines[line.reference]) for line in request.lines]
    return replace(request, lines=lines, prices_include_tax=kept.prices_include_tax)


def drop_expired(*, now: datetime) -> int:
    """Quotes nobody can use any more."""
    return PriceQuote.objects.filter(expires_at__lte=now - timedelta(days=1)).delete()[0]


def _items(lines: Sequence[CartLine], currency: str) -> tuple[list[Item], list[dict]]:
    currencies = setting(preferences.CURRENCIES).split(",")
    if currency not in currencies:
        detail = _("Orders are taken in %s.") % ", ".join(currencies)
        return [], [{"pointer": "/currency", "code": "unknown_currency", "detail": detail}]
    amount = Price.objects.filter(variant=OuterRef("pk"), currency=currency).values("amount")[:1]
    variants = Variant.objects.filter(sku__in={line.sku for line in lines}, is_active=True, product__is_active=True)
    known: dict[str, Any] = {
        each.sku: each for each in variants.select_related("product").annotate(price_amount=Subquery(amount))
    }
    items, problems, seen, worth = [], [], set(), Decimal(0)
    for n, line in enumerate(lines):
        variant, at = known.get(line.sku), f"/lines/{n}"
        if line.reference in seen:
            problems.append(_problem(f"{at}/reference", "repeated", _("Each line has a reference of its own.")))
        if variant is None:
            problems.append(_problem(f"{at}/sku", "unknown_sku", _("No variant has the SKU %s.") % line.sku))
        elif variant.price_amount is None:
            words = _("%(sku)s has no price in %(currency)s.") % {"sku": line.sku, "currency": currency}
            problems.append(_problem(f"{at}/sku", "no_price", words))
        else:
            worth += variant.price_amount * line.quantity
            items.append(Item(line.reference, line.sku, variant.product.category, variant.tax_category, line.quantity,
                              variant.price_amount))  # fmt: skip
        seen.add(line.reference)
    if worth * 3 > MAX_AMOUNT:  # with taxes and discounts no column of the order overflows
        problems.append(_problem("/lines", "too_large", _("An amount stays below ten billion.")))
    return items, problems


def _code_problems(codes: Sequence[str], promotions: Sequence[Promotion]) -> list[dict]:
    known = {each.code for each in promotions}
    return [
        _problem(f"/codes/{n}", "unknown_code", _("The code %s does not hold now.") % code)
        for n, code in enumerate(codes) if code not in known
    ]  # fmt: skip


def _problem(pointer: str, code: str, detail: str) -> dict:
    return {"pointer": pointer, "code": code, "detail": detail}


def _at_quote(code: str) -> dict:
    return _problem("/quote", code, _("Ask for the prices again."))


def _as_kept(priced: Sequence[PricedItem]) -> dict[str, Any]:
    return {
        each.item.reference: {
            "sku": each.item.sku, "quantity": each.quantity, "unit_price": str(each.unit_price_amount),
            "discounts": list(each.discounts), "taxes": list(each.taxes),
        }
        for each in priced
    }  # fmt: skip


def _differences(request: OrderRequest, kept: PriceQuote) -> list[dict]:
    found = []
    if request.currency != kept.currency:
        found.append(_problem("/currency", "quote_differs", _("Quoted in %s.") % kept.currency))
    if {line.reference for line in request.lines} != set(kept.lines):
        found.append(_problem("/lines", "quote_differs", _("These are not the lines that were quoted.")))
        return found
    for n, line in enumerate(request.lines):
        quoted = kept.lines[line.reference]
        for name in ("sku", "quantity"):
            if getattr(line, name) != quoted[name]:
                detail = _("Quoted as %s.") % quoted[name]
                found.append(_problem(f"/lines/{n}/{name}", "quote_differs", detail))
        if line.unit_price is not None and line.unit_price != Decimal(quoted["unit_price"]):
            found.append(_problem(f"/lines/{n}/unit_price", "quote_differs", _("Quoted otherwise.")))
        for name in ("discounts", "taxes"):
            said = getattr(line, name)
            if said and _amounts(said) != _amounts(quoted[name]):
                found.append(_problem(f"/lines/{n}/{name}", "quote_differs", _("Quoted otherwise.")))
    return found


def _amounts(parts: Sequence[Mapping[str, Any]]) -> list[Decimal]:
    return sorted(Decimal(part["amount"]) for part in parts)


def _priced(line: LineRequest, quoted: Mapping[str, Any]) -> LineRequest:
    return replace(line, unit_price=Decimal(quoted["unit_price"]), discounts=_decimals(quoted["discounts"]),
                   taxes=_decimals(quoted["taxes"]))  # fmt: skip


def _decimals(parts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**part, "amount": Decimal(part["amount"])} for part in parts]
