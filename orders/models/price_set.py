"""What units and slots are worth to orders to come, as it was worked out once."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

WHOLE = 1_000


class PriceSetQuerySet(models.QuerySet["PriceSet"]):
    def newest(self, now: datetime) -> "PriceSet | None":
        """The one that counts at a moment, broken or not; none where it has become too old. Without the large parts:
        who needs them reads them."""
        return self.small().filter(solved_at__lte=now, good_until__gt=now).order_by("-solved_at", "-pk").first()

    def small(self) -> "PriceSetQuerySet":
        """Without what is large and read by programs alone."""
        return self.defer("prices", "forecast")


class PriceSet(models.Model):
    """Written once. Only how it is judged afterwards changes: what came, drift, weight, and what is broken about it."""

    solved_at = models.DateTimeField(_("solved"))
    good_until = models.DateTimeField(_("good until"))
    seed = models.BigIntegerField(_("seed"))
    futures = models.PositiveSmallIntegerField(_("simulated days"))
    past_orders = models.PositiveIntegerField(_("past orders drawn from"))
    expected_orders = models.FloatField(_("orders expected"), help_text=_("In the 24 hours that follow."))
    shelves = models.PositiveIntegerField(_("shelves with a price"), default=0)
    slots = models.PositiveIntegerField(_("locations with a price for room"), default=0)
    solve_seconds = models.FloatField(_("seconds to solve"), default=0)
    forecast = models.JSONField(_("forecast"), default=dict)
    prices = models.BinaryField(_("prices"))
    digest = models.CharField(_("checksum of the prices"), max_length=64)
    came = models.PositiveIntegerField(_("orders since"), default=0)
    drift = models.FloatField(_("drift"), default=0, help_text=_("From 0, as forecast, to 1."))
    weight = models.PositiveSmallIntegerField(_("weight"), default=WHOLE, help_text=_("In thousandths."))
    measured_at = models.DateTimeField(_("measured"), null=True, blank=True)
    broken_because = models.CharField(
        _("broken because"), max_length=200, blank=True, help_text=_("Orders are planned without prices meanwhile.")
    )

    objects = PriceSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("price set")
        verbose_name_plural = _("price sets")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["-solved_at"], name="price_set_solved")]
        constraints = [
            models.CheckConstraint(name="price_set_ends", condition=Q(good_until__gt=F("solved_at"))),
            models.CheckConstraint(name="price_set_weighs", condition=Q(weight__lte=WHOLE)),
            models.CheckConstraint(name="price_set_drifts", condition=Q(drift__gte=0, drift__lte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.solved_at:%Y-%m-%d %H:%M}"
