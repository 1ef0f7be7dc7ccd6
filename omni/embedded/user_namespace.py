"""Let one child look like somebody else: for a checkout that only root may enter, a user without a name."""

import ctypes
import os
import pwd
import subprocess
import sys
from pathlib import Path

CLONE_NEWUSER = 0x10000000

_libc = ctypes.CDLL(None, use_errno=True)


def enter_user_namespace() -> None:
    """Run in the child before exec: files open as for the real account, geteuid() tells an ordinary one."""
    uid, gid = os.geteuid(), os.getegid()
    seen_as = some_ordinary_uid()
    if _libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare(CLONE_NEWUSER)")
    Path("/proc/self/setgroups").write_text("deny")  # the kernel asks for it before a group map
    Path("/proc/self/gid_map").write_text(f"{seen_as} {gid} 1")
    Path("/proc/self/uid_map").write_text(f"{seen_as} {uid} 1")


def namespaces_work() -> bool:
    """Containers often forbid user namespaces; trying is the only way to know."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", "import os; raise SystemExit(os.geteuid() == 0)"],
            preexec_fn=enter_user_namespace,
            check=False,
        )
    except subprocess.SubprocessError:
        return False
    return done.returncode == 0


def some_ordinary_uid() -> int:
    """One that has a name, which initdb asks for; every system has at least nobody or daemon."""
    return max(entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid != 0)


def has_name(uid: int) -> bool:
    """Whether the account is known to this machine; in some containers it is not."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
