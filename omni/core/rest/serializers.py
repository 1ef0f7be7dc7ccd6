"""A body holds the fields that are written, and no others."""

from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from omni.core.rest.fields import StrictChar

MOST_METADATA_BYTES = 16 * 1024


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields it does not know, each with its pointer; a misspelled field must not pass silently."""

    @classmethod
    def accept(cls, data: Any) -> dict[str, Any]:
        """The accepted values of a whole body; raises ValidationError."""
        if data is None:
            cls(data=data).is_valid(raise_exception=True)
        accepted: dict[str, Any] = _made(cls, get_language()).run_validation(data)
        return accepted

    def to_internal_value(self, data: Any) -> Any:
        """The accepted values; what is wrong inside and what is unknown are told together."""
        unknown = self._unknown(data)
        try:
            value = super().to_internal_value(data)
        except ValidationError as error:
            if unknown and isinstance(error.detail, dict):
                raise ValidationError({**error.detail, **unknown}) from error
            raise
        if unknown:
            raise ValidationError(unknown)
        return value

    def _unknown(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            return {}
        unknown = data.keys() - self._writable
        if not unknown:
            return {}
        refused = ErrorDetail(_("There is no such field."), code="unknown_field")
        return {str(name): [refused] for name in data if name in unknown}

    @cached_property
    def _writable(self) -> frozenset[str]:
        return frozenset(name for name, field in self.fields.items() if not field.read_only)


@cache
def _made(kind: type[StrictSerializer], _language: str | None) -> StrictSerializer:
    """Made once: building all fields anew takes longer than reading a body. Messages keep their first language."""
    return kind()


class MetadataField(serializers.DictField):
    """The caller's own notes: kept and returned, never read. At most 16 KiB."""

    default_error_messages = {"too_large": "metadata holds at most 16 KiB."}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The notes as they came."""
        value = super().to_internal_value(data)
        if len(str(value)) > MOST_METADATA_BYTES:
            self.fail("too_large")
        return value


class ProblemErrorSerializer(serializers.Serializer[Any]):
    """One place in the request and what is wrong there."""

    pointer = StrictChar(help_text="JSON pointer into the request body, such as /lines/0/sku.")
    code = StrictChar()
    detail = StrictChar()


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457; some codes bring further fields."""

    type = StrictChar()
    title = StrictChar()
    status = serializers.IntegerField()
    detail = StrictChar()
    code = StrictChar(help_text="For machines; does not change within v1.")
    errors = ProblemErrorSerializer(many=True)  # type: ignore[assignment]
