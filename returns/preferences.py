"""What HQ can set about returns; each with the default that holds until somebody decides."""

from django.utils.translation import gettext_lazy as _

from omni.core.settings_store import declare

APPROVAL_AMOUNT = declare(
    "returns.approval_amount", default=200, kind=int, minimum=0, maximum=1_000_000,
    help_text=_("A refund above this, in the order's currency, is approved by a second person with their own PIN."),
)  # fmt: skip
WATCH_DAYS = declare(
    "returns.watch_days", default=90, kind=int, minimum=1, maximum=730,
    help_text=_("How many days back a customer's returns are looked at."),
)  # fmt: skip
WATCH_COUNT = declare(
    "returns.watch_count", default=5, kind=int, minimum=1, maximum=1000,
    help_text=_("From so many returns in these days on, a lead decides about the next one."),
)  # fmt: skip
WATCH_AMOUNT = declare(
    "returns.watch_amount", default=1000, kind=int, minimum=1, maximum=10_000_000,
    help_text=_("From returned goods of so much in these days on, a lead decides about the next one."),
)  # fmt: skip
BLIND_ASKS = declare(
    "returns.blind_asks_a_lead", default=True, kind=bool,
    help_text=_("Whether a lead decides about every return without receipt."),
)  # fmt: skip
DESK_HOURS = declare(
    "returns.desk_hours", default=12, kind=int, minimum=1, maximum=240,
    help_text=_("A return that was begun at a desk and left there ends by itself after so many hours."),
)  # fmt: skip
MAIL_DAYS = declare(
    "returns.mail_days", default=45, kind=int, minimum=1, maximum=365,
    help_text=_("How long an announced mail return waits for its parcel."),
)  # fmt: skip
