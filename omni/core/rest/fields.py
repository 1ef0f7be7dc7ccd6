"""Fields that take what is meant and nothing that merely looks like it."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

LONGEST_TEXT = 1000
LARGEST_INTEGER = 2**31 - 1
DECIMAL_SHAPE = re.compile(r"-?[0-9]{1,10}(\.[0-9]{1,4})?")
RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})?", re.ASCII)
# Beyond these a moment may fall out of the calendar once it is shown in another time zone.
EARLIEST_YEAR, LATEST_YEAR = 1970, 2199
OFFSET = re.compile(r"([Zz]|[+-]\d{2}:\d{2})$", re.ASCII)


class StrictChar(serializers.CharField):
    """Text, and only text: a number or true is not silently turned into one. At most 1,000 characters unless said."""

    default_error_messages = {"not_text": _("This must be a text.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_TEXT)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        """The text, trimmed."""
        if not isinstance(data, str):
            self.fail("not_text")
        return super().to_internal_value(data)


class StrictInteger(serializers.IntegerField):
    """A whole JSON number; neither "3" nor true nor 3.0. Fits a database integer unless said otherwise."""

    default_error_messages = {"not_integer": _("This must be a whole number.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_value", LARGEST_INTEGER)
        kwargs.setdefault("min_value", -LARGEST_INTEGER)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        """The number."""
        if type(data) is not int:
            self.fail("not_integer")
        return data


class StrictBoolean(serializers.BooleanField):
    """true or false; neither "yes" nor 1."""

    default_error_messages = {"not_boolean": _("This must be true or false.")}

    def to_internal_value(self, data: Any) -> bool:
        """The truth."""
        if not isinstance(data, bool):
            self.fail("not_boolean")
        return data


class MoneyField(serializers.Field[Decimal, str, str, Any]):
    """An amount in major units as a decimal text ("19.99"); the operation checks it against the currency's exponent."""

    default_error_messages = {
        "not_decimal_text": _('An amount is a decimal text such as "19.99".'),
        "negative": _("An amount cannot be below zero."),
    }

    def __init__(self, *, allow_negative: bool = False, **kwargs: Any) -> None:
        self.allow_negative = allow_negative
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        """The exact amount."""
        if not isinstance(data, str) or not DECIMAL_SHAPE.fullmatch(data):
            self.fail("not_decimal_text")
        amount = Decimal(data)
        if amount < 0 and not self.allow_negative:
            self.fail("negative")
        return amount

    def to_representation(self, value: Decimal) -> str:
        """At least two decimals, and no more than there are."""
        exact = value.normalize()
        places = max(2, -int(exact.as_tuple().exponent)) if exact else 2
        return f"{value:.{places}f}"


class OffsetDateTimeField(serializers.DateTimeField):
    """RFC 3339 with an offset: a time without one means something else in every store."""

    default_error_messages = {
        "offset_required": _("Give the time with its offset, such as 2026-05-01T10:00:00Z."),
        "unlikely_year": _("The year lies between {earliest} and {latest}."),
    }

    def to_internal_value(self, value: Any) -> datetime:
        """The moment."""
        if not isinstance(value, str) or not RFC3339.fullmatch(value):
            self.fail("invalid", format="RFC 3339")
        if not OFFSET.search(value):
            self.fail("offset_required")
        try:
            moment = parse_datetime(value.upper())
        except ValueError:
            moment = None
        if moment is None:
            self.fail("invalid", format="RFC 3339")
        if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            self.fail("unlikely_year", earliest=EARLIEST_YEAR, latest=LATEST_YEAR)
        return moment
