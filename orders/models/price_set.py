"""What units and slots are worth to orders to come, as it was worked out once."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Func, Q, When
from django.db.models.functions import Now
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from omni.core.states import subject_type

WHOLE = 1_000


class PriceSetQuerySet(models.QuerySet["PriceSet"]):
    def newest(self, now: datetime) -> "PriceSet | None":
        """The one that counts at a moment, broken, retired or not; none where it has become too old. Without the large
        parts: who needs them reads them."""
        return self.solved().filter(solved_at__lte=now, good_until__gt=now).order_by("-solved_at", "-pk").first()

    def solved(self) -> "PriceSetQuerySet":
        """Those that came of it when prices were worked out."""
        return self.small().filter(is_failed=False)

    def failures(self, now: datetime) -> "PriceSetQuerySet":
        """What has failed since prices were worked out for the last time, the latest first."""
        last = PriceSet.objects.filter(is_failed=False, solved_at__lte=now).order_by("-solved_at", "-pk")
        failed = self.small().filter(is_failed=True, solved_at__lte=now).order_by("-solved_at", "-pk")
        solved_at = last.values_list("solved_at", flat=True).first()
        return failed if solved_at is None else failed.filter(solved_at__gt=solved_at)

    def small(self) -> "PriceSetQuerySet":
        """Without what is large and read by programs alone."""
        return self.defer("prices", "forecast")

    def checked(self) -> "PriceSetQuerySet":
        """Small, with `is_whole`: whether the prices are what was written, as their checksum tells at this moment. Too
        old ones are not looked at: nobody reads them."""
        found = Func("prices", template="encode(sha256(%(expressions)s), 'hex')", output_field=models.CharField())
        is_whole = Case(When(good_until__lte=Now(), then=True), default=Q(digest=found))
        return self.small().annotate(is_whole=is_whole)


class PriceSet(models.Model):
    """Written once. Only how it is judged afterwards changes: what came, drift, weight, what is broken about it, and
    whether HQ retired it. One that `is_failed` has no prices: they could not be worked out at that moment."""

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

    is_failed = models.BooleanField(_("could not be worked out"), default=False)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("retired by"), null=True, blank=True, related_name="+"
    )
    retired_because = models.CharField(_("retired because"), max_length=200, blank=True)

    objects = PriceSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("price set")
        verbose_name_plural = _("price sets")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["-solved_at"], name="price_set_solved")]
        constraints = [
            models.CheckConstraint(name="price_set_ends", condition=Q(good_until__gt=F("solved_at"))),
            models.CheckConstraint(name="price_set_weighs", condition=Q(weight__lte=WHOLE)),
            models.CheckConstraint(
                name="failed_price_set_says_why", condition=Q(is_failed=False) | ~Q(broken_because="")
            ),
            models.CheckConstraint(
                name="retired_price_set_weighs_nothing",
                condition=Q(retired_at=None, retired_because="")
                | (Q(retired_at__isnull=False, weight=0) & ~Q(retired_because="")),
            ),
            models.CheckConstraint(name="price_set_drifts", condition=Q(drift__gte=0, drift__lte=1)),
        ]

    def __str__(self) -> str:
        return date_format(self.solved_at, "DATETIME_FORMAT")

    @property
    def may_count(self) -> bool:
        """Nothing is known against it but its age."""
        return not (self.broken_because or self.retired_at)

    @property
    def subject(self) -> tuple[str, str]:
        """The name under which history keeps it."""
        return subject_type(PriceSet), str(self.pk)
