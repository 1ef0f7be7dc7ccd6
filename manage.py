#!/usr/bin/env python
"""The door for people at a terminal: every command finds its servers, or starts them for its own time."""

import os
import signal
import sys
from contextlib import nullcontext

from django.core.management import execute_from_command_line

from omni.embedded import ServerTrouble, servers

# These look at files only; `check` reads no table unless it is asked to, and `bench` brings servers of its own.
NEED_NO_SERVERS = {
    "bench",
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "spectacular",
    "version",
}


def main(arguments: list[str]) -> None:
    """Run one command, with servers where it needs them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omni.settings")
    os.environ.setdefault("OMNI_ROUTING_KERNEL", "numpy")  # one order at a time: compiling would take longer
    try:
        with servers() if needs_servers(arguments[1:]) else nullcontext():
            execute_from_command_line(arguments)
    except ServerTrouble as trouble:
        sys.exit(str(trouble))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def needs_servers(arguments: list[str]) -> bool:
    """Whether this command line would talk to the database or the broker."""
    if not arguments or "--help" in arguments or "-h" in arguments:
        return False
    command = arguments[0]
    return not command.startswith("-") and (command not in NEED_NO_SERVERS or "--database" in arguments)


if __name__ == "__main__":
    main(sys.argv)
