"""Which addresses are outside: everything public, and nothing that leads back in."""

import ipaddress
from collections.abc import Iterable

from django.utils.translation import gettext as _


class OutboundError(Exception):
    """The call was not made, or brought no answer; the message is fit for a delivery log."""


# `is_global` calls some addresses global that lead to private ones, or nowhere that a shop would be.
DENIED = [
    ipaddress.ip_network(network)
    for network in (
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64, local use
        "2002::/16",  # 6to4
        "2001::/32",  # Teredo
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "224.0.0.0/4",  # multicast
        "ff00::/8",
    )
]


def require_public(addresses: Iterable[str]) -> None:
    """Every address behind the name must be public: one private among them is enough to be sent there."""
    for text in addresses:
        address = ipaddress.ip_address(text.partition("%")[0])
        denied = any(address in network for network in DENIED if network.version == address.version)
        if denied or not address.is_global or address.is_multicast:
            raise OutboundError(_("The address leads into a private network."))


def is_literal(host: str) -> bool:
    """True for an address written in figures."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
