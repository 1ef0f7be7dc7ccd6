"""HTTP to the outside, for addresses that others wrote down: never into our own network."""

import functools
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpcore
from django.conf import settings
from django.utils.translation import gettext as _

CONNECT_WITHIN = 3.0  # seconds
ANSWER_WITHIN = 15.0  # seconds, for the whole exchange
LARGEST_ANSWER = 64 * 1024
LONGEST_URL = 2000

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

Address = tuple[str, int]
Resolver = Callable[[str, int], list[str]]


class OutboundError(Exception):
    """The call was not made, or brought no answer; the message is fit for a delivery log."""


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
    if _is_literal(host):
        _require_public([host])


def post(url: str, *, body: bytes, headers: dict[str, str], resolver: Resolver | None = None) -> Answer:
    """Send `body` to `url`; no redirects, 3 s to connect, 15 s for all, at most 64 KiB of answer are read."""
    require_allowed_url(url)
    began = time.monotonic()
    backend = _GuardedBackend(resolver or resolve, deadline=began + ANSWER_WITHIN)
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
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
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


class _GuardedBackend(httpcore.NetworkBackend):
    """Resolves once, tests every address, and connects to a tested one: a second look-up could answer otherwise."""

    def __init__(self, resolver: Resolver, *, deadline: float) -> None:
        self.resolver = resolver
        self.deadline = deadline
        self.backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to a tested address."""
        addresses = [host] if _is_literal(host) else self.resolver(host, port)
        if not addresses:
            raise OutboundError(_("The name %s leads nowhere.") % host)
        if not _is_listed(host, port):
            _require_public(addresses)
        stream = self.backend.connect_tcp(addresses[0], port, timeout, local_address, socket_options)
        return _PunctualStream(stream, deadline=self.deadline)


class _PunctualStream(httpcore.NetworkStream):
    """No read or write waits beyond the deadline of the whole exchange, however slowly the other side drips."""

    def __init__(self, stream: httpcore.NetworkStream, *, deadline: float) -> None:
        self.stream = stream
        self.deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read within what is left."""
        return self.stream.read(max_bytes, self._left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write within what is left."""
        self.stream.write(buffer, self._left(httpcore.WriteTimeout))

    def close(self) -> None:
        """Hang up."""
        self.stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Shake hands within what is left."""
        secure = self.stream.start_tls(ssl_context, server_hostname, self._left(httpcore.ConnectTimeout))
        return _PunctualStream(secure, deadline=self.deadline)

    def get_extra_info(self, info: str) -> Any:
        """What the stream below knows."""
        return self.stream.get_extra_info(info)

    def _left(self, late: type[Exception]) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise late("the whole exchange took too long")
        return left


def _host_and_port(url: str) -> Address:
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


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _require_public(addresses: Iterable[str]) -> None:
    """Every address behind the name must be public: one private among them is enough to be sent there."""
    for text in addresses:
        address = ipaddress.ip_address(text.partition("%")[0])
        denied = any(address in network for network in DENIED if network.version == address.version)
        if denied or not address.is_global or address.is_multicast:
            raise OutboundError(_("The address leads into a private network."))
