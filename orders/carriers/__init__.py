"""Carriers: the port through which labels are bought, and the adapters behind it."""

from django.conf import settings
from django.utils.module_loading import import_string

from omni.core import practice
from orders.carriers.port import Carrier

SIMULATOR = "orders.carriers.simulator.Simulator"


def carrier() -> Carrier:
    """The adapter named by `OMNI_CARRIER`, the simulator by default; in practice always the simulator."""
    chosen = SIMULATOR if practice.is_on() else getattr(settings, "CARRIER", SIMULATOR)
    adapter: type[Carrier] = import_string(chosen)
    return adapter()
