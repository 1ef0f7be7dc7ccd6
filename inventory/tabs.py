"""The doors to a store's own screens."""

from django.utils.translation import gettext_lazy as _

from inventory.models import CycleCount, PutBack
from omni.core.tabs import register

register(50, _("Put back"), "inventory:put_backs", PutBack.objects.open_at)
register(60, _("Count"), "inventory:counts", CycleCount.objects.open_at, "count")
