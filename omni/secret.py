"""The key that signs sessions: given by the operator, or made once and kept in a private file."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SHORTEST = 50
FEWEST_DIFFERENT_CHARACTERS = 5
PUBLICLY_KNOWN_PREFIX = "django-insecure-"


def secret_key(given: str, file: Path) -> str:
    """The operator's key, or the one kept in `file`, which is made on first use."""
    if given:
        return _strong(given)
    return _strong(_kept(file))


def _strong(key: str) -> str:
    weak = len(key) < SHORTEST or len(set(key)) < FEWEST_DIFFERENT_CHARACTERS or key.startswith(PUBLICLY_KNOWN_PREFIX)
    if weak:
        raise ImproperlyConfigured(
            f"OMNI_SECRET_KEY is weak: give at least {SHORTEST} random characters, "
            "or leave it unset and one is made and kept."
        )
    return key


def _kept(file: Path) -> str:
    if not file.exists():
        _make(file)
    return file.read_text(encoding="ascii").strip()


def _make(file: Path) -> None:
    """Several processes may start at once: each writes its own file, the first link wins, all read that one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    mine = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(secrets.token_urlsafe(64))
    try:
        os.link(mine, file)
    except FileExistsError:
        return
    finally:
        mine.unlink()
