"""What goes wrong with the embedded servers, said so that the reader knows what to do."""

from pathlib import Path


class ServerTrouble(Exception):
    """An embedded server cannot be had; the message says why and what to do."""


def tail(log: Path, *, lines: int = 15) -> str:
    """The end of a log, indented, for a message on the screen."""
    if not log.exists():
        return f"  ({log} is empty)"
    text = log.read_text(errors="replace").splitlines()[-lines:]
    return "\n".join(f"  {line}" for line in text) or f"  ({log} is empty)"
