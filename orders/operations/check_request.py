"""Compare what an order asks for with the catalog and the network: every problem at once, with its pointer."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.atp import Site
from inventory.geo import Point
from inventory.kits import IS_KIT
from inventory.models import Location, Price, Variant
from omni.core.models import User
from omni.core.refusals import Invalid
from omni.core.settings_store import setting
from orders import preferences
from orders.card_number import holds_card_number, is_card_number
from orders.models.order_line import AT_A_STORE, Method
from orders.operations.age_check import age_words, is_old_enough
from orders.operations.plan_lines import candidates
from orders.operations.request import LineRequest, OrderRequest
from orders.operations.serials import clean_serial, is_serial
from orders.pricing import MAX_AMOUNT, amount_problem

CARD_NUMBER = gettext_lazy("This looks like a card number. Send the payment provider's reference.")
MAX_QUANTITY = 1_000_000
MAX_LINES = 2000

AMOUNT_PROBLEMS = {
    "not_a_number": gettext_lazy("An amount is a number."),
    "negative": gettext_lazy("An amount is not negative."),
    "too_large": gettext_lazy("An amount stays below ten billion."),
    "too_many_decimals": gettext_lazy("More decimals than the currency has."),
}


@dataclass(frozen=True)
class Checked:
    """The world's side of a request: variants by SKU (with `price_amount` and `is_kit`), named stores by code, all
    locations that a plan may use, with their stock, and the associates who sold, by username."""

    variants: dict[str, Variant]
    sites: dict[str, Site]
    candidates: list[Site]
    associates: dict[str, User]


def check_request(request: OrderRequest, places: QuerySet[Location], *, near: Point | None, now: datetime) -> Checked:
    """Look everything up and refuse (422) what cannot be an order; `places` is what the caller may use."""
    skus = {line.sku for line in request.lines}
    codes = {code for line in request.lines for code in (line.location, line.selling_location) if code}
    price = Price.objects.filter(variant=OuterRef("pk"), currency=request.currency).values("amount")[:1]
    variants = (
        Variant.objects.filter(sku__in=skus)
        .select_related("product")
        .annotate(price_amount=Subquery(price), is_kit=IS_KIT)
    )
    by_sku: dict[str, Variant] = {variant.sku: variant for variant in variants}
    found = candidates(
        stores=places.filter(code__in=codes), variants=[variant.pk for variant in by_sku.values()],
        ships=any(line.method == Method.SHIP for line in request.lines), channel=request.channel, near=near, now=now,
    )  # fmt: skip
    stores = {site.location.code: site for site in found if site.is_named}
    checked = Checked(variants=by_sku, sites=stores, candidates=found, associates=_associates(request))
    problems = [*_order_problems(request), *_line_problems(request, checked), *_carry_out_problems(request, checked)]
    if not problems and _worth(request, checked) > MAX_AMOUNT:
        problems = [_problem("/lines", "too_large", str(AMOUNT_PROBLEMS["too_large"]))]
    if problems:
        raise Invalid("invalid_order", _("This order cannot be taken as it is."), errors=problems)
    return checked


def _associates(request: OrderRequest) -> dict[str, User]:
    names = {line.associate for line in request.lines if line.associate}
    return {user.username: user for user in User.objects.filter(username__in=names, is_active=True)} if names else {}


def _problem(pointer: str, code: str, detail: str) -> dict:
    return {"pointer": pointer, "code": code, "detail": detail}


def _order_problems(request: OrderRequest) -> Iterable[dict]:
    currencies = setting(preferences.CURRENCIES).split(",")
    if request.currency not in currencies:
        yield _problem("/currency", "unknown_currency", _("Orders are taken in %s.") % ", ".join(currencies))
    if not request.lines:
        yield _problem("/lines", "empty", _("An order has at least one line."))
    if len(request.lines) > MAX_LINES:
        yield _problem("/lines", "too_many", _("An order has at most %d lines.") % MAX_LINES)
    if any(line.method == Method.SHIP for line in request.lines) and not request.shipping_address:
        yield _problem("/shipping_address", "required", _("Lines that are shipped need an address."))
    yield from _amount("/shipping_charge", request.shipping_charge, request)
    for n, tax in enumerate(request.shipping_taxes):
        yield from _amount(f"/shipping_taxes/{n}/amount", tax["amount"], request)
    for n, payment in enumerate(request.payments):
        yield from _amount(f"/payments/{n}/amount", payment.amount, request)
        if is_card_number(payment.reference):
            yield _problem(f"/payments/{n}/reference", "card_number", str(CARD_NUMBER))
    for key, value in request.metadata.items():
        if holds_card_number(value):
            yield _problem(f"/metadata/{key}", "card_number", str(CARD_NUMBER))


def _line_problems(request: OrderRequest, checked: Checked) -> Iterable[dict]:
    seen = Counter(line.reference for line in request.lines)
    for n, line in enumerate(request.lines):
        at = f"/lines/{n}"
        if seen[line.reference] > 1:
            yield _problem(f"{at}/reference", "repeated", _("Each line has a reference of its own."))
        if not 0 < line.quantity <= MAX_QUANTITY:
            yield _problem(f"{at}/quantity", "bad_quantity", _("Between 1 and a million units."))
        variant = checked.variants.get(line.sku)
        if variant is None:
            yield _problem(f"{at}/sku", "unknown_sku", _("No variant has the SKU %s.") % line.sku)
        elif not (variant.is_active and variant.product.is_active):
            yield _problem(f"{at}/sku", "inactive_sku", _("%s is no longer sold.") % line.sku)
        elif line.unit_price is None and variant.price_amount is None:  # type: ignore[attr-defined]
            words = {"sku": line.sku, "currency": request.currency}
            yield _problem(f"{at}/unit_price", "no_price", _("%(sku)s has no price in %(currency)s.") % words)
        yield from _store_problems(at, line, checked)
        yield from _seller_problems(at, line, checked)
        yield from _line_amounts(at, line, request, checked)


def _store_problems(at: str, line: LineRequest, checked: Checked) -> Iterable[dict]:
    pointer = f"{at}/fulfillment/location"
    if line.method not in AT_A_STORE:
        if line.location:
            yield _problem(pointer, "not_allowed", _("Lines that are shipped name no location."))
        return
    if not line.location:
        yield _problem(pointer, "required", _("A line that is picked up or carried out names its store."))
        return
    site = checked.sites.get(line.location)
    if site is None:
        yield _problem(pointer, "unknown_location", _("No location has the code %s.") % line.location)
    elif line.method == Method.CARRY_OUT:
        if not (site.location.is_active and site.location.picks_by_hand):
            yield _problem(pointer, "no_carry_out", _("Nobody shops at %s.") % site.location.name)
    elif not (site.location.is_active and site.location.can_pick_up):
        yield _problem(pointer, "no_pickup", _("%s offers no pickup.") % site.location.name)


def _carry_out_problems(request: OrderRequest, checked: Checked) -> Iterable[dict]:
    """What leaves at once leaves with its serial numbers, and past somebody who looked at an ID."""
    known = [(n, line, checked.variants.get(line.sku)) for n, line in enumerate(request.lines)]
    seen: set[tuple[str, str]] = set()
    for n, line, variant in known:
        if variant is not None and variant.is_kit:  # type: ignore[attr-defined]
            continue  # its parts are looked at when it is opened
        at = f"/lines/{n}/serials"
        serials = [clean_serial(text) for text in line.serials]
        if variant is None or line.method != Method.CARRY_OUT or not variant.is_serial_tracked:
            if serials:
                yield _problem(at, "not_allowed", _("Only tracked items that are carried out have serials here."))
            continue
        if len(serials) != line.quantity:
            words = {"n": line.quantity, "sku": line.sku}
            yield _problem(at, "serials_required", _("%(sku)s leaves with its serial numbers: %(n)d of them.") % words)
        pieces = {(line.sku, serial) for serial in serials}
        if not all(map(is_serial, serials)) or len(pieces) < len(serials) or pieces & seen:
            yield _problem(at, "bad_serial", _("Each serial number once, up to 100 characters."))
        seen |= pieces
    kept = (line.sku for _n, line, variant in known
            if variant and variant.is_age_restricted and line.method == Method.CARRY_OUT)  # fmt: skip
    first = next(kept, None)
    if first is not None and not is_old_enough(request.age_check):
        yield _problem("/age_check", "age_check_required", age_words(checked.variants[first].title))


def _seller_problems(at: str, line: LineRequest, checked: Checked) -> Iterable[dict]:
    if line.selling_location and line.selling_location not in checked.sites:
        detail = _("No location has the code %s.") % line.selling_location
        yield _problem(f"{at}/selling_location", "unknown_location", detail)
    if line.associate and line.associate not in checked.associates:
        yield _problem(f"{at}/associate", "unknown_associate", _("Nobody works here as %s.") % line.associate)


def _line_amounts(at: str, line: LineRequest, request: OrderRequest, checked: Checked) -> Iterable[dict]:
    if line.unit_price is not None:
        yield from _amount(f"{at}/unit_price", line.unit_price, request)
    for name in ("discounts", "taxes"):
        for n, part in enumerate(getattr(line, name)):
            yield from _amount(f"{at}/{name}/{n}/amount", part["amount"], request)
    price = _price(line, checked)
    if price is None:
        return
    if sum((part["amount"] for part in line.discounts), Decimal(0)) > price * line.quantity:
        yield _problem(f"{at}/discounts", "exceeds_price", _("Discounts stay within the price of the line."))


def _worth(request: OrderRequest, checked: Checked) -> Decimal:
    """All amounts added up, discounts too: within it no column overflows."""
    parts = [request.shipping_charge, *(tax["amount"] for tax in request.shipping_taxes)]
    for line in request.lines:
        parts.append((_price(line, checked) or Decimal(0)) * line.quantity)
        parts += [part["amount"] for part in (*line.discounts, *line.taxes)]
    return sum(parts, Decimal(0))


def _price(line: LineRequest, checked: Checked) -> Decimal | None:
    if line.unit_price is not None:
        return line.unit_price
    variant = checked.variants.get(line.sku)
    return variant.price_amount if variant else None  # type: ignore[attr-defined]


def _amount(pointer: str, amount: Decimal, request: OrderRequest) -> Iterable[dict]:
    code = amount_problem(amount, request.currency)
    if code:
        yield _problem(pointer, code, str(AMOUNT_PROBLEMS[code]))
