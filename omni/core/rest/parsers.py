"""A body is read strictly, or refused with the reason."""

import json
from collections.abc import Mapping
from math import isfinite
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

DEEPEST = 32


class TooLarge(APIException):
    """The body is larger than anything we read."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = _("The body is larger than 1 MiB.")


class StrictJSONParser(JSONParser):
    """UTF-8 JSON of at most 1 MiB and 32 levels, each key once, no NaN, no Infinity and no NUL."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The parsed body; ParseError (400) or TooLarge (413) with a code that names what is wrong."""
        text = _text(_body(stream, parser_context))
        try:
            value = json.loads(text, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_each_key_once)
        except RecursionError as error:
            raise _too_deep() from error
        except ValueError as error:
            raise ParseError(_("The body is not valid JSON: %s") % error, code="malformed_json") from error
        _check(value)
        return value


def _body(stream: IO[Any], context: Mapping[str, Any] | None) -> bytes:
    request = (context or {}).get("request")
    django_request = getattr(request, "_request", None)
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    try:
        body: bytes = django_request.body if django_request is not None else stream.read(limit + 1)
    except RequestDataTooBig as error:
        raise TooLarge from error
    if len(body) > limit:
        raise TooLarge
    return body


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ParseError(_("The body is not UTF-8."), code="not_utf8") from error


def _no_constant(name: str) -> Any:
    raise ParseError(_("%s is not a JSON number.") % name, code="not_a_number")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if isfinite(number) else _no_constant(digits[:20])


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ParseError(_("An object names the same field twice."), code="duplicate_field")
    return found


def _check(value: Any) -> None:
    """Walk without recursion: the depth is what is being checked."""
    waiting = [(value, 1)]
    while waiting:
        current, depth = waiting.pop()
        if isinstance(current, str):
            _check_text(current)
        elif isinstance(current, (dict, list)):
            if depth > DEEPEST:
                raise _too_deep()
            if isinstance(current, dict):
                waiting.extend((key, depth) for key in current)
                current = list(current.values())
            waiting.extend((item, depth + 1) for item in current)


def _check_text(text: str) -> None:
    if "\0" in text:
        raise ParseError(_("A text holds a NUL character."), code="nul_character")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ParseError(_("A text holds half a surrogate pair."), code="not_utf8")


def _too_deep() -> ParseError:
    return ParseError(_("The body is nested deeper than %d levels.") % DEEPEST, code="too_deep")
