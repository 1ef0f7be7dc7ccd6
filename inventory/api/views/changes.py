"""How a channel stays in step with the pool: what changed after a number, and digests to compare."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inventory.api.reach import channel_of
from inventory.api.serializers.changes import ChangesQuery, ChangesSerializer, DigestQuery, DigestSerializer
from inventory.api.views.availability import UNKNOWN, named_locations
from inventory.changes import changes_after, digest, ends, shelves_of_bucket
from inventory.models import Location
from omni.core.api import ProblemSerializer, api_key
from omni.core.problems import CONTENT_TYPE
from omni.core.refusals import Invalid, Refusal

GONE = OpenApiResponse(ProblemSerializer, "Older than what is kept: compare digests, then go on from the newest.")


class Changes(APIView):
    """Shelves that changed, under numbers without gaps."""

    required_scopes = {"GET": "inventory:read"}

    @extend_schema(
        operation_id="inventory_changes",
        tags=["inventory"],
        parameters=[ChangesQuery],
        responses={200: ChangesSerializer, (410, CONTENT_TYPE): GONE, (422, CONTENT_TYPE): UNKNOWN},
    )
    def get(self, request: Request) -> Response:
        """The next changes after a number, each with what the shelf holds now. A key sees its own locations."""
        asked = ChangesQuery.read(request)
        key = api_key(request)
        first, newest = ends()
        after = asked["after"]
        if after > newest:
            problem: dict[str, Any] = {"pointer": "/after", "code": "unknown_sequence", "detail": _("Not given yet.")}
            raise Invalid("unknown_sequence", _("The last number is %d.") % newest, errors=[problem])
        if after < first - 1 and after:
            raise Refusal("changes_expired", _("Changes before number %d are no longer kept. Compare digests.") % first,
                          status=410, newest_sequence=newest)  # fmt: skip
        places = Location.objects.within(key.location_scopes)
        found = changes_after(sequence=after, places=places, channel=channel_of(key, asked), most=asked["limit"])
        last = min(max(after, first - 1) + asked["limit"], newest)
        return Response(ChangesSerializer({"results": found, "last_sequence": last, "newest_sequence": newest}).data)


class Digests(APIView):
    """A location in a few numbers."""

    required_scopes = {"GET": "inventory:read"}

    @extend_schema(
        operation_id="inventory_digest",
        tags=["inventory"],
        parameters=[DigestQuery],
        responses={200: DigestSerializer, (422, CONTENT_TYPE): UNKNOWN},
    )
    def get(self, request: Request) -> Response:
        """Digests of a location's shelves in 256 buckets; with `bucket`, the shelves of that one."""
        asked = DigestQuery.read(request)
        key = api_key(request)
        mine = Location.objects.within(key.location_scopes)
        place, channel = named_locations(mine, [asked["location"]]).get(), channel_of(key, asked)
        if "bucket" not in asked:
            found = digest(location=place, channel=channel)
            return Response(DigestSerializer({
                "location": place.code, "sequence": found.sequence, "shelves": found.shelves, "digest": found.digest,
                "buckets": found.buckets,
            }).data)  # fmt: skip
        rows = shelves_of_bucket(location=place, channel=channel, bucket=asked["bucket"])
        results = [{"sku": sku, "on_hand": units, "available": available} for sku, units, available in rows]
        return Response(DigestSerializer({
            "location": place.code, "bucket": asked["bucket"], "results": results,
        }).data)  # fmt: skip
