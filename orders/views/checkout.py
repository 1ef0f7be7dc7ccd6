"""From a basket to an order: who it is for, how it is paid, and what happens next."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers.models import Customer
from customers.operations.find import find_customers
from inventory.geo import zip_place
from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.web import at_location, refusals_shown
from orders.models import Basket, Order, PaymentIntent
from orders.models.order_line import Method
from orders.operations.authorize import ask_terminal, look_up_payment, void_payment
from orders.operations.pay_basket import note_payment, start_basket_payment
from orders.operations.place_basket import place_basket
from orders.operations.set_contact import choose_customer, set_contact
from orders.sell_forms import ContactForm, FindCustomerForm, PayForm
from orders.views.order import with_kits
from orders.views.receipt import receipt_code
from orders.views.sell_basket import ShownBasket, shown

Status = PaymentIntent.Status
FOUND_SHOWN = 8


@at_location
@require_http_methods(["GET", "POST"])
def customer(request: StoreRequest, basket_id: UUID) -> HttpResponse:
    """Found by what they say, or written down; nothing that we know is asked again."""
    basket = _mine(request, basket_id)
    if isinstance(basket, HttpResponse):
        return basket
    view = shown(basket, now=timezone.now())
    methods = {each.line.method for each in view.lines}
    how: dict[str, Any] = {
        "is_shipped": Method.SHIP in methods, "needs_contact": bool(methods - {Method.CARRY_OUT}),
    }  # fmt: skip
    if request.method == "POST" and "text" not in request.POST:
        return _write_down(request, basket, view, how)
    form = ContactForm(initial=_initial(basket), **how)
    found = None
    if request.method == "POST":
        asked = FindCustomerForm(request.POST)
        found = find_customers(text=asked.cleaned_data["text"], limit=FOUND_SHOWN) if asked.is_valid() else None
    context = {"basket": view, "form": form, "found": found, "text": request.POST.get("text", ""), **how}
    if request.htmx:
        response = render(request, "orders/basket_customer.html#found", context)
    else:
        response = render(request, "orders/basket_customer.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@at_location
@require_POST
@refusals_shown
def choose(request: StoreRequest, basket_id: UUID) -> HttpResponse:
    """It is this one."""
    basket = _mine(request, basket_id)
    if isinstance(basket, HttpResponse):
        return basket
    uid = request.POST.get("customer", "")
    known = get_object_or_404(Customer.objects.living(), pk=uid if uid.isdigit() else 0)
    choose_customer(basket_id=basket.pk, customer=known, by=Actor.of(request.user), now=timezone.now())
    return redirect("orders:basket_customer", basket.pk)


@at_location
@require_http_methods(["GET", "POST"])
def pay(request: StoreRequest, basket_id: UUID) -> HttpResponse:
    """What is due, how it is paid, what the page waits for, and what to do when it fails."""
    basket = _mine(request, basket_id)
    if isinstance(basket, HttpResponse):
        return basket
    if request.method == "POST":
        return _pay(request, basket)
    return _pay_page(request, basket)


@at_location
@require_POST
@refusals_shown
def payment(request: StoreRequest, basket_id: UUID, key: str, act: str) -> HttpResponse:
    """One payment of this basket: asked again, looked up, or taken back."""
    basket = _mine(request, basket_id)
    if isinstance(basket, HttpResponse):
        return basket
    intent = get_object_or_404(PaymentIntent.objects.of(basket.owner), key=key)
    now = timezone.now()
    if act == "look-up":
        intent = look_up_payment(key=intent.key, now=now)
    elif act == "ask":
        intent = ask_terminal(key=intent.key, now=now)
    else:
        intent = void_payment(key=intent.key, now=now)
        if intent.status == Status.VOIDED:
            messages.success(request, _("Taken back. The shopper pays nothing for it."))
    note_payment(basket_id=basket.pk, now=now)
    return _after(request, basket, intent)


@at_location
@require_POST
def place(request: StoreRequest, basket_id: UUID) -> HttpResponse:
    """Paid before, and the answer got lost: finish it."""
    basket = _mine(request, basket_id)
    if isinstance(basket, HttpResponse):
        return basket
    return _place(request, basket)


@at_location
@require_safe
def done(request: StoreRequest, basket_id: UUID) -> HttpResponse:
    """What was sold, how each line goes on, the receipt, and the next customer."""
    basket = get_object_or_404(
        Basket.objects.at(request.location).select_related("location", "hold"), pk=basket_id, status="placed"
    )
    return render(request, "orders/sold.html", _sold(basket))


@at_location
@require_safe
def receipt(request: StoreRequest, basket_id: UUID) -> HttpResponse:
    """On paper, with the code that the return desk scans."""
    basket = get_object_or_404(
        Basket.objects.at(request.location).select_related("location", "hold"), pk=basket_id, status="placed"
    )
    return render(request, "orders/receipt.html", _sold(basket))


def _sold(basket: Basket) -> dict:
    order = Order.objects.select_related("customer").get(basket=basket)
    lines = order.lines.select_related("variant__product", "pickup_location", "kit").prefetch_related(
        "fulfillment_lines__fulfillment_order__location", "fulfillment_lines__serials"
    )
    for line in lines:
        line.order = order
    return {
        "order": order, "basket": basket, "lines": with_kits(lines.order_by("position")), "store": basket.location,
        "payments": list(order.payments.order_by("pk")), "seller": basket.associate.shown_name,
        "code": receipt_code(order),
    }  # fmt: skip


def _mine(request: StoreRequest, basket_id: UUID) -> Basket | HttpResponse:
    """My open basket; one that was placed meanwhile shows its order, another's leads to the list."""
    here = Basket.objects.at(request.location).select_related("location", "hold", "customer")
    basket = get_object_or_404(here, pk=basket_id)
    if basket.status == Basket.Status.PLACED:
        return redirect("orders:sold", basket.pk)
    if basket.status != Basket.Status.OPEN or basket.associate_id != request.user.pk:
        messages.error(request, _("Somebody else serves this basket now, or it was given up."))
        return redirect("orders:baskets")
    return basket


