"""Fields of answers that know where they belong: times keep their zone, amounts their currency."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import get_attribute

from omni.core.currencies import amount_text


@extend_schema_field(OpenApiTypes.DATETIME)
class ZonedTimeField(serializers.Field[datetime, Any, str, Any]):
    """RFC 3339 with the offset the moment came with: a promise is read on the store's own clock."""

    def __init__(self, **kwargs: Any) -> None:
        # The schema calls what is read-only required: one that may be missing must say so.
        if "required" not in kwargs:
            kwargs["read_only"] = True
        super().__init__(**kwargs)

    def to_representation(self, value: datetime) -> str:
        """The moment, to the second."""
        return value.replace(microsecond=0).isoformat()


@extend_schema_field({"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "example": "19.99"})
class AmountField(serializers.Field[tuple[Decimal, str], Any, str, Any]):
    """A decimal text with as many decimals as its currency has; `currency` is the path to it."""

    def __init__(self, *, currency: str = "currency", **kwargs: Any) -> None:
        self.currency = currency.split(".")
        super().__init__(read_only=True, **kwargs)

    def get_attribute(self, instance: Any) -> tuple[Decimal, str]:
        """The amount with its currency."""
        return super().get_attribute(instance), get_attribute(instance, self.currency)  # type: ignore[return-value]

    def to_representation(self, value: tuple[Decimal, str]) -> str:
        """`19.99`."""
        return amount_text(*value)
