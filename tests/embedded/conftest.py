"""A machine of its own per test: another var folder, other ports, real servers, real processes."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
import redis

from omni.embedded.place import CHECKOUT
from omni.embedded.process import marked, wait_until
from omni.embedded.server import Server, mark_of

HOLD = """
import os, sys
from omni.embedded import servers
with servers() as session:
    print(os.environ["OMNI_DATABASE_URL"], os.environ["OMNI_REDIS_URL"], flush=True)
    while sys.stdin.readline() == "again\\n":
        session.open_again()
        print(os.environ["OMNI_DATABASE_URL"], os.environ["OMNI_REDIS_URL"], flush=True)
"""


@dataclass
class User:
    """A process that uses the servers until it is told to leave, or is killed."""

    process: subprocess.Popen[str]
    database_url: str = ""
    redis_url: str = ""

    def read_addresses(self):
        self.database_url, self.redis_url = self.process.stdout.readline().split()

    def open_again(self):
        self.process.stdin.write("again\n")
        self.process.stdin.flush()
        self.read_addresses()

    def leave(self):
        self.process.communicate(timeout=30)
        assert self.process.returncode == 0

    def kill(self):
        self.process.kill()
        self.process.communicate(timeout=30)

    def query(self, statement):
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None

    def answers(self):
        try:
            return self.query("select 1") == 1
        except psycopg.OperationalError:
            return False

    def redis(self):
        return redis.Redis.from_url(self.redis_url)


@dataclass
class Machine:
    """One var folder with whoever uses it."""

    var: Path
    users: list[User] = field(default_factory=list)

    def start_user(self, *, python=sys.executable, env=None, **popen) -> User:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("OMNI_")}
        environment |= {"OMNI_VAR": str(self.var)} | (env or {})
        process = subprocess.Popen(
            [python, "-c", HOLD],
            cwd=CHECKOUT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            **popen,
        )
        user = User(process)
        self.users.append(user)
        user.read_addresses()
        return user

    def server(self, kind: type[Server], monkeypatch) -> Server:
        monkeypatch.setenv("OMNI_VAR", str(self.var))
        return kind()

    def processes(self) -> list[int]:
        """Everything that is left of this machine: keepers by their environment, servers by their mark."""
        return [*self.keepers(), *marked(str(self.var)), *self.servers()]

    def servers(self) -> list[int]:
        return [pid for name in ("postgres", "valkey") for pid in marked(mark_of(self.var / name))]

    def keepers(self, name="") -> list[int]:
        found = []
        for pid in marked(f"omni.embedded.keeper\0{name}"):
            try:
                environment = Path(f"/proc/{pid}/environ").read_bytes()
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
            if f"OMNI_VAR={self.var}\0".encode() in environment:
                found.append(pid)
        return found

    def postmaster(self) -> int:
        return int((self.var / "postgres/data/postmaster.pid").read_text().split("\n")[0])

    def is_quiet(self) -> bool:
        return wait_until(lambda: not self.processes(), seconds=20)

    def clean_up(self):
        for user in self.users:
            if user.process.poll() is None:
                user.kill()
        for pid in [] if self.is_quiet() else self.processes():
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.var.parent)


def empty_machine() -> Machine:
    """With a var folder that other accounts may enter, unlike pytest's own temporary folders."""
    folder = Path(tempfile.mkdtemp(prefix="omni-embedded-"))
    folder.chmod(0o755)
    return Machine(folder / "var")


@pytest.fixture
def machine():
    """One on which nothing was ever started."""
    machine = empty_machine()
    yield machine
    machine.clean_up()


@pytest.fixture(scope="session")
def used_var():
    """What a first start leaves. Making a cluster takes most of it, and is looked at where a first start is."""
    machine = empty_machine()
    machine.start_user(env={"OMNI_TEST": "1"}).leave()
    yield machine.var
    machine.clean_up()


@pytest.fixture
def used_machine(machine, used_var):
    """One whose servers ran before."""
    subprocess.run(["cp", "--archive", used_var, machine.var], check=True)  # with whom everything belongs to
    return machine
