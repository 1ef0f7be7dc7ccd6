"""Kill everything that can be killed while orders come in: nothing is lost, nothing is doubled, nothing drifts."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from omni.embedded.place import CHECKOUT
from omni.embedded.process import wait_until

pytestmark = pytest.mark.campaign

ORDERS = int(os.environ.get("CAMPAIGN_ORDERS", "600"))
WRITERS = 3
EVERY = 60  # orders between two kills
PRINT_ADDRESS = "import os; print(os.environ['OMNI_DATABASE_URL'])"
VICTIMS = {
    "a routing worker": ("celery", "routing"),
    "the event relay": ("manage.py", "relay"),
    "Valkey": ("valkey-server",),
    "a web process": ("gunicorn",),
    "PostgreSQL": ("postgres", "-D"),
    "the worker for long jobs": ("celery", "bulk"),
}


class Shop:
    """`make run` in a folder of its own."""

    def __init__(self, var: Path) -> None:
        self.var = var
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        given = {name: value for name, value in os.environ.items() if not name.startswith("OMNI_")}
        self.env = given | {"OMNI_VAR": str(var), "PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen([sys.executable, "manage.py", "up"], cwd=CHECKOUT, env=self.env)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def is_ready(self) -> bool:
        assert self.process.poll() is None, "the launcher ended"
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def key(self) -> str:
        return json.loads((self.var / "demo.json").read_text())["api_key"]

    def kill(self, words: tuple[str, ...]) -> bool:
        """SIGKILL one process of this shop whose command line has all the words."""
        for process in psutil.process_iter(["cmdline"]):
            line = " ".join(process.info["cmdline"] or [])
            if process.pid != self.process.pid and all(word in line for word in words) and self._is_ours(process):
                process.kill()
                return True
        return False

    def _is_ours(self, process: psutil.Process) -> bool:
        """It or its parent (a server's keeper) was started for this folder."""
        with contextlib.suppress(psutil.Error):
            family = [process, process.parent()]
            return any(each and each.environ().get("OMNI_VAR") == str(self.var) for each in family)
        return False

    def database(self) -> psycopg.Connection:
        address = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", PRINT_ADDRESS],
            cwd=CHECKOUT, env=self.env, capture_output=True, text=True, check=True,
        ).stdout.split()[-1]  # fmt: skip
        return psycopg.connect(address, autocommit=True)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=120)


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop(CHECKOUT / "var" / f"campaign-{uuid.uuid4().hex[:6]}")
    try:
        assert wait_until(shop.is_ready, seconds=240)
        assert wait_until((shop.var / "demo.json").exists, seconds=10)
        yield shop
    finally:
        shop.stop()


class Writers:
    """Clients that send each order until somebody says that it is there."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.prefix = shop, f"KILL-{uuid.uuid4().hex[:6]}"
        self.numbers: dict[int, str] = {}
        self.asked = iter(range(ORDERS))
        self.lock = threading.Lock()
        self.troubles = 0
        self.skus = self._get("/api/v1/variants?limit=50", "sku")

    def run(self) -> list[threading.Thread]:
        threads = [threading.Thread(target=self._write) for _ in range(WRITERS)]
        for thread in threads:
            thread.start()
        return threads

    def _get(self, path: str, name: str) -> list[str]:
        answer = httpx.get(self.shop.url + path, headers=self._headers(), timeout=20).raise_for_status().json()
        return [row[name] for row in answer["results"]]

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.shop.key()}"}

    def _write(self) -> None:
        with httpx.Client(base_url=self.shop.url, headers=self._headers(), timeout=30) as client:
            while (n := self._next()) is not None:
                self.numbers[n] = self._placed(client, n)

    def _next(self) -> int | None:
        with self.lock:
            return next(self.asked, None)

    def _placed(self, client: httpx.Client, n: int) -> str:
        body = {
            "channel": "web", "channel_reference": f"{self.prefix}-{n}", "currency": "USD", "on_shortage": "accept",
            "lines": [
                {"reference": str(k), "sku": self.skus[(n + k) % len(self.skus)], "quantity": 1,
                 "fulfillment": {"method": "ship", "service": "standard"}}
                for k in range(2)
            ],
            "shipping_address": {"name": "Ada", "line1": "1 Main St", "city": "Minneapolis", "region": "MN",
                                 "postal_code": "55401", "country": "US"},
        }  # fmt: skip
        answer: list[httpx.Response] = []

        def accepted() -> bool:
            try:
                response = client.post("/api/v1/orders", json=body, headers={"Idempotency-Key": f"{self.prefix}-{n}"})
            except httpx.HTTPError:
                self.troubles += 1
                return False
            if response.status_code in (200, 201):
                answer.append(response)
                return True
            assert response.status_code in (409, 429, 503), response.text
            self.troubles += 1
            return False

        assert wait_until(accepted, seconds=180)
        return answer[0].json()["number"]


def test_no_kill_loses_or_doubles_an_order(shop):
    writers = Writers(shop)
    threads = writers.run()
    killed = []
    for turn, (name, words) in enumerate(cycle(VICTIMS.items()), start=1):
        if turn * EVERY >= ORDERS:
            break
        assert wait_until(lambda turn=turn: len(writers.numbers) >= turn * EVERY, seconds=240)
        assert wait_until(lambda words=words: shop.kill(words), seconds=60)
        killed.append(name)
    for thread in threads:
        thread.join(timeout=400)
    assert wait_until(shop.is_ready, seconds=60)

    with shop.database() as database:
        rows = database.execute(
            "SELECT channel_reference, number FROM orders_order WHERE channel_reference LIKE %s",
            [f"{writers.prefix}-%"],
        ).fetchall()
        assert len(rows) == ORDERS == len(writers.numbers)
        assert {reference: str(number) for reference, number in rows} == {
            f"{writers.prefix}-{n}": number for n, number in writers.numbers.items()
        }
        idle = """SELECT NOT EXISTS (SELECT 1 FROM core_event WHERE position IS NULL)
                     AND NOT EXISTS (SELECT 1 FROM core_eventdelivery WHERE status = 'pending')"""
        assert wait_until(lambda: database.execute(idle).fetchone()[0], seconds=240)
    audit = subprocess.run(
        [sys.executable, "manage.py", "audit"], cwd=CHECKOUT, env=shop.env, capture_output=True, text=True, check=False
    )
    assert audit.returncode == 0, audit.stdout
    print(f"{ORDERS} orders, {len(killed)} kills ({', '.join(killed)}), {writers.troubles} answers asked again")  # noqa: T201
