"""Dropship partners: what was agreed with each, and what of theirs is late."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.models import Feed, Location
from omni.core.hq.base import HqAdmin, ReadOnlyAdmin
from omni.core.hq.filters import OpenFilter
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import NOTHING, age, link, list_url, moment, page_url, tag
from orders.admin.orders import ORDERS
from orders.models import Partner, PartnerAlarm

DAYS = (
    ("mon", gettext_lazy("Mon")), ("tue", gettext_lazy("Tue")), ("wed", gettext_lazy("Wed")),
    ("thu", gettext_lazy("Thu")), ("fri", gettext_lazy("Fri")), ("sat", gettext_lazy("Sat")),
    ("sun", gettext_lazy("Sun")),
)  # fmt: skip


class PartnerForm(forms.ModelForm):
    class Meta:
        model = Partner
        fields = "__all__"  # noqa: DJ007 - the page below names its fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places: Any = self.fields.get("location")
        if places is not None:
            places.queryset = Location.objects.filter(kind=Location.Kind.DROPSHIP).order_by("name")
            places.empty_label = gettext_lazy("Choose a vendor")
        feeds: Any = self.fields["feed"]
        feeds.queryset = Feed.objects.filter(kind=Feed.Kind.PARTNER).order_by("name")
        feeds.empty_label = gettext_lazy("None: it does not tell its stock")


@admin.register(Partner)
class PartnerAdmin(HqAdmin):
    """One agreement per vendor; it is changed, and never removed."""

    section, position = ORDERS, 35
    reads = adds = changes = CONFIGURE
    form = PartnerForm
    list_display = ["location", "way", "confirm_minutes", "ship_days", "contact_name", "late", "is_active"]
    list_display_links = ["location"]
    list_filter = ["way", "is_active"]
    list_select_related = ["location"]
    finds = {"location__name": "part", "location__code": "exact", "contact_name": "part"}
    fieldsets = [
        (None, {"fields": ["location", "feed", "way", "is_active"]}),
        (gettext_lazy("What was agreed"), {"fields": ["confirm_minutes", "ship_days", "cut_off", "working_days",
                                                      "packs_as_us"]}),
        (gettext_lazy("Whom to ask"), {"fields": ["contact_name", "contact_email", "contact_phone"]}),
    ]  # fmt: skip
    readonly_fields = ["cut_off", "working_days"]

    def save_model(self, request: HttpRequest, obj: Partner, form: Any, change: bool) -> None:
        """From then on its feed speaks of this location and of no other."""
        super().save_model(request, obj, form, change)
        if obj.feed_id:
            Feed.objects.filter(pk=obj.feed_id).update(location=obj.location_id)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields if obj is None else [*self.readonly_fields, "location"]

    @admin.display(description=gettext_lazy("cut-off"))
    def cut_off(self, partner: Partner) -> Any:
        """Both are the location's, so that promises and agreement can never differ."""
        if not partner.location_id:
            return _("as its location says")
        return link(f"{partner.location.carrier_cut_off:%H:%M}", page_url("inventory.location", partner.location_id))

    @admin.display(description=gettext_lazy("working days"))
    def working_days(self, partner: Partner) -> Any:
        if not partner.location_id:
            return _("as its location says")
        words = ", ".join(str(label) for day, label in DAYS if partner.location.weekly_hours.get(day))
        return link(words or _("never open"), page_url("inventory.location", partner.location_id))

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(late_now=Count("alarms", filter=Q(alarms__cleared_at=None)))

    @admin.display(description=gettext_lazy("late"), ordering="late_now")
    def late(self, partner: Any) -> Any:
        if not partner.late_now:
            return tag(_("Nothing"), "done")
        return link(tag(str(partner.late_now), "stop"), list_url("orders.partneralarm", partner__id__exact=partner.pk))


class ClearedFilter(OpenFilter):
    closed_field = "cleared_at"


@admin.register(PartnerAlarm)
class PartnerAlarmAdmin(ReadOnlyAdmin):
    """What is late at a partner; it clears itself when the partner has answered, shipped or spoken."""

    section, position = ORDERS, 36
    reads, long = CONFIGURE, True
    list_display = ["what", "partner", "work", "late_for", "told", "state"]
    list_display_links = ["what"]
    list_filter = [ClearedFilter, "kind", "partner"]
    list_select_related = ["partner__location", "fulfillment_order"]
    fields = ["what", "partner", "work", "since", "raised_at", "told", "cleared_at"]

    @admin.display(description=gettext_lazy("what"))
    def what(self, alarm: PartnerAlarm) -> str:
        return alarm.get_kind_display()

    @admin.display(description=gettext_lazy("about"))
    def work(self, alarm: PartnerAlarm) -> Any:
        if alarm.fulfillment_order is None:
            return link(_("its stock feed"), page_url("inventory.feed", alarm.partner.feed_id))
        return link(alarm.fulfillment_order.number, page_url("orders.fulfillmentorder", alarm.fulfillment_order_id))

    @admin.display(description=gettext_lazy("late for"))
    def late_for(self, alarm: PartnerAlarm) -> str:
        return age(alarm.since)

    @admin.display(description=gettext_lazy("contact told"))
    def told(self, alarm: PartnerAlarm) -> Any:
        if alarm.mailed_at:
            return moment(alarm.mailed_at, alarm.partner.location)
        return NOTHING if alarm.partner.contact_email else _("no e-mail known")

    @admin.display(description=gettext_lazy("state"))
    def state(self, alarm: PartnerAlarm) -> Any:
        return tag(_("Cleared"), "done") if alarm.cleared_at else tag(_("Open"), "stop")
