"""What HQ can set about stock; each with the default that holds until somebody decides."""

from django.utils.translation import gettext_lazy as _

from omni.core.channels import Channel
from omni.core.settings_store import declare

LOW_STOCK_UNITS = declare(
    "inventory.low_stock_units", default=3, kind=int, minimum=0, maximum=1000,
    help_text=_("Up to so many units a location's stock is shown as low."),
)  # fmt: skip
SNAPSHOT_DAYS = declare(
    "inventory.snapshot_days", default=35, kind=int, minimum=2, maximum=400,
    help_text=_("For so many days the rows of a snapshot are kept; a report that comes later counts in full."),
)  # fmt: skip
TRANSFER_DAYS = declare(
    "inventory.transfer_days", default=3, kind=int, minimum=1, maximum=60,
    help_text=_("Days after which a transfer that left and has not arrived is late."),
)  # fmt: skip
LATE_SUPPLY_DAYS = declare(
    "inventory.late_supply_days", default=7, kind=int, minimum=1, maximum=365,
    help_text=_("A purchase order that did not come on its day is promised for so many days later."),
)  # fmt: skip
COUNT_TOLERATED_UNITS = declare(
    "inventory.count_tolerated_units", default=2, kind=int, minimum=0, maximum=1000,
    help_text=_("A count that differs by more units is counted again by somebody else."),
)  # fmt: skip
COUNT_TOLERATED_AMOUNT = declare(
    "inventory.count_tolerated_amount", default=50, kind=int, minimum=0, maximum=1_000_000,
    help_text=_("A count that differs by more value is counted again by somebody else."),
)  # fmt: skip
COUNT_APPROVED_AMOUNT = declare(
    "inventory.count_approved_amount", default=200, kind=int, minimum=0, maximum=1_000_000,
    help_text=_("A counted difference of more value is booked only when a manager approves it."),
)  # fmt: skip
COUNT_SLACK_SECONDS = declare(
    "inventory.count_slack_seconds", default=10, kind=int, minimum=0, maximum=600,
    help_text=_("A unit that moves so many seconds before or after a scan of its shelf makes the count uncertain."),
)  # fmt: skip
COUNT_TASKS_A_DAY = declare(
    "inventory.count_tasks_a_day", default=30, kind=int, minimum=0, maximum=2000,
    help_text=_("So many counts a day are asked for by themselves in a store, and never more are open; 0: none."),
)  # fmt: skip
COUNT_DAYS_A = declare(
    "inventory.count_days_a", default=30, kind=int, minimum=0, maximum=1000,
    help_text=_("What brings the first 80 % of a store's sales is counted every so many days; 0 never."),
)  # fmt: skip
COUNT_DAYS_B = declare(
    "inventory.count_days_b", default=90, kind=int, minimum=0, maximum=1000,
    help_text=_("What brings the next 15 % is counted every so many days; 0 never."),
)  # fmt: skip
COUNT_DAYS_C = declare(
    "inventory.count_days_c", default=180, kind=int, minimum=0, maximum=1000,
    help_text=_("Everything else is counted every so many days; 0 never."),
)  # fmt: skip
COUNT_STALE_DAYS = declare(
    "inventory.count_stale_days", default=365, kind=int, minimum=0, maximum=3000,
    help_text=_("Stock that nobody counted for so many days is called not counted for very long; 0 never."),
)  # fmt: skip
COUNT_HIGH_VALUE = declare(
    "inventory.count_high_value", default=5000, kind=int, minimum=0, maximum=1_000_000,
    help_text=_("A shelf of more value at cost is counted more often; 0 none is."),
)  # fmt: skip
COUNT_HIGH_VALUE_DAYS = declare(
    "inventory.count_high_value_days", default=30, kind=int, minimum=1, maximum=1000,
    help_text=_("A valuable shelf is counted every so many days."),
)  # fmt: skip
COUNT_OVERDUE_DAYS = declare(
    "inventory.count_overdue_days", default=7, kind=int, minimum=1, maximum=365,
    help_text=_("A count that nobody did for so many days is overdue."),
)  # fmt: skip
LEAST_CONFIDENCE = {
    str(channel.value): declare(
        f"inventory.least_confidence_{channel.value}", default=0, kind=int, minimum=0, maximum=99,
        help_text=_("This channel promises only units that are found with so many percent likelihood; 0 promises all. "
                    "Without a confidence model it promises all."),
    )
    for channel in Channel
}  # fmt: skip
CHANGES_DAYS = declare(
    "inventory.changes_days", default=3, kind=int, minimum=1, maximum=90,
    help_text=_("For so many days the changes feed can be read; who comes later compares digests first."),
)  # fmt: skip
ADJUSTMENT_UNDO_MINUTES = declare(
    "inventory.adjustment_undo_minutes", default=15, kind=int, minimum=0, maximum=240,
    help_text=_("For so many minutes a correction of stock can be taken back by who made it, or by a lead."),
)  # fmt: skip
