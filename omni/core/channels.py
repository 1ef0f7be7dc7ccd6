"""Where an order comes from. Stock is kept back by channel and returns are judged by it, so all apps know the names."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    WEB = "web", _("Web shop")
    POS = "pos", _("Till")
    MARKETPLACE = "marketplace", _("Marketplace")
    PHONE = "phone", _("Phone")
    ENDLESS_AISLE = "endless_aisle", _("Endless aisle")


ANY = ""  # a reader that did not say for which: only the rules for every channel hold
