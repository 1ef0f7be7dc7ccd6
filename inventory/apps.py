from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class InventoryConfig(AppConfig):
    name = "inventory"
    verbose_name = _("Stock and locations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from inventory import events, first_reasons, place_names, places
        from omni.core.events import keep_inside

        places.lend_stores_to_kernel()
        place_names.lend_names_to_kernel()
        # These carry our own ids and mean nothing outside; what follows from them is told in orders' words.
        keep_inside(events.SHORTFALL, events.STOCK_INCREASED, events.COUNT_RAISED, events.COUNT_DONE,
                    events.TRANSFER_MOVED)  # fmt: skip
        post_migrate.connect(first_reasons.make_first_reasons, sender=self)
        post_migrate.connect(first_reasons.make_first_limits, sender=self)
