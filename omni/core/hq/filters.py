"""Filters that a long list can afford: no list of 1,500 stores, no DISTINCT over a million rows."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin import ListFilter, SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class TypedFilter(ListFilter):
    """A filter into which people type a code."""

    template = "admin/hq/typed_filter.html"
    parameter = ""
    lookup = ""

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.value = ""
        if self.parameter in params:
            self.value = str(params.pop(self.parameter)[-1]).strip()
            self.used_parameters[self.parameter] = self.value

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return [self.parameter]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{self.lookup: self.value}) if self.value else queryset

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        kept = {
            name: value
            for name, values in changelist.get_filters_params(changelist.filter_params).items()
            for value in values
            if name != self.parameter
        }
        if changelist.query:
            kept["q"] = changelist.query
        yield {
            "name": self.parameter,
            "value": self.value,
            "kept": kept,
            "clear": changelist.get_query_string(remove=[self.parameter]),
        }


def typed(title: Any, parameter: str, lookup: str) -> type[TypedFilter]:
    """A typed filter: `typed(_("location code"), "at", "location__code")`."""
    return type("TypedFilter", (TypedFilter,), {"title": title, "parameter": parameter, "lookup": lookup})


class OpenFilter(SimpleListFilter):
    """Open things are shown unless somebody asks for the others too."""

    title = _("state")
    parameter_name = "state"
    closed_field = "done_at"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("closed", _("Done")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        everything = super().choices(changelist)
        yield {**next(everything), "display": _("Open")}
        yield from everything

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.filter(**{f"{self.closed_field}__isnull": self.value() != "closed"})
