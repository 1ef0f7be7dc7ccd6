from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class InventoryConfig(AppConfig):
    name = "inventory"
    verbose_name = _("Stock and locations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from inventory import first_reasons, place_names, places

        places.lend_stores_to_kernel()
        place_names.lend_names_to_kernel()
        post_migrate.connect(first_reasons.make_first_reasons, sender=self)
