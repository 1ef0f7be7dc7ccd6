"""What happened, in the order in which it became known, and who has dealt with it."""

from typing import Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from omni.core.models.claimable import Claimable, due_indexes, known_status
from omni.core.models.fields import UuidV7


class EventQuerySet(models.QuerySet["Event"]):
    """The feed as readers may see it."""

    def stamped(self) -> Self:
        """Events with a position: ids become visible out of commit order, positions never do."""
        return self.filter(position__isnull=False)

    def after(self, position: int) -> Self:
        """What a reader that has seen `position` has not seen."""
        return self.filter(position__gt=position).order_by("position")


class Event(models.Model):
    """One fact, written in the transaction that made it true. The table is in months, by `recorded_at`."""

    uid = models.UUIDField(_("id"), db_default=UuidV7(), unique=True, editable=False)
    position = models.BigIntegerField(_("position"), null=True, unique=True, editable=False)
    topic = models.CharField(_("topic"), max_length=100)
    aggregate_type = models.CharField(_("about"), max_length=60)
    aggregate_id = models.CharField(_("which"), max_length=64)
    sequence = models.IntegerField(_("sequence"), null=True, editable=False)
    payload = models.JSONField(_("content"), default=dict, encoder=DjangoJSONEncoder)
    actor = models.CharField(_("by"), max_length=200, blank=True)
    occurred_at = models.DateTimeField(_("happened at"), db_default=Now())
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["id"], condition=Q(position=None), name="core_event_unstamped"),
            models.Index(fields=["topic", "position"], name="core_event_topic"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["aggregate_type", "aggregate_id", "sequence"], name="core_event_sequence_once"
            ),
            models.CheckConstraint(
                condition=Q(position=None, sequence=None) | Q(position__isnull=False, sequence__isnull=False),
                name="core_event_stamped_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.aggregate_type}:{self.aggregate_id}"

    @property
    def aggregate(self) -> tuple[str, str]:
        """What the event is about."""
        return self.aggregate_type, self.aggregate_id


class EventDelivery(Claimable):
    """One subscriber's share of one event; that there is one row per pair makes it the inbox too."""

    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="deliveries", db_constraint=False, verbose_name=_("event")
    )  # a foreign key cannot refer to a table in months by the id alone; the audit looks
    subscriber = models.CharField(_("subscriber"), max_length=100)

    class Meta:
        verbose_name = _("event delivery")
        verbose_name_plural = _("event deliveries")
        indexes = due_indexes("core_evdel")
        constraints = [
            models.UniqueConstraint(fields=["event", "subscriber"], name="core_event_delivery_once"),
            known_status("core_evdel_known_status"),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} <- {self.event_id}"
