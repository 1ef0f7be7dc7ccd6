"""The HQ site: Django's admin under our own name."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class HqSite(AdminSite):
    """HQ configures here; corrections go through the same operations as the shop floor's."""

    site_header = _("HQ")
    site_title = _("HQ")
    index_title = _("Configuration")
    enable_nav_sidebar = False
