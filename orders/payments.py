"""The port through which money moves, and the simulator that stands behind it by default."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Captured:
    """The provider's word that an amount was taken."""

    reference: str


class PaymentGateway(Protocol):
    def capture(self, *, reference: str, amount: Decimal, currency: str, key: str) -> Captured:
        """Take `amount` of the authorization `reference`. The same `key` again answers the same and takes nothing.

        Raises any exception when the outcome is unknown or the provider is away: the caller asks again with the key.
        """


class SimulatorGateway:
    """Takes every capture; the reference follows from the key, as with a provider that keeps its promise."""

    def capture(self, *, reference: str, amount: Decimal, currency: str, key: str) -> Captured:
        return Captured(reference=f"sim_{key}")


def gateway() -> PaymentGateway:
    """The gateway named by `OMNI_PAYMENT_GATEWAY`, the simulator by default."""
    adapter: type[PaymentGateway] = import_string(
        getattr(settings, "PAYMENT_GATEWAY", "orders.payments.SimulatorGateway")
    )
    return adapter()
