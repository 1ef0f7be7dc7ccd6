"""What stands behind the question mark is read as strictly as a body."""

import re
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from omni.core.rest.fields import OffsetDateTimeField
from omni.core.rest.pages import CursorPages

BROKEN_PLUS = re.compile(r" (\d{2}:\d{2})$")


class StrictQuery(serializers.Serializer[Any]):
    """Refuses parameters it does not know (a misspelled filter must not answer everything), and single ones twice."""

    @classmethod
    def read(cls, request: Request) -> dict[str, Any]:
        """The accepted parameters of a request; ValidationError (400) otherwise."""
        query = cls(data=request.query_params)
        query.is_valid(raise_exception=True)
        accepted: dict[str, Any] = query.validated_data
        return accepted

    def to_internal_value(self, data: QueryDict) -> Any:
        """The accepted values."""
        problems = {name: [problem] for name in data if (problem := self._problem(name, data))}
        if problems:
            raise ValidationError(problems)
        return super().to_internal_value(data)

    def _problem(self, name: str, data: QueryDict) -> ErrorDetail | None:
        field = self.fields.get(name)
        if field is None:
            return ErrorDetail(_("There is no such parameter."), code="unknown_parameter")
        if len(data.getlist(name)) > 1 and not isinstance(field, serializers.ListField):
            return ErrorDetail(_("Give this parameter once."), code="repeated_parameter")
        return None


class PageQuery(StrictQuery):
    """The parameters of every list that comes in pages; lists with filters add theirs."""

    cursor = serializers.CharField(required=False, max_length=500, help_text="From the previous page's `next`.")
    limit = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=CursorPages.max_page_size,
        help_text=f"Rows of a page, {CursorPages.page_size} unless said.",
    )


class QueryDateTimeField(OffsetDateTimeField):
    """The same as in bodies; a plus sign that arrived as a space, as browsers and curl send it, is read as meant."""

    def to_internal_value(self, value: Any) -> datetime:
        """The moment."""
        return super().to_internal_value(BROKEN_PLUS.sub(r"+\1", value) if isinstance(value, str) else value)
