"""The port through which money moves; behind it a simulator by default, or a provider."""

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from omni.core import practice
from orders.payments.port import DUPLICATE, Answer, Approved, Declined, Heard, OutcomeUnknown, PaymentGateway

__all__ = ["Answer", "Approved", "Declined", "Heard", "OutcomeUnknown", "PaymentGateway", "ask", "gateway"]

SIMULATOR = "orders.payments.simulator.SimulatorGateway"


def gateway() -> PaymentGateway:
    """The gateway named by `OMNI_PAYMENT_GATEWAY`, the simulator by default; in practice always the simulator."""
    adapter: type[PaymentGateway] = import_string(SIMULATOR if practice.is_on() else settings.PAYMENT_GATEWAY)
    return adapter()


def ask(call: Callable[[PaymentGateway], Answer], *, key: str, reference: str = "") -> Answer:
    """The answer to a call, by look-up where it got lost or calls itself a duplicate.

    Raises OutcomeUnknown where the provider knows nothing of it either: make the same call again later.
    """
    provider = gateway()
    try:
        answer = call(provider)
    except OutcomeUnknown:
        found = provider.look_up(key=key, reference=reference)
        if found is None:
            raise
        return found
    if isinstance(answer, Declined) and answer.code == DUPLICATE:
        found = provider.look_up(key=key, reference=reference)
        if found is None:
            raise OutcomeUnknown(answer.reason)
        return found
    return answer
