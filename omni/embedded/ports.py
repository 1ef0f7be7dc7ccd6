"""Ports on the loopback address: remembered between starts, never assumed to be ours."""

import random
import socket
from pathlib import Path

# Below 32768, where the kernel begins to hand out ports for outgoing connections: one of those
# could take our port between two starts.
LOWEST, HIGHEST = 20_000, 32_767
ATTEMPTS = 200


def port_for(remembered: Path) -> int:
    """The port used last time where it is still free (running clients know it), else a free one."""
    port = noted_port(remembered)
    if port is None or not is_free(port):
        port = free_port()
        remembered.write_text(f"{port}\n")
    return port


def noted_port(file: Path) -> int | None:
    """The port that is written down here."""
    try:
        return int(file.read_text())
    except (FileNotFoundError, ValueError):
        return None


def is_free(port: int) -> bool:
    """Whether this machine would let us listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Some port that is free now."""
    for _ in range(ATTEMPTS):
        port = random.randint(LOWEST, HIGHEST)
        if is_free(port):
            return port
    raise OSError(f"no free port found between {LOWEST} and {HIGHEST}")
