"""Where this checkout keeps what must survive: OMNI_VAR, or var/ beside manage.py."""

import os
from pathlib import Path

from omni.embedded.trouble import ServerTrouble

CHECKOUT = Path(__file__).resolve().parents[2]
ROTATE_AT_BYTES = 5_000_000


def var_folder() -> Path:
    """The folder of data, logs and secrets; other accounts may pass through it but not list it."""
    return own_folder(Path(os.environ.get("OMNI_VAR") or CHECKOUT / "var").expanduser().resolve())


def own_folder(folder: Path, *, mode: int = 0o711) -> Path:
    """A folder of ours, made when missing; one that root made at an earlier start is said to be so."""
    try:
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
    except PermissionError as error:
        raise ServerTrouble(f"{folder} cannot be made ({error.strerror}): set OMNI_VAR elsewhere.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ServerTrouble(
            f"{folder} belongs to another account, probably root from an earlier start. "
            f"Start as that account, give the folder away with chown -R, or set OMNI_VAR to one of yours."
        )
    return folder


def is_for_tests(folder: Path) -> bool:
    """Servers of a test run may lose data in a power cut, and are faster for it."""
    return os.environ.get("OMNI_TEST") == "1" or folder.parts[-2:] == ("var", "test")


def log_file(name: str) -> Path:
    """The log of one process, the previous one kept beside it once it has grown."""
    path = own_folder(var_folder() / "log", mode=0o700) / f"{name}.log"
    if path.exists() and path.stat().st_size > ROTATE_AT_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path
