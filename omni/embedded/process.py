"""Start and stop child processes that can never outlive us."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from omni.embedded.account import Account
from omni.embedded.user_namespace import enter_user_namespace

PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    on_our_death: signal.Signals,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: int = subprocess.DEVNULL,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a child in its own session (Ctrl-C is ours alone) that is signaled when we die.

    Call it from the main thread only: the kernel sends that signal when the *thread* that forked ends.
    """
    other = None if account is None or account.in_namespace else account
    with open(log, "ab") as output:
        return subprocess.Popen(
            command,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            pass_fds=pass_fds,
            start_new_session=True,
            preexec_fn=_before_exec(on_our_death, account),  # noqa: PLW1509 - there is one thread
            user=other.uid if other else None,
            group=other.gid if other else None,
            extra_groups=[] if other else None,
        )


def stop(*processes: subprocess.Popen[bytes], steps: Sequence[tuple[signal.Signals, float]]) -> None:
    """Ask ever more firmly, each time waiting so many seconds; whatever is left of a group is killed."""
    for request, patience in [*steps, (signal.SIGKILL, 10.0)]:
        alive = [process for process in processes if process.poll() is None]
        for process in alive:
            process.send_signal(request)
        if wait_until(lambda: all(process.poll() is not None for process in processes), seconds=patience):
            break
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def marked(mark: str) -> list[int]:
    """Living processes that bear this mark in their command line (a zombie has none).

    The command line is the one thing that root in a container may read of every process.
    """
    wanted = mark.encode()
    return [int(entry.name) for entry in Path("/proc").iterdir() if wanted in _command_line(entry)]


def wait_until(condition: Callable[[], bool], *, seconds: float, every: float = 0.05) -> bool:
    """Whether the condition became true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def _before_exec(on_our_death: signal.Signals, account: Account | None) -> Callable[[], None]:
    parent = os.getpid()

    def prepare() -> None:
        if account and account.in_namespace:
            enter_user_namespace()
        # Only now: the kernel forgets the signal whenever the credentials change.
        _libc.prctl(PR_SET_PDEATHSIG, on_our_death)
        if os.getppid() != parent:  # we died before the kernel knew
            os._exit(1)

    return prepare


def _command_line(entry: Path) -> bytes:
    if not entry.name.isdigit():
        return b""
    try:
        return (entry / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
