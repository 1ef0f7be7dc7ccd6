"""The door to customers."""

from django.utils.translation import gettext_lazy as _

from omni.core.tabs import register

register(70, _("Customers"), "customers:search")
