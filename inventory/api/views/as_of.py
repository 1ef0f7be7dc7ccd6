"""What was it on Tuesday at 14:00, and who changed it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inventory.api.serializers.movements import AsOfListSerializer, AsOfQuery
from inventory.api.views.availability import UNKNOWN, named_locations, variants_of
from inventory.as_of import changed_last, shelves_as_of
from inventory.models import Location
from omni.core.api import api_key
from omni.core.problems import CONTENT_TYPE
from omni.core.refusals import Invalid

MOST = 500  # shelves at once


class AsOf(APIView):
    """Stock at a moment in the past, read from the ledger."""

    required_scopes = {"GET": "inventory:read"}

    @extend_schema(
        operation_id="levels_as_of",
        tags=["inventory"],
        parameters=[AsOfQuery],
        responses={200: AsOfListSerializer, (422, CONTENT_TYPE): UNKNOWN},
    )
    def get(self, request: Request) -> Response:
        """Up to 500 shelves as of a moment: by the book of then, as known today, now, and who changed each last."""
        asked = AsOfQuery.read(request)
        if asked["at"] > timezone.now():
            raise _invalid("/at", "in_the_future", _("That is still to come."))
        if len(asked["sku"]) * len(asked["location"]) > MOST:
            raise _invalid("/sku", "too_many", _("Ask for at most %d shelves at once.") % MOST)
        variants = {row.pk: sku for sku, row in variants_of(asked["sku"]).items()}
        mine = Location.objects.within(api_key(request).location_scopes)
        places = dict(named_locations(mine, asked["location"]).values_list("pk", "code"))
        found = shelves_as_of(variants=list(variants), locations=list(places), at=asked["at"])
        last = changed_last(found, asked["at"])
        rows = [
            {
                "sku": variants[variant], "location": places[place], "at": asked["at"], "booked": then.booked,
                "known": then.known, "now": then.now,
                "last_change": last.get((variant, place)),
            }
            for (variant, place), then in found.items()
        ]  # fmt: skip
        rows.sort(key=lambda row: (str(row["sku"]), str(row["location"])))
        return Response(AsOfListSerializer({"results": rows}).data)


def _invalid(pointer: str, code: str, detail: str) -> Invalid:
    problem: dict[str, Any] = {"pointer": pointer, "code": code, "detail": detail}
    return Invalid(code, detail, errors=[problem])
