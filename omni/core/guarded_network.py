"""Connections to the outside that cannot be led astray and cannot be held up."""

import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore
from django.utils.translation import gettext as _

from omni.core.public_addresses import OutboundError, is_literal, require_public

Resolver = Callable[[str, int], list[str]]
IsListed = Callable[[str, int], bool]


class GuardedNetwork(httpcore.NetworkBackend):
    """Resolves once, tests every address, and connects to a tested one: a second look-up could answer otherwise."""

    def __init__(self, resolver: Resolver, *, is_listed: IsListed, deadline: float) -> None:
        self.resolver = resolver
        self.is_listed = is_listed
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
        addresses = [host] if is_literal(host) else self.resolver(host, port)
        if not addresses:
            raise OutboundError(_("The name %s leads nowhere.") % host)
        if not self.is_listed(host, port):
            require_public(addresses)
        stream = self.backend.connect_tcp(addresses[0], port, timeout, local_address, socket_options)
        return PunctualStream(stream, deadline=self.deadline)


class PunctualStream(httpcore.NetworkStream):
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
        return PunctualStream(secure, deadline=self.deadline)

    def get_extra_info(self, info: str) -> Any:
        """What the stream below knows."""
        return self.stream.get_extra_info(info)

    def _left(self, late: type[Exception]) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise late("the whole exchange took too long")
        return left
