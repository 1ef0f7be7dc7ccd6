"""Customers: who they are; their orders are a link away."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.credit_forms import IssueCreditForm
from customers.models import Consent, Customer
from customers.operations.erase import erase_customer
from customers.operations.store_credit import issue_credit
from omni.core.hq.acts import Act, Asked, ShownOnce
from omni.core.hq.base import ReadOnlyAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import NOTHING, link, url_or_none
from omni.core.refusals import NotAllowed

ONCE = gettext_lazy("Tell the customer now: whoever has this code can spend it, and HQ's pages show its end only.")


def _give_credit(customer: Customer, asked: Asked) -> ShownOnce:
    second = asked.data["approved_by"]
    if second is not None and second.pk == asked.user.pk:
        raise NotAllowed("same_person", _("Somebody else has to approve this, not the person who asks for it."))
    credit = issue_credit(
        amount=asked.data["amount"], currency=asked.data["currency"], key=f"hq:{asked.data['key']}:{customer.pk}",
        reason=asked.data["reason"], customer_id=customer.pk, expires_at=asked.data["expires_at"],
        approved_by=second.shown_name if second else "", by=asked.by, now=asked.now,
    )  # fmt: skip
    return ShownOnce(_("Store credit for %s") % customer, credit.printed_code, ONCE)


ERASE = Act(
    "erase", gettext_lazy("Forget this person…"), CONFIGURE,
    lambda customer, asked: erase_customer(customer_id=customer.pk, by=asked.by, now=asked.now),
    done=lambda n: ngettext("%d person was forgotten.", "%d people were forgotten.", n) % n,
    text=gettext_lazy(
        "Name, contacts, wishes and the words of notes are gone for good, here and on orders that are done. What was "
        "sold stays, without a name. Give them their export first; this cannot be undone."
    ),
    applies=lambda customer: customer.is_active,
)  # fmt: skip


@admin.register(Customer)
class CustomerAdmin(ReadOnlyAdmin):
    """Personal data: for HQ alone; a store sees it on the orders it works on."""

    section, position, reads = gettext_lazy("Orders"), 35, CONFIGURE
    long = True
    list_display = ["shown_name", "external_id", "email", "phone", "is_active", "created_at"]
    list_display_links = ["shown_name"]
    list_filter = ["is_active"]
    finds = {"external_id": "exact", "email": "exact", "phone": "exact", "name": "words"}
    search_help_text = gettext_lazy("The site's id, an e-mail, a phone (+1612…) or a name.")
    fields = [
        "shown_name", "external_id", "email", "phone", "loyalty_code", "tier", "is_active", "created_at", "merged_into",
        "erased_at", "orders", "credits", "page",
    ]  # fmt: skip
    acts = (
        ERASE,
        Act("credit", gettext_lazy("Give store credit…"), CONFIGURE, _give_credit, form=IssueCreditForm,
            text=gettext_lazy("A new credit with a code of its own. The ledger keeps who gave it, and why."),
            done=lambda n: ngettext("%d store credit is issued.", "%d store credits are issued.", n) % n),
    )  # fmt: skip

    @admin.display(description=gettext_lazy("name"))
    def shown_name(self, customer: Customer) -> str:
        return str(customer)

    @admin.display(description=gettext_lazy("orders"))
    def orders(self, customer: Customer) -> str:
        url = url_or_none("admin:orders_order_changelist")
        return link(_("Orders of this customer"), f"{url}?customer__id__exact={customer.pk}") if url else NOTHING

    @admin.display(description=gettext_lazy("store credit"))
    def credits(self, customer: Customer) -> str:
        url = url_or_none("admin:customers_storecredit_changelist")
        return link(_("Credits and their ledger"), f"{url}?customer__id__exact={customer.pk}") if url else NOTHING

    @admin.display(description=gettext_lazy("in the store"))
    def page(self, customer: Customer) -> str:
        url = url_or_none("customers:open", customer.uid)
        return link(_("Open the customer's page"), url) if url else NOTHING


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """Who agreed to what, as it was said; the newest word of a person holds."""

    section, position, reads = gettext_lazy("Orders"), 36, CONFIGURE
    long = True
    list_display = ["customer", "purpose", "channel", "is_given", "source", "said_at", "actor"]
    list_filter = ["purpose", "channel", "is_given", "source"]
    list_select_related = ["customer"]
    finds = {"customer__email": "exact", "customer__phone": "exact", "customer__external_id": "exact"}
    fields = ["customer", "purpose", "channel", "is_given", "source", "said_at", "recorded_at", "actor"]
