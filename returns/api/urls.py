"""Returns, for machines."""

from django.urls import path

from returns.api.views import acts, returns

RETURN = "returns/<int:rma_number>"

urlpatterns = [
    path("returns", returns.Returns.as_view(), name="api-returns"),
    path(RETURN, returns.OneReturn.as_view(), name="api-return"),
    path(f"{RETURN}/label", returns.Label.as_view(), name="api-return-label"),
    path(f"{RETURN}/receipt", acts.Receipt.as_view(), name="api-return-receipt"),
    path(f"{RETURN}/cancellation", acts.Cancellation.as_view(), name="api-return-cancellation"),
]
