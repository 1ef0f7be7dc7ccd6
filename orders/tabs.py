"""The doors to the rooms of orders."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from omni.core import practice
from omni.core.tabs import register
from orders.models import Arrival, FulfillmentOrder
from orders.models.fulfillment_order import FREE
from orders.practice.guide import guide


def _picking(location) -> QuerySet:
    return FulfillmentOrder.objects.at(location).queue()


def _waiting(location) -> QuerySet:
    return FulfillmentOrder.objects.at(location).waiting_for_collection()


def _outside(location) -> QuerySet:
    return Arrival.objects.waiting_at(location)


def _partners(location) -> QuerySet:
    return FulfillmentOrder.objects.at(location).of_partners().filter(status__in=FREE, order__hold="")


def _shipping(location) -> QuerySet:
    return FulfillmentOrder.objects.at(location).to_ship()


register(10, _("Today"), "orders:today")
register(15, _("Shift"), "orders:shift", capability="staff")
register(17, _("Sell"), "orders:sell")
register(20, _("Pick"), "orders:queue", _picking)
register(30, _("Pickup"), "orders:desk", _waiting, alarm_fn=_outside)
register(40, _("Ship"), "orders:to_ship", _shipping)
register(1, _("Orders"), "orders:partner", _partners, "partner")
register(2, _("Stock"), "orders:partner_stock", capability="partner")
register(3, _("Sent and refused"), "orders:partner_history", capability="partner")
register(90, _("District"), "orders:district", capability="oversee")

practice.lend_guide(guide)
