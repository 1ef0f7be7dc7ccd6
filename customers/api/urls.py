"""Customers, for machines."""

from django.urls import path

from customers.api.views import customers

ONE = "customers/<uuid:customer_id>"

urlpatterns = [
    path("customers", customers.Customers.as_view(), name="api-customers"),
    path(ONE, customers.OneCustomer.as_view(), name="api-customer"),
    path(f"{ONE}/consents", customers.Consents.as_view(), name="api-customer-consents"),
    path(f"{ONE}/wishlist", customers.Wishlist.as_view(), name="api-customer-wishlist"),
    path(f"{ONE}/wishlist/<path:sku>", customers.OneWish.as_view(), name="api-customer-wish"),
    path(f"{ONE}/loyalty", customers.Loyalty.as_view(), name="api-customer-loyalty"),
    path(f"{ONE}/store-credit", customers.StoreCredits.as_view(), name="api-customer-store-credit"),
    path(f"{ONE}/timeline", customers.Timeline.as_view(), name="api-customer-timeline"),
    path(f"{ONE}/merge", customers.Merge.as_view(), name="api-customer-merge"),
]
