"""Every topic that others can hear stands in docs/api.md, and nothing stands there that nobody tells."""

import re
from itertools import chain
from pathlib import Path
from types import ModuleType

import customers.events
import inventory.events
import orders.events
import returns.events
from omni.core import inbound, topics
from omni.core.events import kept_inside

ROOT = Path(__file__).parents[2]
TELLERS: list[ModuleType] = [customers.events, inventory.events, orders.events, returns.events, topics, inbound]
TOPIC = re.compile(r"(customers|hooks|inventory|orders|people|returns)\.[a-z_]+")


def declared() -> dict[str, str]:
    """Topic -> the name of its constant."""
    return {
        value: name for module in TELLERS for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str) and TOPIC.fullmatch(value)
    }  # fmt: skip


def sources() -> str:
    apps = [
        path for app in ("customers", "inventory", "omni", "orders", "returns") for path in (ROOT / app).rglob("*.py")
    ]
    return "\n".join(path.read_text() for path in apps if "migrations" not in path.parts)


def documented() -> set[str]:
    rows = re.findall(r"^\| `([a-z_.]+)` \|", (ROOT / "docs/api.md").read_text(), re.M)
    return {topic for topic in rows if TOPIC.fullmatch(topic)}


def test_what_can_be_heard_is_documented_and_nothing_else():
    assert documented() == set(declared()) - kept_inside()


def test_each_topic_is_told_somewhere():
    told = set(chain.from_iterable(re.findall(r"\b(?:events|topics)\.([A-Z_]+)\b|\(([A-Z_]+)\b", sources())))
    assert [topic for topic, name in declared().items() if name not in told] == []


def test_no_topic_is_spelled_out_where_it_is_emitted():
    """A literal would be neither declared nor documented."""
    assert re.findall(r"emit\(\s*[\"']", sources()) == []
