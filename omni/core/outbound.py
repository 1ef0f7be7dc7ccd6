"""HTTP to the outside, for addresses that others wrote down: never into our own network."""

import functools
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpcore
from django.conf import settings
from django.utils.translation import gettext as _

from omni.core.guarded_network import GuardedNetwork, Resolver
from omni.core.public_addresses import OutboundError, is_literal, require_public

__all__ = ["Answer", "OutboundError", "post", "require_allowed_url", "resolve"]

CONNECT_WITHIN = 3.0  # seconds
ANSWER_WITHIN = 15.0  # seconds, for the whole exchange
LARGEST_ANSWER = 64 * 1024
LONGEST_URL = 2000


@dataclass(frozen=True)
class Answer:
    """What came back: the status and the beginning of the body."""

    status: int
    excerpt: str
    milliseconds: int

    @property
    def is_success(self) -> bool:
        """2xx; a redirect is no success, because it is not followed."""
        return 200 <= self.status < 300


def resolve(host: str, port: int) -> list[str]:
    """The addresses behind a name, as the system knows them now."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def require_allowed_url(url: str) -> None:
    """Raise OutboundError where the address is not https with a plain host name or public address."""
    if not url.isascii() or not url.isprintable() or " " in url:
        raise OutboundError(_("The address holds characters that are not plain ASCII."))
    host, port = _host_and_port(url)
    parts = urlsplit(url)
    if len(url) > LONGEST_URL or parts.username or parts.password or parts.fragment:
        raise OutboundError(_("The address holds a user, a password or a fragment, or is too long."))
    if _is_listed(host, port):
        return
    if parts.scheme != "https":
        raise OutboundError(_("Only https addresses are called."))
    if is_literal(host):
        require_public([host])


def post(url: str, *, body: bytes, headers: dict[str, str], resolver: Resolver | None = None) -> Answer:
    """Send `body` to `url`; no redirects, 3 s to connect, 15 s for all, at most 64 KiB of answer are read."""
    require_allowed_url(url)
    began = time.monotonic()
    backend = GuardedNetwork(resolver or resolve, is_listed=_is_listed, deadline=began + ANSWER_WITHIN)
    timeouts = {"connect": CONNECT_WITHIN, "read": ANSWER_WITHIN, "write": ANSWER_WITHIN, "pool": ANSWER_WITHIN}
    try:
        with (
            httpcore.ConnectionPool(ssl_context=_tls(), network_backend=backend, retries=0) as pool,
            pool.stream(
                "POST", url, headers=list(headers.items()), content=body, extensions={"timeout": timeouts}
            ) as response,
        ):
            excerpt = _read(response.iter_stream())
            milliseconds = round((time.monotonic() - began) * 1000)
            return Answer(response.status, excerpt.decode("utf-8", "replace").replace("\0", ""), milliseconds)
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError, UnicodeError) as error:
        raise OutboundError(f"{type(error).__name__}: {error}"[:300]) from error


def _read(chunks: Iterable[bytes]) -> bytes:
    got = b""
    for chunk in chunks:
        got += chunk
        if len(got) >= LARGEST_ANSWER:
            break
    return got[:LARGEST_ANSWER]


@functools.cache
def _tls() -> ssl.SSLContext:
    return httpcore.default_ssl_context()


def _host_and_port(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError as error:
        raise OutboundError(_("This is not an address.")) from error
    if not parts.hostname or not port:
        raise OutboundError(_("This is not an address."))
    return parts.hostname, port


def _is_listed(host: str, port: int) -> bool:
    return f"{host}:{port}" in settings.OUTBOUND_ALLOW
