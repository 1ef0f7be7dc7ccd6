"""Find a customer, say what for, and their page opens; or write a new one down."""

import uuid

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers.forms import CustomerForm, FindForm, PurposeForm
from customers.masking import masked_email, masked_name, masked_phone
from customers.models import Customer
from customers.operations.find import find_customers
from customers.operations.keep_customer import create_customer
from customers.operations.note_view import note_view
from customers.views.opened import customer_for, note_opened, purpose_of
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.web import at_location

FIELD_OF = {"email_invalid": "email", "phone_invalid": "phone"}
SHOWN = 12


@at_location
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """What is typed never stands in an address: addresses are kept by browsers and logs."""
    context: dict = {}
    status = 200
    if request.method == "POST":
        form = FindForm(request.POST)
        if form.is_valid():
            found = find_customers(text=form.cleaned_data["code"], limit=SHOWN)
            context = {"found": [recognizable(each) for each in found.customers], "more": found.has_more,
                       "asked": True, "sure": found.is_sure}  # fmt: skip
        else:
            context, status = {"problem": _("Type a phone number, an e-mail or a name, or scan their code.")}, 422
    template = "customers/search.html"
    response = render(request, f"{template}#found" if request.htmx else template, context, status=status)  # type: ignore[attr-defined]
    patch_vary_headers(response, ["HX-Request"])
    return response


@at_location
@require_http_methods(["GET", "POST"])
def open_page(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Ask what for; the answer and the name of whoever asks are kept."""
    customer = customer_for(uid)
    form = PurposeForm(request.POST or None)
    if form.is_valid():
        purpose = form.cleaned_data["purpose"]
        note_view(customer=customer, purpose=purpose, shown="page", by=Actor.of(request.user), now=timezone.now())
        note_opened(request, customer, purpose)
        return redirect("customers:customer", customer.uid)
    if request.method == "GET" and purpose_of(request, customer):
        return redirect("customers:customer", customer.uid)
    context = {"form": form, "who": recognizable(customer)}
    return render(request, "customers/open.html", context, status=422 if form.is_bound else 200)


@at_location
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Somebody whom nobody knows yet; whose contact is known already is that customer."""
    form = CustomerForm(request.POST or None)
    status = 200
    known = None
    if form.is_bound:
        status = 422
        if form.is_valid():
            by, now = Actor.of(request.user), timezone.now()
            try:
                with transaction.atomic():
                    customer = create_customer(**form.cleaned_data, by=by, now=now)
            except Refusal as refusal:
                form.add_error(FIELD_OF.get(refusal.code), str(refusal))
                status, known = refusal.status, refusal.extra.get("customer")
            else:
                note_opened(request, customer, "serve")
                return redirect("customers:customer", customer.uid)
    return render(request, "customers/new.html", {"form": form, "known": known}, status=status)


def recognizable(customer: Customer) -> dict:
    """What a list shows of somebody before their page is opened."""
    facts = [masked_phone(customer.phone), masked_email(customer.email)]
    return {
        "uid": customer.uid, "name": masked_name(customer.name) or _("No name"),
        "facts": [fact for fact in facts if fact], "tier": customer.get_tier_display() if customer.tier else "",
    }  # fmt: skip
