"""How likely a picker finds a unit."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inventory.api.serializers.confidence import ConfidenceListSerializer, ConfidenceQuery
from inventory.api.views.availability import UNKNOWN, named_locations, variants_of
from inventory.confidence import confidences, level
from inventory.models import Location, ShelfSign
from omni.core.api import api_key
from omni.core.problems import CONTENT_TYPE
from omni.core.refusals import Invalid

MOST = 500  # shelves at once


class Confidence(APIView):
    """By the model in force, and what is known of the shelf."""

    required_scopes = {"GET": "inventory:read"}

    @extend_schema(
        operation_id="confidence",
        tags=["inventory"],
        parameters=[ConfidenceQuery],
        responses={200: ConfidenceListSerializer, (422, CONTENT_TYPE): UNKNOWN},
    )
    def get(self, request: Request) -> Response:
        """Up to 500 shelves; those that were never opened are left out."""
        asked = ConfidenceQuery.read(request)
        if len(asked["sku"]) * len(asked["location"]) > MOST:
            problem = {"pointer": "/sku", "code": "too_many", "detail": _("Ask for at most %d shelves at once.") % MOST}
            raise Invalid("too_many", problem["detail"], errors=[problem])
        variants = {row.pk: sku for sku, row in variants_of(asked["sku"]).items()}
        mine = Location.objects.within(api_key(request).location_scopes)
        places = dict(named_locations(mine, asked["location"]).values_list("pk", "code"))
        found = confidences((variant, place) for variant in variants for place in places)
        signs = ShelfSign.objects.filter(variant__in=variants, location__in=places)
        known = {(row.variant_id, row.location_id): row for row in signs}
        rows = [_row(variants[key[0]], places[key[1]], chance, known.get(key)) for key, chance in found.items()]
        rows.sort(key=lambda row: (row["sku"], row["location"]))
        return Response(ConfidenceListSerializer({"results": rows}).data)


def _row(sku: str, place: str, chance: float, sign: ShelfSign | None) -> dict[str, Any]:
    return {
        "sku": sku, "location": place, "confidence": round(chance, 4), "level": level(chance),
        "counted_at": sign.counted_at if sign else None, "not_found_at": sign.missed_at if sign else None,
        "sold_at": sign.sold_at if sign else None,
    }  # fmt: skip
