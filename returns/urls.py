"""The rooms of returns."""

from django.urls import path

from returns.views import desk, exchange, held, intake, one, purchase, shown_elsewhere

app_name = "returns"
urlpatterns = [
    path("returns/", desk.desk, name="desk"),
    path("returns/without-receipt/", desk.blind, name="blind"),
    path("returns/parcels/", intake.intake, name="intake"),
    path("returns/held/", held.held, name="held"),
    path("returns/held/<int:unit_id>/", held.regrade_unit, name="regrade"),
    path("returns/orders/<int:number>/", purchase.purchase, name="purchase"),
    path("returns/<int:rma_number>/", one.one, name="one"),
    path("returns/<int:rma_number>/scan/", one.scan, name="scan"),
    path("returns/<int:rma_number>/look/", one.look, name="look"),
    path("returns/<int:rma_number>/refund/", one.refund, name="refund"),
    path("returns/<int:rma_number>/exchange/", exchange.exchange, name="exchange"),
    path("returns/<int:rma_number>/exchange/change/", exchange.change, name="change_exchange"),
    path("returns/<int:rma_number>/exchange/complete/", exchange.complete, name="complete_exchange"),
    path("returns/<int:rma_number>/cancel/", one.cancel, name="cancel"),
    path("returns/<int:rma_number>/decide/", one.decide, name="decide"),
    path("returns/<int:rma_number>/units/<int:unit_id>/remove/", one.remove, name="remove"),
    path("returns/<int:rma_number>/units/<int:unit_id>/photo/", one.photo, name="photo"),
    # Pieces of other apps' pages.
    path("returns/of-order/<int:number>/", shown_elsewhere.for_order, name="for_order"),
    path("returns/of-customer/<int:customer_id>/", shown_elsewhere.for_customer, name="for_customer"),
]
