"""What HQ can set about stock; each with the default that holds until somebody decides."""

from django.utils.translation import gettext_lazy as _

from omni.core.settings_store import declare

LOW_STOCK_UNITS = declare(
    "inventory.low_stock_units", default=3, kind=int, minimum=0, maximum=1000,
    help_text=_("Up to so many units a location's stock is shown as low."),
)  # fmt: skip
SNAPSHOT_DAYS = declare(
    "inventory.snapshot_days", default=35, kind=int, minimum=2, maximum=400,
    help_text=_("For so many days the rows of a snapshot are kept; a report that comes later counts in full."),
)  # fmt: skip
