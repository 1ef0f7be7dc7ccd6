"""What is done on a customer's page: consent, notes, wishes, loyalty, and joining two records."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from customers.forms import ConsentForm, FindForm, MergeForm, NoteForm, ReasonForm, WishForm
from customers.models import CustomerMerge, CustomerNote, Wish
from customers.operations.find import find_customers
from customers.operations.loyalty import give_loyalty_code
from customers.operations.merge import merge_customers, undo_merge
from customers.operations.notes import hide_note, pin_note, write_note
from customers.operations.record_consent import record_consent
from customers.operations.wishes import add_wish, remove_wish
from customers.views.opened import customer_for, opened_customer
from customers.views.page import draw
from customers.views.search import recognizable
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.web import refusals_shown


@opened_customer
@require_POST
@refusals_shown
def say_consent(request: Any) -> HttpResponse:
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return _back(request, _("Choose yes or no, and how they said it."))
    record_consent(customer_id=request.customer.pk, **form.cleaned_data, by=Actor.of(request.user), now=timezone.now())
    messages.success(request, _("Written down, with your name."))
    return redirect("customers:customer", request.customer.uid)


@opened_customer
@require_POST
@refusals_shown
def add_note(request: Any) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return draw(request, request.customer, status=422, note_form=form)
    write_note(customer_id=request.customer.pk, text=form.cleaned_data["text"], is_pinned="pin" in request.POST,
               by=Actor.of(request.user), now=timezone.now())  # fmt: skip
    return redirect("customers:customer", request.customer.uid)


@opened_customer
@require_POST
@refusals_shown
def change_note(request: Any, note_id: int, act: str) -> HttpResponse:
    """`pin`, `unpin`, or `hide` with a reason."""
    note = get_object_or_404(CustomerNote, pk=note_id, customer__in=request.customer.family_ids())
    if act != "hide":
        pin_note(note_id=note.pk, is_pinned=act == "pin")
        return redirect("customers:customer", request.customer.uid)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _back(request, _("Say why the note should be hidden."))
    hide_note(note_id=note.pk, reason=form.cleaned_data["reason"], by=Actor.of(request.user), now=timezone.now())
    return redirect("customers:customer", request.customer.uid)


@opened_customer
@require_POST
@refusals_shown
def wish(request: Any) -> HttpResponse:
    form = WishForm(request.POST)
    if not form.is_valid():
        return _back(request, _("Scan or type a SKU."))
    _wish, is_new = add_wish(
        customer_id=request.customer.pk, sku=form.cleaned_data["code"], by=Actor.of(request.user), now=timezone.now()
    )
    if not is_new:
        messages.info(request, _("That is on the list already."))
    return redirect("customers:customer", request.customer.uid)


@opened_customer
@require_POST
def unwish(request: Any, wish_id: int) -> HttpResponse:
    found = get_object_or_404(Wish, pk=wish_id, customer__in=request.customer.family_ids())
    remove_wish(wish_id=found.pk, by=Actor.of(request.user), now=timezone.now())
    return redirect("customers:customer", request.customer.uid)


@opened_customer
@require_POST
@refusals_shown
def give_code(request: Any) -> HttpResponse:
    give_loyalty_code(customer_id=request.customer.pk)
    return redirect("customers:customer", request.customer.uid)


@opened_customer(capability="approve")
@require_http_methods(["GET", "POST"])
@refusals_shown
def merge(request: Any) -> HttpResponse:
    """Find the other record, say how one knows, and join it to this one."""
    who = request.customer
    if "gone" in request.POST:
        form = MergeForm(request.POST)
        if form.is_valid():
            other = customer_for(form.cleaned_data["gone"])
            try:
                with transaction.atomic():
                    merge_customers(kept_id=who.pk, gone_id=other.pk, reason=form.cleaned_data["reason"],
                                    by=Actor.of(request.user), now=timezone.now())  # fmt: skip
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                return _merge_page(request, form=form, status=refusal.status)
            messages.success(request, _("Merged. What belonged to either is shown here; it can be undone."))
            return redirect("customers:customer", who.uid)
        return _merge_page(request, form=form, status=422)
    asked = FindForm(request.POST or None)
    if asked.is_bound and asked.is_valid():
        found = [each for each in find_customers(text=asked.cleaned_data["code"]).customers if each.pk != who.pk]
        return _merge_page(request, found=[recognizable(each) for each in found])
    return _merge_page(request)


@opened_customer(capability="approve")
@require_POST
@refusals_shown
def take_apart(request: Any, merge_id: int) -> HttpResponse:
    found = get_object_or_404(CustomerMerge, pk=merge_id, kept=request.customer)
    undo_merge(merge_id=found.pk, by=Actor.of(request.user), now=timezone.now())
    messages.success(request, _("Undone. Both records stand for themselves again."))
    return redirect("customers:customer", request.customer.uid)


def _merge_page(request: Any, *, status: int = 200, **more: Any) -> HttpResponse:
    form = more.get("form") or MergeForm()
    context = {"customer": request.customer, "who": recognizable(request.customer), "reason": form["reason"]} | more
    return render(request, "customers/merge.html", context, status=status)


def _back(request: Any, problem: str) -> HttpResponse:
    messages.error(request, problem)
    return redirect("customers:customer", request.customer.uid)
