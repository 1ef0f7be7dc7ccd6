"""The page of one kind of thing in HQ."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Field, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from omni.core.hq.act_page import act_page, to_act_page
from omni.core.hq.acts import Act
from omni.core.hq.lists import LongList, ShortList
from omni.core.hq.permissions import READ, ByCapability
from omni.core.hq.search import found_by
from omni.core.hq.show import NOTHING
from omni.core.ui.words import money_words


class HqAdmin(ByCapability, admin.ModelAdmin):
    """Lists, pages and acts of one model; subclasses name who reads, adds and changes it, and where it hangs.

    `finds` is how its search works (see search.py), `acts` what can be done with it, `section` and `position` where
    the first page shows it. A `long` list is walked by the indexed key `walk_by` and never counted.
    """

    section: Any = _("Under the hood")
    position = 100
    pages: tuple[tuple[str, Any], ...] = ()  # (URL name, label) of pages beside the list
    finds: Mapping[str, str] = {}
    acts: tuple[Act, ...] = ()
    long = False
    walk_by = "pk"
    newest_first = True
    keeps_log = True
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0
    view_on_site = False
    save_on_top = False
    list_select_related: ClassVar[Any] = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ShortList]:
        return LongList if self.long else ShortList

    def get_sortable_by(self, request: HttpRequest) -> Any:
        return () if self.long else super().get_sortable_by(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.within(request, super().get_queryset(request), self.reads)

    def get_search_fields(self, request: HttpRequest) -> Any:
        return tuple(self.finds)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(found_by(self.model, self.finds, search_term)), False

    def frame(self, request: HttpRequest) -> dict[str, Any]:
        """What a page of our own beside Django's needs around it."""
        return {**self.admin_site.each_context(request), "opts": self.opts, "section": self.section}

    def row_name(self, row: Any) -> str:
        """What a page about this row is called."""
        return str(row)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """A choice is a choice; what can be chosen is made on its own page, not in a pop-up."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write what was changed and nothing else: the rest of the row may have moved on since the form was drawn."""
        if not change:
            obj.save(force_insert=True)
            return
        columns = {field.name for field in obj._meta.get_fields() if isinstance(field, Field)}
        obj.save(update_fields=[name for name in form.changed_data if name in columns])

    # --- acts ---------------------------------------------------------------------------------------------

    def allowed_acts(self, request: HttpRequest) -> dict[str, Act]:
        """The acts that this person may carry out somewhere."""
        return {act.name: act for act in self.acts if self.holds(request, act.capability)}

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        view: Callable[..., HttpResponse] = self.admin_site.admin_view(self.act_view)
        return [path("act/<slug:name>/", view, name=name), *super().get_urls()]

    def act_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Ask for what an act needs to know, then carry it out."""
        return act_page(self, request, name)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {act.name: (to_act_page, act.name, act.label) for act in self.allowed_acts(request).values()}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        thing = context.get("original")
        if thing is not None:
            context["acts"] = [
                {"label": act.label, "name": act.name}
                for act in self.allowed_acts(request).values()
                if act.applies(thing)
            ]
            context["title"], context["subtitle"] = self.row_name(thing), capfirst(str(self.opts.verbose_name))
        context["keeps_log"] = self.keeps_log
        context["show_save_and_add_another"] = False
        context["section"] = self.section
        return super().render_change_form(request, context, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"section": self.section} | (extra_context or {}))


class ReadOnlyAdmin(HqAdmin):
    """Rows that only operations write."""

    reads = READ
    keeps_log = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if self.fieldsets:
            return flatten_fieldsets(self.fieldsets)
        return self.fields


class LabelledInline(admin.TabularInline):
    """Parts edited in a table: a field has its column's words as its own label, for those who cannot see the column."""

    extra = 0

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        for name, field in formset.form.base_fields.items():
            field.widget.attrs.setdefault("aria-label", str(field.label or name))
        return formset


class ReadOnlyInline(admin.TabularInline):
    """Parts of a thing, shown below it; whoever may see the thing may see them."""

    template = "admin/hq/table_inline.html"
    extra = 0
    can_delete = False
    money_in = ""  # where a row's currency is found, such as "order.currency": its amounts are then shown as money

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        is_money = self.money_in != ""
        names = [str(name) for name in super().get_fields(request, obj)]
        return [self._as_money(name) if is_money and name.endswith("amount") else name for name in names]

    def _as_money(self, name: str) -> str:
        """The column of this amount, in the way people write money."""
        amount, currency = attrgetter(name), attrgetter(self.money_in)

        @admin.display(description=self.model._meta.get_field(name).verbose_name)
        def shown(row: Any) -> str:
            return NOTHING if amount(row) is None else money_words(amount(row), currency=currency(row))

        setattr(self, f"shown_{name}", shown)
        return f"shown_{name}"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
