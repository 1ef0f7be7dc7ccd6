"""Customers: who they are; their orders are a link away."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Customer
from omni.core.hq.base import ReadOnlyAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import NOTHING, link, url_or_none


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
    fields = ["shown_name", "external_id", "email", "phone", "is_active", "created_at", "orders"]

    @admin.display(description=gettext_lazy("name"))
    def shown_name(self, customer: Customer) -> str:
        return str(customer)

    @admin.display(description=gettext_lazy("orders"))
    def orders(self, customer: Customer) -> str:
        url = url_or_none("admin:orders_order_changelist")
        return link(_("Orders of this customer"), f"{url}?customer__id__exact={customer.pk}") if url else NOTHING
