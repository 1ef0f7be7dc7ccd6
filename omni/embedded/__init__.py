"""Real PostgreSQL and a real Redis-protocol server from wheels, for one machine without either."""

from omni.embedded.session import servers
from omni.embedded.trouble import ServerTrouble

__all__ = ["ServerTrouble", "servers"]
