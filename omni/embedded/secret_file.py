"""Passwords that nobody chose: generated once, readable by the owner alone."""

import os
import secrets
from pathlib import Path


def kept_secret(path: Path) -> str:
    """The password in this file, made on first use; only the keeper of a server makes one."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.new")
        draft.unlink(missing_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(24))
        draft.replace(path)
    return path.read_text()
