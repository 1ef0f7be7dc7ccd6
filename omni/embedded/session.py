"""`with servers():` gives a process its database and its broker."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from omni.embedded.postgres import Postgres
from omni.embedded.server import Server
from omni.embedded.tenant import Tell, Tenant
from omni.embedded.trouble import ServerTrouble
from omni.embedded.valkey import Valkey


def say(message: str) -> None:
    """To the person at the terminal, never into a command's output."""
    print(message, file=sys.stderr, flush=True)


class Session:
    """The embedded servers that one process uses, and the environment variables that lead to them."""

    def __init__(self, servers: list[Server], tell: Tell) -> None:
        self.tenants = [Tenant(server, tell) for server in servers]
        self.addresses: dict[str, str] = {}

    def open(self) -> None:
        """Return when every server answers; they start side by side."""
        for tenant in self.tenants:
            tenant.join()
        self.open_again()

    def is_kept(self) -> bool:
        """Whether every server still has its keeper; if not, `open_again`."""
        return all(tenant.is_kept() for tenant in self.tenants)

    def open_again(self) -> None:
        """Also after a keeper was killed: have every server answer, on the old ports where they are free."""
        for tenant in self.tenants:
            tenant.wait()
        self.addresses = {tenant.server.variable: tenant.url for tenant in self.tenants}
        os.environ.update(self.addresses)

    def close(self) -> None:
        """Leave; the last user waits until the servers have stopped."""
        for tenant in self.tenants:
            tenant.leave()


_sessions: list[Session] = []


@contextmanager
def servers(*, tell: Tell = say) -> Iterator[Session]:
    """Have OMNI_DATABASE_URL and OMNI_REDIS_URL lead to servers that answer, for the time of the block.

    A variable that is already set is left alone and its server is not embedded. Raises ServerTrouble.
    """
    if _sessions:  # a command called by a command
        yield _sessions[-1]
        return
    session = Session([kind() for kind in _wanted()], tell)
    session.open()
    _sessions.append(session)
    try:
        yield session
    finally:
        _sessions.remove(session)
        for variable in session.addresses:
            os.environ.pop(variable, None)
        session.close()


def _wanted() -> list[type[Server]]:
    kinds: list[type[Server]] = [Postgres, Valkey]
    wanted = [kind for kind in kinds if not os.environ.get(kind.variable)]
    if wanted and sys.platform != "linux":
        raise ServerTrouble(
            "Embedded servers need Linux (WSL is fine). Elsewhere set OMNI_DATABASE_URL and OMNI_REDIS_URL "
            "to a PostgreSQL 18 and a Redis or Valkey of yours."
        )
    return wanted
