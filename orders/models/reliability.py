"""How often locations gave what they were asked to ship; counted each night.

One row for each location and category, one for each location (without a category), one for each category (without a
location), and one for all.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models import Location


class Reliability(models.Model):
    location = models.ForeignKey(
        Location, models.PROTECT, verbose_name=_("location"), related_name="+", db_index=False, null=True, blank=True
    )
    path = models.CharField(_("category"), max_length=200, null=True, blank=True)
    asked = models.PositiveIntegerField(_("lines asked for"))
    declined = models.PositiveIntegerField(_("lines declined"))
    short = models.PositiveIntegerField(_("lines not found"))
    counted_at = models.DateTimeField(_("counted"))

    class Meta:
        verbose_name = _("reliability")
        verbose_name_plural = _("reliability")
        constraints = [
            models.UniqueConstraint(
                fields=["location", "path"], name="one_reliability_per_category", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="reliability_of_something", condition=Q(asked__gt=0, asked__gte=F("declined") + F("short"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.location_id} {self.path}: {self.asked - self.declined - self.short}/{self.asked}"
