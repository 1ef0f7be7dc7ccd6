"""Real order streams through HTTP while people work in every store: afterwards the audit finds nothing."""

import os
import re
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from omni.embedded.place import CHECKOUT
from omni.embedded.process import wait_until
from tests.campaign.test_kills import Shop

pytestmark = pytest.mark.campaign

DATA = Path(os.environ.get("REAL_DATA", CHECKOUT.parent / "shared" / "data"))
STREAMS = {
    "completejourney": int(os.environ.get("CAMPAIGN_BASKETS", "3000")),
    "uci": int(os.environ.get("CAMPAIGN_INVOICES", "500")),
}
NO_GRACE = """
from omni.core.actors import Actor
from omni.core.operations.change_setting import change_setting
change_setting(key="orders.ship_grace_minutes", value=0, by=Actor.system("campaign"))
"""


class Terminal:
    """Commands typed beside a shop."""

    def __init__(self, var: Path) -> None:
        given = {name: value for name, value in os.environ.items() if not name.startswith("OMNI_")}
        self.env = given | {"OMNI_VAR": str(var), "PYTHONUNBUFFERED": "1"}

    def run(self, *words: str) -> str:
        done = subprocess.run([sys.executable, "manage.py", *words], cwd=CHECKOUT, env=self.env, text=True, check=True,
                              stdout=subprocess.PIPE)  # fmt: skip
        sys.stdout.write(done.stdout)
        return done.stdout

    def start(self, *words: str) -> subprocess.Popen:
        return subprocess.Popen([sys.executable, "manage.py", *words], cwd=CHECKOUT, env=self.env)


@pytest.fixture
def stocked_var() -> Path:
    """A shop's folder with the real stores, the products of both streams, and too little stock."""
    if not (DATA / "stores").is_dir():
        pytest.skip(f"no real data at {DATA} (set REAL_DATA)")
    var = CHECKOUT / "var" / f"campaign-{uuid.uuid4().hex[:6]}"
    terminal = Terminal(var)
    terminal.run("migrate", "-v0")
    for kind, limit in STREAMS.items():
        terminal.run("prepare_replay", str(DATA), "--kind", kind, "--limit", str(limit))
    terminal.run("shell", "-v0", "-c", NO_GRACE)
    return var


def test_replays_with_people_at_work_leave_nothing_for_the_audit(stocked_var):
    shop, terminal = Shop(stocked_var), Terminal(stocked_var)
    try:
        assert wait_until(shop.is_ready, seconds=240)
        key = re.search(r"omni_[\w-]{40}", terminal.run("create_api_key", "replay", "--scope", "orders:write",
                                                        "--rate", "100000"))[0]  # fmt: skip
        people = terminal.start("work_floor", "--people", "2", "--seconds", "100000")
        for kind, limit in STREAMS.items():
            said = terminal.run("replay", str(DATA), "--kind", kind, "--limit", str(limit), "--url", shop.url,
                                "--key", key)  # fmt: skip
            assert int(re.search(r"placed (\d+), known", said)[1]) > limit / 2
        assert people.poll() is None, "people at work met something else than a refusal"
        people.terminate()
        people.wait(timeout=60)
        terminal.run("audit")  # fails where it finds anything
    finally:
        shop.stop()
