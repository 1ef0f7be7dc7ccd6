"""What people at a store type about the store itself: a scan, a count, a pause."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from inventory.models import Bucket, Location, ReasonCode
from inventory.models.adjustment import BY_HAND

MAX_COUNT = 1_000_000


class ScanForm(forms.Form):
    """One scan as the device sends it."""

    code = forms.CharField(max_length=200, error_messages={"required": _("Scan or type a code.")})
    scan_key = forms.CharField(max_length=64, required=False)


class CountForm(forms.Form):
    """How many there are, counted without knowing how many there should be."""

    quantity = forms.IntegerField(
        label=_("How many are on the shelf?"), min_value=0, max_value=MAX_COUNT,
        error_messages={"required": _("Enter what you counted; 0 when the shelf is empty.")},
    )  # fmt: skip
    scan_key = forms.CharField(max_length=64, required=False)
    seen = forms.CharField(max_length=64, required=False)


KEEP, SEND_AWAY = "keep", "elsewhere"


class PauseForm(forms.Form):
    """Until when, in the few ways people say it, and why."""

    until = forms.ChoiceField(label=_("How long?"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why?"), max_length=200, help_text=_("The next shift and HQ read this."))

    offers = forms.ChoiceField(
        label=_("Parcels nobody has accepted yet"), widget=forms.RadioSelect, required=False, initial=KEEP,
        choices=[(KEEP, _("They stay here: we do them")), (SEND_AWAY, _("Send them to other stores now"))],
    )  # fmt: skip

    def __init__(self, *args: Any, location: Location, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.moments = _moments(location, now)
        self.fields["until"].choices = [(key, words) for key, (words, _moment) in self.moments.items()]  # type: ignore[attr-defined]
        self.fields["until"].initial = next(iter(self.moments))

    @property
    def chosen(self) -> datetime:
        """The moment that the choice means."""
        return self.moments[self.cleaned_data["until"]][1]


def _moments(location: Location, now: datetime) -> dict[str, tuple[str, datetime]]:
    def clock(moment: datetime) -> str:
        local = moment.astimezone(location.zone)
        today = local.date() == now.astimezone(location.zone).date()
        return formats.date_format(local, "H:i" if today else "D H:i")

    moments: dict[str, tuple[str, datetime]] = {}
    for key, words, minutes in (
        ("30", _("30 minutes, until %s"), 30),
        ("60", _("1 hour, until %s"), 60),
        ("120", _("2 hours, until %s"), 120),
    ):
        until = now + timedelta(minutes=minutes)
        moments[key] = (words % clock(until), until)
    opens = location.schedule.opens_at(now)
    if opens is not None:
        moments["opening"] = (_("The rest of the day, until we open %s") % clock(opens), opens)
    return moments


class CountScanForm(ScanForm):
    """A scan of a count: one unit or pack, or so many of them."""

    units = forms.IntegerField(label=_("Units"), min_value=0, max_value=MAX_COUNT, required=False)


class ReceiveForm(ScanForm):
    """A scan of a delivery: a carton, one unit or pack, or so many of them; damaged or not."""

    units = forms.IntegerField(label=_("Units"), min_value=1, max_value=MAX_COUNT, required=False)
    damaged = forms.BooleanField(required=False)


class ReceivedItemForm(forms.Form):
    """What is said about one item of a delivery: how many good ones came, how many are damaged, where it lies."""

    quantity = forms.IntegerField(min_value=0, max_value=MAX_COUNT, required=False)
    seen = forms.IntegerField(required=False)
    damaged = forms.IntegerField(min_value=1, max_value=MAX_COUNT, required=False)
    aisle = forms.CharField(max_length=20, required=False)
    bin = forms.CharField(max_length=20, required=False)
    scan_key = forms.CharField(max_length=64, required=False)


class StartCountForm(forms.Form):
    """What is counted together."""

    category = forms.ChoiceField(label=_("Department"), required=False)
    aisles = forms.MultipleChoiceField(
        label=_("Aisles"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None means all of them."),
    )  # fmt: skip
    areas = forms.CharField(
        label=_("More areas"), required=False, max_length=500,
        help_text=_("Such as: Stockroom, Window. Each aisle is an area by itself."),
    )  # fmt: skip

    def __init__(self, *args: Any, categories: list[str], aisles: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("Every department")), *((each, each) for each in categories)]  # type: ignore[attr-defined]
        self.fields["aisles"].choices = [(each, each) for each in aisles if each]  # type: ignore[attr-defined]


class AdjustForm(forms.Form):
    """What happened to units of one item, as people say it."""

    MORE, FEWER, ASIDE, BACK, OFF = "more", "fewer", "aside", "back", "off"
    what = forms.ChoiceField(
        label=_("What happened?"), widget=forms.RadioSelect,
        choices=[
            (MORE, _("More on the shelf than in the book")),
            (FEWER, _("Fewer on the shelf than in the book")),
            (ASIDE, _("Set aside, not for sale")),
            (BACK, _("Back on the shelf, for sale again")),
            (OFF, _("Written off: gone for good")),
        ],
    )  # fmt: skip
    quantity = forms.IntegerField(label=_("How many units?"), min_value=1, max_value=MAX_COUNT, initial=1)
    bucket = forms.ChoiceField(
        label=_("Where is it set aside?"), required=False, help_text=_("For units that are or were set aside."),
        choices=[("", _("Choose a place")), *((str(each), each.label) for each in map(Bucket, BY_HAND))],
    )  # fmt: skip
    reason = forms.ModelChoiceField(
        label=_("Reason"), required=False, to_field_name="code", empty_label=_("Choose a reason"),
        queryset=ReasonCode.objects.filter(kind=ReasonCode.Kind.ADJUST, is_active=True),
        help_text=_("For units that were found, are missing or are written off."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=150, required=False)
    scan_key = forms.CharField(max_length=50, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        entry = super().clean() or {}
        what = entry.get("what")
        if what in (self.ASIDE, self.BACK, self.OFF) and not entry.get("bucket"):
            self.add_error("bucket", _("Choose where the units are set aside."))
        if what in (self.MORE, self.FEWER, self.OFF) and not entry.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Choose one of the reasons."))
        return entry
