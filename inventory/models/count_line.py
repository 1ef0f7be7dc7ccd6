"""What a count found of one item, against what should have been on its shelf at that moment."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models.count_session import CountSession
from inventory.models.location import Location
from inventory.models.product import Variant


class LineState(models.TextChoices):
    MATCHES = "matches", _("As expected")
    READY = "ready", _("Difference to book")
    MOVED = "moved", _("Moved while it was counted")
    RECOUNT = "recount", _("Somebody else counts again")
    APPROVAL = "approval", _("Waits for approval")
    UNCOUNTED = "uncounted", _("Nobody counted it")
    OUTSIDE = "outside", _("Belongs to another part of the store")
    BOOKED = "booked", _("Booked")
    REFUSED = "refused", _("Refused")
    LEFT = "left", _("Left as it is")
    OUTDATED = "outdated", _("Known later")


class CountLineQuerySet(models.QuerySet["CountLine"]):
    def to_count_again(self) -> "CountLineQuerySet":
        return self.filter(state__in=[LineState.MOVED, LineState.RECOUNT], settled_at=None)

    def by_value(self) -> "CountLineQuerySet":
        """The greatest value first; what has none by its item."""
        return self.order_by(F("value").desc(nulls_last=True), "pk")


class CountLine(models.Model):
    WAITS = (LineState.MOVED, LineState.RECOUNT, LineState.APPROVAL, LineState.UNCOUNTED)

    session = models.ForeignKey(CountSession, models.CASCADE, verbose_name=_("count"), related_name="lines")
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", db_index=False)
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), related_name="+", db_index=False)
    state = models.CharField(_("state"), max_length=10, choices=LineState)
    round = models.PositiveIntegerField(_("round"), default=0)
    is_second_look = models.BooleanField(
        _("counted again by somebody else"), default=False,
        help_text=_("The round that stands was counted by somebody who had not counted it before."),
    )  # fmt: skip
    is_recount_wanted = models.BooleanField(_("a lead wants it counted again"), default=False)
    counted = models.IntegerField(_("counted"), null=True, blank=True)
    expected = models.IntegerField(_("expected"), help_text=_("By the ledger, at the moment of the last scan."))
    delta = models.IntegerField(_("difference"), default=0)
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=4, default=0)
    first_at = models.DateTimeField(_("first scan"))
    last_at = models.DateTimeField(_("last scan"))
    approved_delta = models.IntegerField(_("approved difference"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=150, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = CountLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("counted item")
        verbose_name_plural = _("counted items")
        constraints = [
            models.UniqueConstraint(fields=["session", "variant"], name="one_line_per_item"),
            models.CheckConstraint(
                name="difference_of_a_count", condition=Q(counted=None, delta=0) | Q(delta=F("counted") - F("expected"))
            ),
            models.CheckConstraint(
                name="waiting_line_is_not_settled",
                condition=Q(settled_at=None) | ~Q(state__in=["moved", "recount", "approval", "uncounted", "ready"]),
            ),
        ]
        indexes = [
            models.Index(fields=["session", "state", "-value"], name="count_line_review"),
            models.Index(fields=["settled_at"], name="count_line_settled", condition=Q(settled_at__isnull=False)),
            models.Index(
                fields=["variant", "location", "last_at"],
                name="count_line_known",
                condition=Q(settled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.counted}"

    @property
    def cause(self) -> str:
        """How the ledger names it."""
        return f"count-line:{self.pk}"
