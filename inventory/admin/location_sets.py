"""Sets of locations across the tree of groups, of which rules of routing speak."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.admin.closures import STORES
from inventory.models import Location, LocationSet
from omni.core.hq.base import HqAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import link, list_url


class SetForm(forms.ModelForm):
    codes = forms.CharField(
        label=gettext_lazy("Locations"), required=False, widget=forms.Textarea({"rows": 12}),
        help_text=gettext_lazy("Their codes, one a line or separated by commas or spaces."),
    )  # fmt: skip

    class Meta:
        model = LocationSet
        fields = ["name", "code"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            codes = self.instance.locations.order_by("code").values_list("code", flat=True)
            self.initial["codes"] = "\n".join(codes)

    def clean_codes(self) -> list[Location]:
        wanted = list(dict.fromkeys(self.cleaned_data["codes"].replace(",", " ").split()))
        found = {place.code: place for place in Location.objects.filter(code__in=wanted)}
        if unknown := [code for code in wanted if code not in found]:
            shown = ", ".join(unknown[:10])
            raise forms.ValidationError(_("There is no location %s.") % shown)
        return [found[code] for code in wanted]


@admin.register(LocationSet)
class LocationSetAdmin(HqAdmin):
    """Flagships, kiosks and the like; a location may be in any number of them."""

    section, position = STORES, 3
    adds = changes = CONFIGURE
    form = SetForm
    list_display = ["name", "code", "places"]
    finds = {"name": "part", "code": "part"}
    prepopulated_fields = {"code": ["name"]}
    fields = ["name", "code", "codes"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(place_count=Count("locations"))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.prepopulated_fields if obj is None else {}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        form.instance.locations.set(form.cleaned_data["codes"])

    @admin.display(description=gettext_lazy("locations"))
    def places(self, group: Any) -> str:
        return link(f"{group.place_count:,}", list_url("inventory.location", sets__id__exact=group.pk))
