"""A tiny API door, to try what every door is built from."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.response import Response
from rest_framework.views import APIView

from omni.core.api import (
    ConditionalReads,
    MetadataField,
    MoneyField,
    OffsetDateTimeField,
    StrictBoolean,
    StrictChar,
    StrictInteger,
    StrictSerializer,
    idempotent,
)
from omni.core.events import emit
from omni.core.models import Job
from omni.core.refusals import Invalid, NotAllowed, Refusal
from omni.core.web import at_location, fragment, needs, refusals_shown

TOPIC = "trial.done"


class Line(StrictSerializer):
    sku = StrictChar(max_length=20)
    quantity = StrictInteger(min_value=1, max_value=1000)


class Body(StrictSerializer):
    name = StrictChar(max_length=50)
    quantity = StrictInteger(min_value=1, max_value=1000, required=False)
    amount = MoneyField(required=False)
    at = OffsetDateTimeField(required=False)
    gift = StrictBoolean(required=False)
    lines = Line(many=True, required=False)
    metadata = MetadataField(required=False)


class Acts(ConditionalReads, APIView):
    """Each call with effects leaves one Job and one event."""

    required_scopes = {"GET": "trial:read", "POST": "trial:write"}
    calls = 0

    def get(self, request: Any) -> Response:
        return Response({"jobs": list(Job.objects.values_list("kind", flat=True).order_by("id"))})

    @idempotent
    def post(self, request: Any) -> Response:
        type(self).calls += 1
        body = Body(data=request.data)
        body.is_valid(raise_exception=True)
        said = body.validated_data
        job = Job.objects.create(kind=said["name"])
        emit(TOPIC, aggregate=("trial", str(job.pk)), payload=dict(said))
        refuse = {
            "refuse": Refusal("short_stock", "Only 1 left.", errors=[{"pointer": "/lines/0", "code": "short_stock"}]),
            "invalid": Invalid("wrong_currency", "This store sells in USD."),
            "forbid": NotAllowed("not_yours", "Another store's."),
        }.get(said["name"])
        if refuse:
            raise refuse
        if said["name"] == "crash":
            raise RuntimeError("a bug")
        status = 409 if said["name"] == "answer 409" else 201
        return Response({"id": str(job.pk), "z": 1, "a": 2}, status=status, headers={"Location": f"/trial/{job.pk}"})


class Closed(APIView):
    """A view that names no scope."""

    def get(self, request: Any) -> Response:
        return Response({"secret": True})


@refusals_shown
def page(request: HttpRequest) -> HttpResponse:
    if "refuse" in request.GET:
        raise Refusal("short_stock", "Only 1 left at Oak Street.")
    status = int(request.GET.get("status", 200))
    return fragment(request, "trial.html#part", {"word": "typed"}, page="/there/", status=status)


def undecorated(request: HttpRequest) -> HttpResponse:
    raise Refusal("short_stock", "Only 1 left at Oak Street.")


@at_location(capability="pause")
def at_store(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.location))


@needs("configure")
def for_hq(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hq")
