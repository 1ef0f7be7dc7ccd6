"""What the customer was told, and when."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order


class Message(models.Model):
    class Kind(models.TextChoices):
        READY = "ready", _("Ready for pickup")
        REMINDER = "reminder", _("Reminder")
        LAST_DAY = "last_day", _("Last day")
        DELAY = "delay", _("Delay")
        LATER = "later", _("New day")
        SUPPLY = "supply", _("Another day")
        SUPPLY_HERE = "supply_here", _("It arrived")
        ARRIVED = "arrived", _("Arrival noted")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Not collected")
        CHOICE = "choice", _("Your choice")
        SHIPPED = "shipped", _("Shipped")
        RETURN_LABEL = "return_label", _("Return label")
        RETURNED = "returned", _("Return received")
        REFUNDED = "refunded", _("Refunded")
        RETURN_REFUSED = "return_refused", _("Return refused")

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("Text message")

    order = models.ForeignKey(Order, models.PROTECT, verbose_name=_("order"), related_name="messages")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    channel = models.CharField(_("channel"), max_length=6, choices=Channel, default=Channel.EMAIL)
    event_id = models.BigIntegerField(_("event"), help_text=_("The event that it answers: once each, per channel."))
    to = models.CharField(_("to"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("body"), help_text=_("Codes and links are masked here."))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    problem = models.CharField(_("why it was not sent"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [models.UniqueConstraint(fields=["event_id", "channel"], name="told_once_per_channel")]

    def __str__(self) -> str:
        return self.subject
