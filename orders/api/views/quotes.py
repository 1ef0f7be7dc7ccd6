"""What a cart costs, and a word that is kept."""

from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inventory.models import Location
from omni.core.actors import Actor
from omni.core.api import api_key, idempotent
from omni.core.models import ApiKey
from omni.core.refusals import Invalid
from orders.api.serializers.quote import QuoteBody, QuoteSerializer, quote_answer
from orders.operations.quote_prices import CartLine, place_of, quote_prices
from orders.quoting import Rate


class PriceQuotes(APIView):
    """Carts that ask for their price."""

    required_scopes = {"POST": "orders:write"}

    @extend_schema(
        operation_id="price_quotes_create", tags=["price quotes"], request=QuoteBody, responses={201: QuoteSerializer}
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """List prices, the best promotion of each line, taxes; `POST /orders` with the `id` charges exactly this."""
        said = QuoteBody.accept(request.data)
        key = api_key(request)
        made = quote_prices(
            lines=[CartLine(**line) for line in said["lines"]], currency=said["currency"], codes=said.get("codes", ()),
            place=_place(said, key), rates=_rates(said), tax_included=said["prices_include_tax"],
            by=Actor.of_key(key), now=timezone.now(),
        )  # fmt: skip
        return Response(quote_answer(made, said["channel"]), status=status.HTTP_201_CREATED)


def _place(said: dict[str, Any], key: ApiKey) -> dict[str, str] | None:
    if "ship_to" in said:
        return dict(said["ship_to"])
    if "location" not in said:
        return None
    location = Location.objects.within(key.location_scopes).filter(code=said["location"]).first()
    if location is None:
        detail = _("No location has the code %s.") % said["location"]
        problem = {"pointer": "/location", "code": "unknown_location", "detail": detail}
        raise Invalid("invalid_quote", _("This cart cannot be priced as it is."), errors=[problem])
    return place_of(location)


def _rates(said: dict[str, Any]) -> list[Rate] | None:
    if "taxes" not in said:
        return None
    rates = [Rate(each["name"], Decimal(each["rate"])) for each in said["taxes"]]
    problems = [
        {"pointer": f"/taxes/{n}/rate", "code": "not_a_share", "detail": _("A rate is a share below 1.")}
        for n, rate in enumerate(rates) if rate.rate >= 1
    ]  # fmt: skip
    if problems:
        raise Invalid("invalid_quote", _("This cart cannot be priced as it is."), errors=problems)
    return rates
