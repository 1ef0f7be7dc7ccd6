"""Lends the kernel the names of all places, so that HQ reads a scope in words."""

from inventory.models import Location, LocationGroup
from omni.core import scope_names


def names() -> dict[str, str]:
    """Scope -> code and name, groups first; two queries for the whole chain."""
    groups = LocationGroup.objects.order_by("code").values_list("pk", "code", "name")
    places = Location.objects.order_by("code").values_list("pk", "code", "name")
    return {f"group:{pk}": f"{code} {name}" for pk, code, name in groups} | {
        f"location:{pk}": f"{code} {name}" for pk, code, name in places
    }


def lend_names_to_kernel() -> None:
    scope_names.lend(names)
