"""What splits and stores' stock cost: past orders decided by a rule set at many split prices and values of stock."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.past_trial import PastTrial


class RoutingFrontier(PastTrial):
    """Of the orders of the `sample`, drawn from those of the period. `sums` has a tally (orders/routing/frontier.py)
    for each setting in `grid`, each preset, and what was really decided."""

    sample = ArrayField(models.BigIntegerField(), editable=False)
    split = models.IntegerField(_("split price of the cost parameters"), help_text=_("In hundredths of a cent."))
    splits = ArrayField(models.IntegerField(), verbose_name=_("split prices"))
    percents = ArrayField(models.IntegerField(), verbose_name=_("values of stores' units"))
    sums = models.JSONField(_("sums"), default=dict, blank=True)

    class Meta(PastTrial.Meta):
        verbose_name = _("frontier")
        verbose_name_plural = _("splits and stock in dollars")
