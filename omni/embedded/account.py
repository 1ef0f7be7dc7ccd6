"""Under which account the servers run: PostgreSQL refuses to be root."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from omni.embedded.place import CHECKOUT
from omni.embedded.trouble import ServerTrouble
from omni.embedded.user_namespace import has_name, namespaces_work

NOBODY = 65534


@dataclass(frozen=True)
class Account:
    """An account to start a server as; in a namespace the same account merely looks like another."""

    uid: int
    gid: int
    in_namespace: bool = False


def server_account(*, binary: Path, folder: Path) -> Account | None:
    """Who may run this binary on this folder: ourselves (None), or somebody less than root."""
    uid = os.geteuid()
    if uid != 0 and has_name(uid):
        return None
    if uid == 0:
        account = _owner_of_checkout()
        if may_use(account, binary=binary, folder=folder):
            return account
        reason = f"an ordinary account may not enter {_first_closed(account, binary, folder)}"
    else:
        reason = f"account {uid} has no name in /etc/passwd"
    if namespaces_work():
        return Account(uid=uid, gid=os.getegid(), in_namespace=True)
    raise ServerTrouble(
        f"PostgreSQL runs neither as root nor as nobody known, {reason}, and this machine allows no user "
        f"namespaces.\nClone the repository into a folder that everybody may enter, such as /srv/omni, or "
        f"run it as an ordinary user, or set OMNI_DATABASE_URL and OMNI_REDIS_URL to running servers."
    )


def may_use(account: Account, *, binary: Path, folder: Path) -> bool:
    """Whether the kernel lets this account execute the binary and enter the folder."""
    return _may_enter(account, binary) and _may_enter(account, folder)


def hand_to(account: Account | None, folder: Path) -> None:
    """Make the account the owner of a data folder, also after the checkout has moved."""
    if account is None or folder.stat().st_uid == account.uid:
        return
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _owner_of_checkout() -> Account:
    """With sudo in somebody's home, that person; else nobody."""
    owner = CHECKOUT.stat()
    if owner.st_uid != 0 and has_name(owner.st_uid):
        return Account(uid=owner.st_uid, gid=owner.st_gid)
    return Account(uid=NOBODY, gid=NOBODY)


def _may_enter(account: Account, path: Path) -> bool:
    """Asked as that account, because access lists and mounts know more than the mode bits."""
    done = subprocess.run(["test", "-x", str(path)], user=account.uid, group=account.gid, extra_groups=[], check=False)
    return done.returncode == 0


def _first_closed(account: Account, *paths: Path) -> Path:
    """The topmost folder that keeps the account out, for the message."""
    for path in paths:
        for folder in [*reversed(path.parents), path]:
            if not _may_enter(account, folder):
                return folder
    return paths[0]
