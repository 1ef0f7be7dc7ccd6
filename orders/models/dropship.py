"""A partner that ships from its own shelves: what was agreed, what it answered, and what is late."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models import Feed, Location
from orders.models.fulfillment_order import FulfillmentLine, FulfillmentOrder


def a_partners(location_id: int) -> None:
    """Only a dropship vendor has an agreement."""
    if not Location.everywhere.filter(pk=location_id, kind=Location.Kind.DROPSHIP).exists():
        raise ValidationError(_("Choose a location of the kind dropship vendor."))


class Partner(models.Model):
    """The agreement with one dropship vendor."""

    class Way(models.TextChoices):
        PORTAL = "portal", _("The partner page, by hand")
        API = "api", _("The API, by its own system")

    location = models.OneToOneField(
        Location, models.PROTECT, verbose_name=_("location"), related_name="partner", validators=[a_partners],
        help_text=_("Its opening hours are the partner's working days, its carrier time the cut-off."),
    )  # fmt: skip
    feed = models.OneToOneField(
        Feed, models.PROTECT, verbose_name=_("stock feed"), null=True, blank=True, related_name="partner",
        limit_choices_to={"kind": Feed.Kind.PARTNER},
        help_text=_("Through which it tells its stock; its rhythm says when it counts as silent."),
    )  # fmt: skip
    way = models.CharField(_("works with"), max_length=10, choices=Way, default=Way.PORTAL)
    confirm_minutes = models.PositiveIntegerField(
        _("minutes to confirm"), default=240, help_text=_("Of its working time; then HQ and the partner are told.")
    )
    ship_days = models.PositiveSmallIntegerField(
        _("working days to ship"), default=1,
        help_text=_("0: with the carrier of the day on which the order comes, where that is before the cut-off."),
    )  # fmt: skip
    packs_as_us = models.BooleanField(
        _("packs under our name"), default=True, help_text=_("The packing slip then does not name the partner.")
    )
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    contact_email = models.EmailField(_("e-mail for alarms"), blank=True)
    contact_phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("dropship partner")
        verbose_name_plural = _("dropship partners")
        ordering = ["location__name"]
        constraints = [
            models.CheckConstraint(
                name="partner_agreement", condition=Q(confirm_minutes__gt=0, ship_days__lte=30)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.location.name


class PartnerOrder(models.Model):
    """That a partner has got a piece of work, and what it calls it."""

    fulfillment_order = models.OneToOneField(
        FulfillmentOrder, models.PROTECT, verbose_name=_("fulfillment order"), related_name="partner_order"
    )
    acknowledged_at = models.DateTimeField(_("acknowledged"))
    acknowledged_by = models.CharField(_("by"), max_length=150)
    reference = models.CharField(_("its number at the partner"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("partner's order")
        verbose_name_plural = _("partners' orders")

    def __str__(self) -> str:
        return self.reference or str(self.fulfillment_order_id)


class Confirmation(models.Model):
    """A partner's word for units of one line: so many in all, leaving on that day of its calendar."""

    line = models.OneToOneField(FulfillmentLine, models.PROTECT, verbose_name=_("line"), related_name="confirmation")
    quantity = models.PositiveIntegerField(_("units"), help_text=_("Of those it shipped already, too; 0: taken back."))
    ships_on = models.DateField(_("leaves on"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"))
    confirmed_by = models.CharField(_("by"), max_length=150)

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        constraints = [
            models.CheckConstraint(
                name="confirmed_for_a_day",
                condition=Q(quantity=0, ships_on=None) | Q(quantity__gt=0, ships_on__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}"


class PartnerAlarmQuerySet(models.QuerySet["PartnerAlarm"]):
    def open(self) -> "PartnerAlarmQuerySet":
        return self.filter(cleared_at=None)

    def unsent(self) -> "PartnerAlarmQuerySet":
        """Of which the contact was not told yet."""
        return self.open().filter(mailed_at=None).exclude(partner__contact_email="")


class PartnerAlarm(models.Model):
    """Something of a partner is late; it clears itself when that is over."""

    class Kind(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("Not confirmed in time")
        UNSHIPPED = "unshipped", _("Not shipped as promised")
        SILENT = "silent", _("Stock feed is silent")

    partner = models.ForeignKey(Partner, models.PROTECT, verbose_name=_("partner"), related_name="alarms")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    fulfillment_order = models.ForeignKey(
        FulfillmentOrder, models.PROTECT, verbose_name=_("fulfillment order"), null=True, blank=True, related_name="+"
    )
    since = models.DateTimeField(_("late since"))
    raised_at = models.DateTimeField(_("raised"))
    cleared_at = models.DateTimeField(_("cleared"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("contact told"), null=True, blank=True)

    objects = PartnerAlarmQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner alarm")
        verbose_name_plural = _("partner alarms")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "kind", "fulfillment_order"], nulls_distinct=False, condition=Q(cleared_at=None),
                name="one_open_alarm_per_cause",
            ),
            models.CheckConstraint(
                name="alarm_of_work_or_feed",
                condition=Q(kind="silent", fulfillment_order=None)
                | (~Q(kind="silent") & Q(fulfillment_order__isnull=False)),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["raised_at"], name="partner_alarm_open", condition=Q(cleared_at=None))]

    def __str__(self) -> str:
        return self.get_kind_display()
