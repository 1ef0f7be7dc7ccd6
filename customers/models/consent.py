"""What a customer agreed to and when; rows are only ever added, the newest one holds."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer


class ConsentQuerySet(models.QuerySet["Consent"]):
    def current(self) -> "ConsentQuerySet":
        """The newest word per channel and purpose."""
        return self.order_by("customer", "channel", "purpose", "-said_at", "-pk").distinct(
            "customer", "channel", "purpose"
        )


class Consent(models.Model):
    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("Text message")

    class Purpose(models.TextChoices):
        MARKETING = "marketing", _("Offers and news")
        SERVICE = "service", _("Messages about orders")

    class Source(models.TextChoices):
        STORE = "store", _("Said in the store")
        SITE = "site", _("Given on the site")
        PHONE = "phone", _("Said on the phone")
        LINK = "link", _("Unsubscribed by link")
        HQ = "hq", _("Written to headquarters")
        MERGE = "merge", _("Taken over at a merge")

    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="consents")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    is_given = models.BooleanField(_("given"))
    source = models.CharField(_("how"), max_length=10, choices=Source)
    said_at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)
    actor = models.CharField(_("recorded by"), max_length=200)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [models.Index(fields=["customer", "channel", "purpose", "-said_at"], name="consent_story")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.channel} {self.purpose}: {self.is_given}"
