"""Which customers a key may see: all of the chain, or none."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from customers.models import Customer
from omni.core.models import ApiKey


class WholeChain(BasePermission):
    """Customers belong to no store, so that a key for some locations may not look at them."""

    message = _("This key is limited to some locations; customers belong to the whole chain.")
    code = "limited_key"

    def has_permission(self, request: Request, view: Any) -> bool:
        """True for a key that sees every location."""
        return isinstance(request.auth, ApiKey) and not request.auth.locations


def shown(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """With what is told of each."""
    return customers.prefetch_related("merged", "consents")


def customer_of(uid: UUID) -> Customer:
    """The living one behind an id, also of one that was merged into them; 404 for nobody and for the forgotten."""
    found = get_object_or_404(Customer.objects.known(), uid=uid)
    return get_object_or_404(shown(Customer.objects.living()), pk=(found.merged_into or found).pk)
