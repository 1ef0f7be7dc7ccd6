"""What routing counts in dollars: cost parameters and carriers' tariffs, each from a day on.

What was set never changes (the database refuses it): it is followed by what holds from a later day, or withdrawn
before its day comes. So a decision can be computed again with what was known then.
"""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from omni.core.states import Stateful


def _amount(label, default, help_text=""):
    return models.DecimalField(label, max_digits=14, decimal_places=4, default=default, help_text=help_text)


def _minutes(label, default):
    return models.DecimalField(label, max_digits=6, decimal_places=2, default=default)


def _percent(label, default, help_text=""):
    return models.PositiveSmallIntegerField(label, default=default, help_text=help_text)


class InEffectQuerySet(models.QuerySet):
    def in_effect(self, now: datetime):
        """What holds or has held, the latest first."""
        return self.filter(status="set", effective_from__lte=now).order_by("-effective_from", "-pk")


class CostParameters(Stateful, models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SET = "set", _("Set")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {Status.DRAFT: {Status.SET, Status.WITHDRAWN}, Status.SET: {Status.WITHDRAWN}}

    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.DRAFT)
    effective_from = models.DateTimeField(_("from"))
    store_hour_amount = _amount(_("store: an hour of work"), "19.00")
    store_parcel_minutes = _minutes(_("store: minutes for a parcel"), "6")
    store_unit_minutes = _minutes(_("store: minutes for a unit"), "3")
    store_parcel_amount = _amount(_("store: fee for a parcel"), 0)
    dc_hour_amount = _amount(_("distribution center: an hour of work"), "21.00")
    dc_parcel_minutes = _minutes(_("distribution center: minutes for a parcel"), "2.5")
    dc_unit_minutes = _minutes(_("distribution center: minutes for a unit"), "1.3")
    dc_parcel_amount = _amount(_("distribution center: fee for a parcel"), 0)
    dropship_hour_amount = _amount(_("vendor: an hour of work"), 0)
    dropship_parcel_minutes = _minutes(_("vendor: minutes for a parcel"), 0)
    dropship_unit_minutes = _minutes(_("vendor: minutes for a unit"), 0)
    dropship_parcel_amount = _amount(_("vendor: fee for a parcel"), "3.00")
    packaging_amount = _amount(_("packaging of a parcel"), "0.60")
    split_amount = _amount(
        _("split price"), "1.50", _("For each parcel beyond the first, beside what it costs: what waiting twice does.")
    )
    late_amount = _amount(_("a day late"), "5.00")
    wait_amount = _amount(
        _("a day of waiting"), "1.00", _("For each day that a parcel leaves after the first that could, late or not.")
    )
    unserved_amount = _amount(_("a line that nobody serves"), "60.00", _("Beside its margin."))
    failure_amount = _amount(
        _("a location that cannot give"), "6.00", _("Work for nothing, delay and another route; times its chance.")
    )
    margin_percent = _percent(_("margin"), 40, _("Of the price, where the unit's cost is not known."))
    lost_percent = _percent(
        _("lost share"), 45, _("Of the margin of a customer in the store who does not find it: who buys nothing else.")
    )
    markdown_percent = _percent(
        _("markdown"), 0, _("Of the price: what a unit loses that nobody buys where it lies. Above 0 old stock moves.")
    )
    cover_days = _percent(_("days of cover"), 7, _("How long a shelf has to last until it is filled again."))
    most_unit_value_amount = _amount(_("value of a unit at most"), "25.00")
    inches_per_pound = models.PositiveSmallIntegerField(
        _("cubic inches per pound"), default=139, help_text=_("The carriers' divisor for large, light parcels.")
    )
    on_saturdays = models.BooleanField(_("carriers drive on Saturdays"), default=False)
    holidays = ArrayField(
        models.DateField(), verbose_name=_("carriers' holidays"), default=list, blank=True,
        help_text=_("Such as 2026-12-25, separated by commas."),
    )  # fmt: skip
    edits = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    set_by = models.CharField(_("by"), max_length=150, blank=True, editable=False)
    why = models.CharField(_("reason"), max_length=200, blank=True, editable=False)

    objects = InEffectQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost parameters")
        verbose_name_plural = _("cost parameters")
        constraints = [
            models.CheckConstraint(
                name="costs_not_negative",
                condition=Q(
                    store_hour_amount__gte=0, store_parcel_minutes__gte=0, store_unit_minutes__gte=0,
                    store_parcel_amount__gte=0, dc_hour_amount__gte=0, dc_parcel_minutes__gte=0, dc_unit_minutes__gte=0,
                    dc_parcel_amount__gte=0, dropship_hour_amount__gte=0, dropship_parcel_minutes__gte=0,
                    dropship_unit_minutes__gte=0, dropship_parcel_amount__gte=0, packaging_amount__gte=0,
                    split_amount__gte=0, late_amount__gte=0, wait_amount__gte=0, unserved_amount__gte=0,
                    failure_amount__gte=0, most_unit_value_amount__gte=0,
                ),
            ),
            models.CheckConstraint(
                name="costs_within_reason",
                condition=Q(
                    margin_percent__lte=100, lost_percent__lte=100, markdown_percent__lte=100, cover_days__lte=90,
                    inches_per_pound__gte=50, inches_per_pound__lte=1000,
                ),
            ),
            models.CheckConstraint(
                name="costs_set_say_why", condition=Q(status="draft") | Q(status="withdrawn") | ~Q(why="")
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["effective_from", "id"], name="costs_in_effect", condition=Q(status="set"))]

    def __str__(self) -> str:
        return date_format(self.effective_from, "DATETIME_FORMAT")


class Tariff(Stateful, models.Model):
    """What one service of a carrier costs by zone and started pounds; without rates it is not offered any more."""

    class Status(models.TextChoices):
        SET = "set", _("Set")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {Status.SET: {Status.WITHDRAWN}}

    service = models.CharField(
        _("service"), max_length=60, help_text=_("As the carrier's labels call it, such as SimPost/Ground.")
    )
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.SET)
    effective_from = models.DateTimeField(_("from"))
    # Hundredths of a cent, [zone][pounds]; -1 where it is not offered.
    rates = ArrayField(ArrayField(models.BigIntegerField()), verbose_name=_("rates"), default=list, blank=True)
    days = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("working days by zone"), default=list, blank=True
    )
    created_at = models.DateTimeField(_("loaded"), auto_now_add=True)
    set_by = models.CharField(_("by"), max_length=150, blank=True)
    why = models.CharField(_("reason"), max_length=200)

    objects = InEffectQuerySet.as_manager()

    class Meta:
        verbose_name = _("tariff")
        verbose_name_plural = _("tariffs")
        constraints = [
            models.UniqueConstraint(
                fields=["service", "effective_from"], name="one_tariff_at_a_time", condition=Q(status="set")
            ),
            models.CheckConstraint(
                name="tariff_of_eight_zones",
                condition=Q(rates=[], days=[]) | Q(rates__len=8, days__len=8),
            ),
        ]
        indexes = [models.Index(fields=["effective_from", "id"], name="tariff_in_effect", condition=Q(status="set"))]

    def __str__(self) -> str:
        return self.service
