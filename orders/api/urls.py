"""Orders and the work that they become, for machines."""

from django.urls import path

from orders.api.views import dropship, options, order_acts, orders, quotes, rule_sets, shipments, work, work_acts

ORDER = "orders/<int:number>"
WORK = "fulfillment-orders/<str:number>"
DROPSHIP = "dropship-orders/<str:number>"

urlpatterns = [
    path("orders", orders.Orders.as_view(), name="api-orders"),
    path("fulfillment-options", options.FulfillmentOptions.as_view(), name="api-fulfillment-options"),
    path("price-quotes", quotes.PriceQuotes.as_view(), name="api-price-quotes"),
    path(ORDER, orders.OneOrder.as_view(), name="api-order"),
    path(f"{ORDER}/cancellation", order_acts.Cancellation.as_view(), name="api-order-cancellation"),
    path(f"{ORDER}/collector", order_acts.Collector.as_view(), name="api-order-collector"),
    path(f"{ORDER}/hold", order_acts.Hold.as_view(), name="api-order-hold"),
    path(f"{ORDER}/shipping-address", order_acts.ShippingAddress.as_view(), name="api-order-shipping-address"),
    path("fulfillment-orders", work.FulfillmentOrders.as_view(), name="api-fulfillment-orders"),
    path(WORK, work.OneFulfillmentOrder.as_view(), name="api-fulfillment-order"),
    path(f"{WORK}/acceptance", work_acts.Acceptance.as_view(), name="api-acceptance"),
    path(f"{WORK}/decline", work_acts.Decline.as_view(), name="api-decline"),
    path(f"{WORK}/pack", work_acts.Pack.as_view(), name="api-pack"),
    path(f"{WORK}/shipment", work_acts.Shipment.as_view(), name="api-shipment"),
    path(f"{WORK}/hand-over", work_acts.HandOver.as_view(), name="api-hand-over"),
    path(f"{WORK}/arrival", work_acts.Arrival.as_view(), name="api-arrival"),
    path("dropship-orders", dropship.DropshipOrders.as_view(), name="api-dropship-orders"),
    path(DROPSHIP, dropship.OneDropshipOrder.as_view(), name="api-dropship-order"),
    path(f"{DROPSHIP}/acknowledgement", dropship.Acknowledgement.as_view(), name="api-dropship-acknowledgement"),
    path(f"{DROPSHIP}/confirmation", dropship.PartnerConfirmation.as_view(), name="api-dropship-confirmation"),
    path(f"{DROPSHIP}/refusal", dropship.PartnerRefusal.as_view(), name="api-dropship-refusal"),
    path(f"{DROPSHIP}/shipments", dropship.PartnerShipments.as_view(), name="api-dropship-shipments"),
    path("routing/rule-sets", rule_sets.RuleSets.as_view(), name="api-rule-sets"),
    path("shipments", shipments.Shipments.as_view(), name="api-shipments"),
    path("shipments/<str:number>", shipments.OneShipment.as_view(), name="api-shipment"),
]
