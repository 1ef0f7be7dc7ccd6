"""How a cart could reach its customer."""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inventory.models import Location
from omni.core.api import api_key
from omni.core.refusals import Invalid
from orders.api.serializers.options import OptionsBody, OptionsSerializer, options_answer
from orders.operations.cart_lines import Asked
from orders.operations.fulfillment_options import fulfillment_options
from orders.operations.ship_options import SERVICES


class FulfillmentOptions(APIView):
    """Carts that ask how they could be fulfilled."""

    required_scopes = {"POST": "orders:read"}
    only_reads = True

    @extend_schema(
        operation_id="fulfillment_options_read", tags=["fulfillment options"], request=OptionsBody,
        responses={200: OptionsSerializer},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """By each service the plan that an order placed now would get, and the nearest stores that have everything.
        Nothing is kept, so it needs no idempotency key."""
        said = OptionsBody.accept(request.data)
        asked = [Asked(**line) for line in said["lines"]]
        if len({each.reference for each in asked}) < len(asked):
            problem = {"pointer": "/lines", "code": "duplicate", "detail": _("Each line needs its own reference.")}
            raise Invalid("invalid_cart", _("This cart cannot be fulfilled as it is."), errors=[problem])
        scopes = api_key(request).location_scopes
        seen = None if scopes is None else frozenset(Location.objects.within(scopes).values_list("pk", flat=True))
        found = fulfillment_options(
            asked=asked, channel=said["channel"], currency=said["currency"], address=dict(said["ship_to"]),
            services=list(dict.fromkeys(said.get("services", SERVICES))), tags=said.get("tags", ()),
            seen=seen, now=timezone.now(),
        )  # fmt: skip
        return Response(options_answer(found, seen))
