"""A customer's page: who they are, what they agreed to, what they bought, want and said, in one place."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers.forms import CustomerForm, NoteForm
from customers.masking import masked_email, masked_phone
from customers.models import Consent, Customer, CustomerMerge, CustomerNote, StoreCredit, Wish
from customers.operations.keep_customer import update_customer
from customers.operations.loyalty import points_of
from customers.operations.note_view import note_view
from customers.operations.record_consent import consents_of
from customers.story import exported, timeline
from customers.views.opened import opened_customer, purpose_of
from customers.views.search import FIELD_OF
from omni.core.access import can
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.web import fragment

NOTES_SHOWN, STORY_SHOWN, CREDITS_SHOWN = 20, 40, 20
AISLE = "orders:sell"  # where an item is sold from wherever it is; it finds by ?q=
PIECES = ["orders:for_customer", "returns:for_customer"]


@opened_customer
@require_safe
def customer(request: Any) -> HttpResponse:
    return draw(request, request.customer)


@opened_customer
@require_POST
def show_contact(request: Any) -> HttpResponse:
    """Phone and e-mail in full: a second look that is written down as one."""
    who = request.customer
    note_view(customer=who, purpose=purpose_of(request, who) or "", shown="contact", by=Actor.of(request.user),
              now=timezone.now())  # fmt: skip
    if request.htmx:
        return fragment(
            request, "customers/customer.html#contact", {"customer": who, "contact": who}, page=request.path
        )
    return draw(request, who, contact=who)


@opened_customer
@require_http_methods(["GET", "POST"])
def edit(request: Any) -> HttpResponse:
    """Put name, phone and e-mail right; the form shows them in full, so opening it counts as a look."""
    who: Customer = request.customer
    if request.method == "GET":
        note_view(customer=who, purpose="correct", shown="contact", by=Actor.of(request.user), now=timezone.now())
    form = CustomerForm(request.POST or None, initial={name: getattr(who, name) for name in ("name", "phone", "email")})
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                update_customer(
                    customer_id=who.pk, changes=form.cleaned_data, by=Actor.of(request.user), now=timezone.now()
                )
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(refusal.code), str(refusal))
            status = refusal.status
        else:
            return redirect("customers:customer", who.uid)
    return render(request, "customers/edit.html", {"customer": who, "form": form}, status=status)


@opened_customer(capability="configure")
@require_safe
def export(request: Any) -> HttpResponse:
    """Everything about them as a file, for them to take along; HQ hands it out."""
    who = request.customer
    note_view(customer=who, purpose=purpose_of(request, who) or "", shown="export", by=Actor.of(request.user),
              now=timezone.now())  # fmt: skip
    answer = JsonResponse(exported(who), json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="customer-{who.uid}.json"'
    return answer


def draw(request: HttpRequest, who: Customer, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page; after a refusal with what was typed."""
    family = who.family_ids()
    notes = CustomerNote.objects.filter(customer__in=family, hidden_at=None).order_by("-is_pinned", "-written_at")
    wishes = Wish.objects.filter(customer__in=family).open().order_by("-added_at")
    context = {
        "customer": who, "tier": who.get_tier_display(), "points": points_of(family), "consents": _consents(family),
        "masked": {"phone": masked_phone(who.phone), "email": masked_email(who.email)},
        "notes": list(notes[:NOTES_SHOWN]), "wishes": [_wish(each) for each in wishes[:50]],
        "note_form": NoteForm(), "timeline": timeline(who, limit=STORY_SHOWN), "purpose": purpose_of(request, who),
        "pieces": _pieces(who), "may_merge": can(request.user, "approve"), "may_export": can(request.user, "configure"),
        "credits": list(StoreCredit.objects.of_family(family)[:CREDITS_SHOWN]),
        "merges": CustomerMerge.objects.filter(kept=who, undone_at=None).select_related("gone"),
        "place": getattr(request, "location", None),
    }  # fmt: skip
    return render(request, "customers/customer.html", context | more, status=status)


def _consents(family: list[int]) -> list[dict]:
    holds = consents_of(family)
    return [
        {"channel": channel, "purpose": purpose, "said": holds.get((channel, purpose)),
         "words": f"{Consent.Purpose(purpose).label} · {Consent.Channel(channel).label}"}
        for purpose in Consent.Purpose.values
        for channel in Consent.Channel.values
    ]  # fmt: skip


def _wish(wish: Wish) -> dict:
    aisle, query = _url(AISLE), urlencode({"q": wish.sku})
    return {"wish": wish, "sell_url": f"{aisle}?{query}" if aisle else "",
            "look_url": _url("inventory:item_words", wish.sku)}  # fmt: skip


def _pieces(who: Customer) -> list[dict]:
    """Parts that other apps draw, where they have one; each fails alone."""
    titles = {"orders:for_customer": _("Orders"), "returns:for_customer": _("Returns")}
    found = [{"title": titles[name], "url": _url(name, who.pk), "id": name.partition(":")[0]} for name in PIECES]
    return [piece for piece in found if piece["url"]]


def _url(name: str, *arguments: object) -> str | None:
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return None
