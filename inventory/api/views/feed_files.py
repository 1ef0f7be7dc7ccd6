"""What all files of sources share over the API: whose they are, how they are listed, and how one is taken in."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from inventory.models import Feed
from omni.core.api import ConditionalReads, CsvUpload, CursorPages, NdjsonUpload, PageQuery, api_key
from omni.core.refusals import Refusal


class NewestFirst(CursorPages):
    """The last one is what people ask for."""

    ordering = ("-id",)


class ByLine(CursorPages):
    """In the order of the file."""

    ordering = ("line", "id")


class Listed(ConditionalReads, GenericAPIView[Any]):
    """Rows by page, and nothing but pages to ask for."""

    required_scopes: Any = {"GET": "inventory:read"}
    filter_backends: list[Any] = []

    def listed(self, rows: Any) -> Response:
        """One page of them; ask `PageQuery`, or a query with more in it, first."""
        return self.get_paginated_response(self.get_serializer(self.paginate_queryset(rows), many=True).data)


class FilesOfSource(Listed):
    """Files that this key's source handed in."""

    required_scopes = {"GET": "inventory:read", "POST": "inventory:write"}
    parser_classes = [CsvUpload, NdjsonUpload]
    pagination_class = NewestFirst

    def newest(self, model: Any, request: Request) -> Response:
        """Page by page, the newest first."""
        PageQuery.read(request)
        return self.listed(mine(model, request))

    def taken(self, file: Any, route: str) -> Response:
        """202 with the address at which to see how far it is."""
        file.refresh_from_db(fields=["public_id"])
        headers = {"Location": reverse(route, args=[file.public_id])}
        return Response(self.get_serializer(file).data, status=status.HTTP_202_ACCEPTED, headers=headers)


class RowsOfFile(Listed):
    """Rows of one file, in its order."""

    pagination_class = ByLine


def mine(model: Any, request: Request) -> Any:
    """Files of the sources of this key, and of the keys that it replaced."""
    return model.objects.filter(feed__api_key__lineage=api_key(request).lineage)


def feed_of(request: Request) -> Feed:
    """The source that this key speaks for."""
    feed = Feed.objects.of_key(api_key(request))
    if feed is None:
        raise Refusal("no_source", _("This key belongs to no source. HQ registers sources under Stock feeds."))
    return feed


def file_name(what: str, request: Request) -> str:
    """What was sent, named by what its headers say of it."""
    form = "csv" if CsvUpload.media_type in request.content_type else "ndjson"
    return f"{what}.{form}{'.gz' if request.headers.get('Content-Encoding', '') == 'gzip' else ''}"
