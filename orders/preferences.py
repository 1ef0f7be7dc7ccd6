"""What HQ can set about orders; each with the default that holds until somebody decides."""

from django.utils.translation import gettext_lazy as _

from omni.core.settings_store import declare

PICKUP_GRACE_MINUTES = declare(
    "orders.pickup_grace_minutes", default=0, kind=int, minimum=0, maximum=60,
    help_text=_("How long a pickup order waits before it reaches the store, so that the customer can still cancel."),
)  # fmt: skip
SHIP_GRACE_MINUTES = declare(
    "orders.ship_grace_minutes", default=30, kind=int, minimum=0, maximum=24 * 60,
    help_text=_("How long a ship order waits before it reaches its location."),
)  # fmt: skip
COLLECT_OPEN_DAYS = declare(
    "orders.collect_open_days", default=5, kind=int, minimum=1, maximum=30,
    help_text=_("Open days that a staged order waits for its customer."),
)  # fmt: skip
REMINDER_HOURS_BEFORE = declare(
    "orders.reminder_hours_before", default=24, kind=int, minimum=1, maximum=240,
    help_text=_("How long before the collection deadline the customer is reminded."),
)  # fmt: skip
MAX_ATTEMPTS = declare(
    "orders.max_attempts", default=5, kind=int, minimum=1, maximum=50,
    help_text=_("Locations that may fail a line before a person at HQ decides."),
)  # fmt: skip
UNDO_SECONDS = declare(
    "orders.undo_seconds", default=60, kind=int, minimum=0, maximum=600,
    help_text=_("How long a hand-over can be undone; money is captured afterwards."),
)  # fmt: skip
CONFIRM_HOURS = declare(
    "orders.confirm_hours", default=4, kind=int, minimum=1, maximum=240,
    help_text=_("How long a distribution center or vendor has to confirm work before it shows as overdue."),
)  # fmt: skip
SEARCH_SITES = declare(
    "orders.search_sites", default=60, kind=int, minimum=1, maximum=5000,
    help_text=_("How many of the nearest locations a ship plan looks at before it looks everywhere."),
)  # fmt: skip
MOST_MOVES = declare(
    "orders.most_moves", default=3, kind=int, minimum=0, maximum=50,
    help_text=_("How often the parcels of one order may be given to other locations before they are released."),
)  # fmt: skip
ROUTING_PAUSED = declare(
    "orders.routing_paused", default=False, kind=bool,
    help_text=_("Do not decide again over unreleased parcels; each order keeps the plan it was placed with."),
)  # fmt: skip
ROUTING_LEAST_CENTS = declare(
    "orders.routing_least_cents", default=25, kind=int, minimum=0, maximum=100_000,
    help_text=_("How many cents a parcel's move to another location has to save."),
)  # fmt: skip
PRICE_HOURS = declare(
    "orders.price_hours", default=4, kind=int, minimum=0, maximum=24,
    help_text=_("Hours after which it is worked out anew what units and room are worth to orders to come; 0: never."),
)  # fmt: skip
ROUTING_KEPT_DAYS = declare(
    "orders.routing_kept_days", default=730, kind=int, minimum=30, maximum=3650,
    help_text=_("Days after which it is put away why a closed order's parcels came from where they came from."),
)  # fmt: skip
SHIP_TO_STORE_CHANNELS = declare(
    "orders.ship_to_store_channels", default="", kind=str,
    help_text=_("Channels whose pickups may be sent to their store from elsewhere, separated by commas; * is all."),
)  # fmt: skip
SHIP_TO_STORE_DAYS = declare(
    "orders.ship_to_store_days", default=3, kind=int, minimum=1, maximum=60,
    help_text=_("Days until units that are sent to a store for a pickup are promised to be ready."),
)  # fmt: skip
NEARBY_KM = declare(
    "orders.nearby_km", default=160, kind=int, minimum=1, maximum=2000,
    help_text=_("How far a store may be (km) to be offered to a shopper for pickup; 160 km are 100 miles."),
)  # fmt: skip
BASKET_HOLD_MINUTES = declare(
    "orders.basket_hold_minutes", default=10, kind=int, minimum=1, maximum=120,
    help_text=_("How long the units in an associate's basket are kept; each change and the button begin anew."),
)  # fmt: skip
CURRENCIES = declare(
    "orders.currencies", default="USD,CAD,GBP,EUR", kind=str,
    help_text=_("Currencies in which orders are taken, separated by commas."),
)  # fmt: skip
DEMO_PARTNERS = declare(
    "orders.demo_partners", default=False, kind=bool,
    help_text=_("Demo only: play the part of distribution centers and vendors, who confirm and ship by themselves."),
)  # fmt: skip
TERMINAL_MODE = declare(
    "orders.terminal_mode", default="approve", kind=str,
    help_text=_("What the simulated payment terminal does: approve, decline, timeout, timeout_after or duplicate."),
)  # fmt: skip
INTENT_MINUTES = declare(
    "orders.intent_minutes", default=30, kind=int, minimum=1, maximum=24 * 60,
    help_text=_("How long an approved payment waits for its order before it is voided."),
)  # fmt: skip
LINK_DAYS = declare(
    "orders.link_days", default=45, kind=int, minimum=1, maximum=365,
    help_text=_("Days that the link in a message shows the customer their order."),
)  # fmt: skip
CURBSIDE_MINUTES = declare(
    "orders.curbside_minutes", default=4, kind=int, minimum=1, maximum=60,
    help_text=_("How long a customer may wait outside before the desk shows it as late."),
)  # fmt: skip
MINIMUM_AGE = declare(
    "orders.minimum_age", default=21, kind=int, minimum=1, maximum=30,
    help_text=_("The age that is checked at the desk before an age-restricted item is handed over."),
)  # fmt: skip
LAST_DAY_HOURS = declare(
    "orders.last_day_hours", default=5, kind=int, minimum=1, maximum=24,
    help_text=_("How long before the collection deadline the customer is told that it is the last day."),
)  # fmt: skip
DELAY_MINUTES = declare(
    "orders.delay_minutes", default=15, kind=int, minimum=1, maximum=24 * 60,
    help_text=_("How late a pickup may be before the customer is told that it is delayed."),
)  # fmt: skip
QUOTE_MINUTES = declare(
    "orders.quote_minutes", default=30, kind=int, minimum=1, maximum=7 * 24 * 60,
    help_text=_("How long the prices of a quote hold."),
)  # fmt: skip
VERIFY_PACKING = declare(
    "orders.verify_packing", default=True, kind=bool,
    help_text=_("Every unit is scanned into its parcel. Off: one tap packs all that is in the tote."),
)  # fmt: skip
CARRIERS = declare(
    "orders.carriers", default="UPS,FedEx,USPS,DHL,OnTrac", kind=str,
    help_text=_("Carriers offered where one is typed, separated by commas."),
)  # fmt: skip
