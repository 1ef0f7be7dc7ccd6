"""The kernel as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Users, keys, events, webhooks, history and settings."""

    name = "omni.core"
    label = "core"
    verbose_name = _("House")
