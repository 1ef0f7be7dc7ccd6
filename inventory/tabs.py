"""The doors to a store's own screens."""

from django.utils.translation import gettext_lazy as _

from inventory.models import CountSession, CycleCount, Delivery, PutBack, Transfer
from omni.core.tabs import register

register(50, _("Put back"), "inventory:put_backs", PutBack.objects.open_at)
register(55, _("Receive"), "inventory:receiving", Delivery.objects.open_at, "receive")
register(57, _("Transfers"), "inventory:transfers", Transfer.objects.to_answer_at)
register(58, _("Adjust stock"), "inventory:adjustments")
register(60, _("Count"), "inventory:counts", CycleCount.objects.open_at, "count")
register(65, _("Count together"), "inventory:count_sessions", CountSession.objects.open_at)
