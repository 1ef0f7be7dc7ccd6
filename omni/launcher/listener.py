"""The web port, opened by the launcher and lent to the web server."""

import errno
import socket

BACKLOG = 512


class PortTaken(Exception):
    """Somebody else listens on the port."""


def open_port(port: int) -> socket.socket:
    """Listen on the loopback address; a restart of the web server keeps callers waiting, not refused."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortTaken(port) from error
    listener.listen(BACKLOG)
    return listener
