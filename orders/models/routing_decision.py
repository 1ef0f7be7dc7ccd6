"""Why an order's parcels come from where they come from: what was decided, at which cost, and instead of what."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.fulfillment_order import FulfillmentOrder
from orders.models.order import Order


class RoutingDecision(models.Model):
    """Written once, never changed; long after its order was closed its explanation and inputs are put away. Amounts are
    integers of hundredths of a cent, as the engine counts."""

    class Kind(models.TextChoices):
        PLACEMENT = "placement", _("Placed")
        REPLAN = "replan", _("Planned anew")
        MOVE = "move", _("Moved before release")
        WAITING = "waiting", _("Promised from new stock")

    order = models.ForeignKey(Order, models.PROTECT, verbose_name=_("order"), related_name="routing_decisions")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    decided_at = models.DateTimeField(_("decided"))
    # Keys as the engine knows them, 0 for what is built in; not foreign keys, for history stays as it was written.
    rules = models.CharField(_("rule set"), max_length=120, blank=True)
    rule_set_id = models.BigIntegerField(_("rule set's key"), default=0)
    rule_set_version = models.PositiveIntegerField(_("version"), default=0)
    cost_parameters_id = models.BigIntegerField(_("cost parameters' key"), default=0)
    tariff_id = models.BigIntegerField(_("tariff's key"), default=0)
    price_set_id = models.BigIntegerField(
        _("price set's key"), default=0, help_text=_("Of the prices that moved the choice; 0 for none.")
    )
    engine = models.CharField(_("engine"), max_length=20)
    amount = models.BigIntegerField(_("cost"), null=True, blank=True)
    shipments = models.PositiveSmallIntegerField(_("shipments"))
    unserved_quantity = models.PositiveIntegerField(_("units without a place"), default=0)
    degraded_because = models.CharField(
        _("degraded because"), max_length=200, blank=True,
        help_text=_("Without a cost: the engine could not decide, the nearest locations were taken."),
    )  # fmt: skip
    explanation = models.JSONField(_("explanation"), default=dict)
    inputs = models.BinaryField(_("what it was decided on"), default=bytes)
    put_away_at = models.DateTimeField(
        _("put away"), null=True, blank=True, editable=False, help_text=_("Since then nothing explains it any more.")
    )

    class Meta:
        verbose_name = _("routing decision")
        verbose_name_plural = _("routing decisions")
        indexes = [
            models.Index(fields=["decided_at"], name="decision_by_time"),
            models.Index(fields=["decided_at"], name="decision_not_put_away", condition=Q(put_away_at=None)),
            models.Index(fields=["decided_at"], name="decision_degraded", condition=~Q(degraded_because="")),
        ]
        constraints = [
            models.CheckConstraint(
                name="decision_has_a_cost_or_a_reason", condition=Q(amount__isnull=False) | ~Q(degraded_because="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.get_kind_display()}"


class RoutingOutcome(models.Model):
    """What became of a parcel that was decided on: predicted against actual."""

    class Ended(models.TextChoices):
        SHIPPED = "shipped", _("Shipped")
        DECLINED = "declined", _("Declined")
        SHORT = "short", _("Not found")
        TIMED_OUT = "timed_out", _("Not accepted in time")
        CANCELLED = "cancelled", _("Cancelled")

    decision = models.ForeignKey(RoutingDecision, models.PROTECT, verbose_name=_("decision"), related_name="outcomes")
    fulfillment_order = models.OneToOneField(
        FulfillmentOrder, models.PROTECT, verbose_name=_("fulfillment order"), related_name="routing_outcome"
    )
    ended = models.CharField(_("ended"), max_length=10, choices=Ended)
    ended_at = models.DateTimeField(_("ended at"))
    predicted_amount = models.BigIntegerField(_("predicted postage"), null=True, blank=True)
    label_amount = models.BigIntegerField(_("postage paid"), null=True, blank=True)

    class Meta:
        verbose_name = _("routing outcome")
        verbose_name_plural = _("routing outcomes")
        indexes = [models.Index(fields=["ended_at"], name="outcome_by_time")]

    def __str__(self) -> str:
        return f"{self.fulfillment_order} {self.get_ended_display()}"