def _write_down(request: StoreRequest, basket: Basket, view: ShownBasket, how: dict) -> HttpResponse:
    data = request.POST.copy()
    place = zip_place(data.get("postal_code", "")) if "use_place" in data else None
    if place:
        data["city"], data["region"] = place.city, place.state
    form = ContactForm(data, **how)
    if form.is_valid():
        said = form.cleaned_data
        try:
            set_contact(
                basket_id=basket.pk, name=said["name"], email=said["email"], phone=said["phone"], address=form.address,
                customer_id=_still(basket, said), by=Actor.of(request.user), now=timezone.now(),
            )  # fmt: skip
            return redirect("orders:pay", basket.pk)
        except Refusal as refusal:
            form.add_error("phone" if refusal.code == "bad_phone" else None, str(refusal))
    suggestion = zip_place(data.get("postal_code", "")) if form.doubts else None
    context = {"basket": view, "form": form, "suggestion": suggestion, **how}
    return render(request, "orders/basket_customer.html", context, status=422)


def _still(basket: Basket, said: dict) -> int | None:
    """The recognized customer stays, unless what was written down is nobody's of theirs any more."""
    known = basket.customer
    if known is None:
        return None
    same = (known.email and known.email == said["email"].lower()) or said["phone"] == known.phone
    return known.pk if same or not (said["email"] or said["phone"]) else None


def _initial(basket: Basket) -> dict:
    address = basket.shipping_address or {}
    return {"country": "US", **address, "name": basket.contact_name or address.get("name", ""),
            "email": basket.contact_email, "phone": basket.contact_phone}  # fmt: skip


def _pay(request: StoreRequest, basket: Basket) -> HttpResponse:
    form = PayForm(request.POST)
    if not form.is_valid():
        return _pay_page(request, basket, problem=_("Choose how the shopper pays."), status=422)
    asked = form.cleaned_data
    now = timezone.now()
    try:
        intent = start_basket_payment(
            basket_id=basket.pk, method=asked["method"], amount=asked["amount"] or None,
            reference=asked["reference"], by=Actor.of(request.user), now=now,
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code == "paid":  # pressed twice
            return _place(request, basket)
        return _pay_page(request, basket, problem=str(refusal), method=asked["method"], status=refusal.status)
    if intent.method == PaymentIntent.Method.CARD:
        intent = ask_terminal(key=intent.key, now=now)
    note_payment(basket_id=basket.pk, now=now)
    return _after(request, basket, intent)


def _after(request: StoreRequest, basket: Basket, intent: PaymentIntent) -> HttpResponse:
    """Paid in full: the order; else the page that says what is missing."""
    if intent.status == Status.APPROVED and shown(basket, now=timezone.now()).due <= 0:
        return _place(request, basket)
    return redirect("orders:pay", basket.pk)


def _place(request: StoreRequest, basket: Basket) -> HttpResponse:
    try:
        place_basket(basket_id=basket.pk, by=Actor.of(request.user), now=timezone.now())
    except Refusal as refusal:
        return _pay_page(request, basket, problem=str(refusal), status=refusal.status)
    return redirect("orders:sold", basket.pk)


def _pay_page(
    request: StoreRequest, basket: Basket, *, problem: str = "", method: str = "", status: int = 200
) -> HttpResponse:
    basket = Basket.objects.select_related("location", "hold", "customer").get(pk=basket.pk)
    if basket.status == Basket.Status.PLACED:
        return redirect("orders:sold", basket.pk)
    view = shown(basket, now=timezone.now())
    return render(request, "orders/pay.html", {
        "basket": view, "problem": problem, "method": method or PaymentIntent.Method.CARD,
        "typed": request.POST, "waiting": next((each for each in view.intents if each.is_unknown), None),
        "declined": next((each for each in view.intents if each.status == Status.DECLINED), None),
        "lost": next((each for each in view.intents if each.status == Status.NEW and each.asked_at), None),
        "approved": [each for each in view.intents if each.status == Status.APPROVED],
    }, status=status)  # fmt: skip
