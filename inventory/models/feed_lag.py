"""How long sources took to tell: movements of each hour, by the time between what happened and its booking."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# Upper ends in seconds; the last step holds what took longer than all of them.
STEPS = (1, 5, 60, 600, 3600, 86_400)


class FeedLag(models.Model):
    hour = models.DateTimeField(_("hour"))
    source = models.CharField(_("source"), max_length=100)
    step = models.PositiveSmallIntegerField(_("step"), help_text=_("How many of the upper ends it passed."))
    movements = models.PositiveBigIntegerField(_("movements"))

    class Meta:
        verbose_name = _("lag of a source")
        verbose_name_plural = _("lags of sources")
        constraints = [
            models.UniqueConstraint(fields=["hour", "source", "step"], name="feed_lag_once"),
            models.CheckConstraint(name="feed_lag_step", condition=Q(step__lte=len(STEPS))),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.hour:%Y-%m-%d %H}h"
