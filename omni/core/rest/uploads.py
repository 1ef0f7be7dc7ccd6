"""Files as the body of a request: read piece by piece, never as a whole."""

from collections.abc import Iterator, Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

CHUNK = 256 * 1024


class LengthRequired(APIException):
    """A body that does not say how long it is."""

    status_code = status.HTTP_411_LENGTH_REQUIRED
    default_code = "length_required"
    default_detail = _("Say with Content-Length how many bytes the file has.")


class _Upload(BaseParser):
    """Leaves the body where it is; the view reads it with `uploaded`."""

    def parse(  # type: ignore[override]
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> IO[Any]:
        """The stream itself."""
        return stream


class CsvUpload(_Upload):
    """A table with a header."""

    media_type = "text/csv"


class NdjsonUpload(_Upload):
    """One JSON object a line."""

    media_type = "application/x-ndjson"


def uploaded(request: Request) -> Iterator[bytes]:
    """The body in pieces; LengthRequired (411) where nothing says that there is one."""
    stream = request.data  # chooses the parser: 415 for what none of them takes
    if not hasattr(stream, "read"):
        raise LengthRequired
    while chunk := stream.read(CHUNK):
        yield chunk
