"""Units given to a collector: who, how it was checked, and until when it can be undone."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from orders.models.fulfillment_order import FulfillmentOrder


class HandOverQuerySet(models.QuerySet["HandOver"]):
    def to_finalize(self, now) -> "HandOverQuerySet":
        return self.filter(finalized_at=None, undone_at=None, undo_until__lte=now).order_by("undo_until")

    def undoable(self, now) -> "HandOverQuerySet":
        """Those whose minute is not over, newest first."""
        return self.filter(finalized_at=None, undone_at=None, undo_until__gt=now).order_by("-pk")

    def with_left(self) -> "HandOverQuerySet":
        """Adds `left_count`: units of the same work that still lie on the shelf."""
        in_staging = F("fulfillment_order__lines__picked_quantity") - F("fulfillment_order__lines__issued_quantity")
        return self.annotate(left_count=Sum(in_staging, default=0))


class HandOver(models.Model):
    left_count: int  # with `with_left`

    class Check(models.TextChoices):
        CODE = "code", _("Pickup code")
        PHOTO_ID = "photo_id", _("Photo ID")
        OVERRIDE = "override", _("Lead's decision")
        AT_COUNTER = "at_counter", _("Bought at the counter")

    class Age(models.TextChoices):
        PHOTO_ID = "photo_id", _("Photo ID seen")
        OTHER_ID = "other_id", _("Another ID seen")

    fulfillment_order = models.ForeignKey(
        FulfillmentOrder, models.PROTECT, verbose_name=_("fulfillment order"), related_name="hand_overs"
    )
    check_kind = models.CharField(_("checked by"), max_length=10, choices=Check)
    collector_name = models.CharField(_("collector"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    lines = models.JSONField(_("lines"), help_text=_("Fulfillment line id -> units."))
    reservation_ids = models.JSONField(_("consumed reservations"))
    is_age_restricted = models.BooleanField(_("age-restricted"), default=False)
    age_over = models.PositiveSmallIntegerField(
        _("older than"), null=True, blank=True, help_text=_("The age that was checked; nobody's date of birth is kept.")
    )
    age_check = models.CharField(_("age checked by"), max_length=10, choices=Age, blank=True)
    handed_over_at = models.DateTimeField(_("handed over"))
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("by"),
        null=True,
        blank=True,
        related_name="+",
    )
    undo_until = models.DateTimeField(_("undo until"))
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    finalized_at = models.DateTimeField(_("final"), null=True, blank=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        constraints = [
            models.CheckConstraint(name="undone_or_final", condition=Q(undone_at=None) | Q(finalized_at=None)),
            models.CheckConstraint(
                name="age_was_checked",
                condition=Q(is_age_restricted=False) | Q(age_over__isnull=False, age_over__gt=0) & ~Q(age_check=""),
            ),
        ]
        indexes = [
            models.Index(fields=["undo_until"], name="hand_over_open", condition=Q(undone_at=None, finalized_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.fulfillment_order_id} {self.handed_over_at}"

    def is_undoable(self, now) -> bool:
        return self.undone_at is None and self.finalized_at is None and self.undo_until > now

    @property
    def age_words(self) -> dict | None:
        """The age check as the news tell it; nothing where none was needed."""
        return {"over": self.age_over, "how": self.age_check} if self.is_age_restricted else None

    @property
    def unit_count(self) -> int:
        return sum(self.lines.values())
