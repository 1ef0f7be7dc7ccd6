"""What HQ can set about people and devices; each with the default that holds until somebody decides."""

from django.utils.translation import gettext_lazy as _

from omni.core.settings_store import declare

PIN_DIGITS = declare(
    "people.pin_digits", default=6, kind=int, minimum=4, maximum=8,
    help_text=_("How many digits a personal PIN has at least; eight at most."),
)  # fmt: skip
