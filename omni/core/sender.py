"""Where a request comes from, also where it comes through a proxy of ours."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address


def sender_of(request: HttpRequest) -> str:
    """The address of whoever asks.

    Each proxy adds at the end of X-Forwarded-For whom it heard; whatever stands before that, anybody may have written.
    So it is read from the end, past the proxies of `OMNI_TRUSTED_PROXIES`, and not at all where none of them asks.
    """
    heard = str(request.META.get("REMOTE_ADDR", ""))
    chain = request.headers.get("X-Forwarded-For", "").split(",")
    while is_trusted(heard) and chain:
        before = _address(chain.pop())
        if before is None:
            break
        heard = str(before)
    return heard


def address_of(request: HttpRequest) -> str | None:
    """The same for whoever counts failed sign-ins; None where nobody knows."""
    return sender_of(request) or None


def is_trusted(address: str) -> bool:
    """Whether this is one of our own proxies."""
    known = _address(address)
    return known is not None and any(known in network for network in settings.TRUSTED_PROXIES)


def _address(text: str) -> Address | None:
    """Proxies write IPv6 with brackets, and some a port; what is no address is nobody."""
    bare = text.strip().removeprefix("[").partition("]")[0]
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return mapped or found
