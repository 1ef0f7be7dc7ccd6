"""Carriers: the port through which labels are bought, and the adapters behind it."""

from django.conf import settings
from django.utils.module_loading import import_string

from orders.carriers.port import Carrier


def carrier() -> Carrier:
    """The adapter named by `OMNI_CARRIER`, the simulator by default."""
    adapter: type[Carrier] = import_string(getattr(settings, "CARRIER", "orders.carriers.simulator.Simulator"))
    return adapter()
