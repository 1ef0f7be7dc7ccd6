"""What HQ can set about people and devices; each with the default that holds until somebody decides."""

from django.utils.translation import gettext_lazy as _

from omni.core.settings_store import declare

PIN_DIGITS = declare(
    "people.pin_digits", default=6, kind=int, minimum=4, maximum=8,
    help_text=_("How many digits a personal PIN has at least; eight at most."),
)  # fmt: skip
LOCK_SECONDS_TILL = declare(
    "people.lock_seconds_till", default=120, kind=int, minimum=15, maximum=3600,
    help_text=_("Idle seconds after which a shared till locks."),
)  # fmt: skip
LOCK_SECONDS_HANDHELD = declare(
    "people.lock_seconds_handheld", default=600, kind=int, minimum=15, maximum=12 * 3600,
    help_text=_("Idle seconds after which a personal handheld locks."),
)  # fmt: skip
PASSWORD_ANYWHERE = declare(
    "people.password_anywhere", default=True, kind=bool,
    help_text=_("Associates may sign in with a password on devices that no lead enrolled. Leads and above always may."),
)  # fmt: skip
