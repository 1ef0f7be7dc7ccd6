"""What HQ can set about customers; each with the default that holds until somebody decides."""

from django.utils.translation import gettext_lazy as _

from omni.core.settings_store import declare

CREDIT_ALONE = declare(
    "customers.credit_alone", default=100, kind=int, minimum=0, maximum=1_000_000,
    help_text=_("Store credit above this amount, in its currency, takes a second person at HQ."),
)  # fmt: skip
