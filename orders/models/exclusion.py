"""A location that could not fill an order line is not asked again for it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from inventory.models import Location
from orders.models.order_line import OrderLine


class Exclusion(models.Model):
    order_line = models.ForeignKey(OrderLine, models.PROTECT, verbose_name=_("order line"), related_name="exclusions")
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("exclusion")
        verbose_name_plural = _("exclusions")
        constraints = [models.UniqueConstraint(fields=["order_line", "location"], name="excluded_once")]
        indexes = [models.Index(fields=["created_at"], name="exclusion_of_a_time")]

    def __str__(self) -> str:
        return self.reason
