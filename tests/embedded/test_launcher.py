"""The launcher's promises about its children, shown on small stand-ins for the web server and the workers."""

import os
import signal
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest

from omni.embedded.place import CHECKOUT
from omni.embedded.process import marked, wait_until
from omni.launcher.child import Child, kill
from omni.launcher.supervisor import NotReady, Supervisor

FAITHFUL = """
import os, signal, sys
def leave(*_):
    os.write(1, b"left\\n")
    with open(sys.argv[1], "a") as diary: diary.write(sys.argv[2] + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
os.write(1, b"ready\\n")
while True: signal.pause()
"""
STEPS = {"web": ((signal.SIGTERM, 5.0),), "worker": ((signal.SIGTERM, 6.0),)}


class Shop:
    """A supervisor with stand-ins, and what it told."""

    def __init__(self, folder):
        self.diary = folder / "diary"
        self.told = []
        self.children = []

    def add(self, name, *, script=FAITHFUL, kind="web"):
        self.children.append(
            Child(
                name=name,
                title=name,
                process_kind="web",
                arguments=["-c", script, str(self.diary), name],
                answers=lambda child: child.log.read_text().count("ready") > 0,
                stop_steps=STEPS[kind],
            )
        )
        return self.children[-1]

    def supervisor(self, *, is_told_to_stop=lambda: False):
        session = SimpleNamespace(is_kept=lambda: True)
        return Supervisor(self.children, session=session, tell=self.told.append, is_told_to_stop=is_told_to_stop)


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.setenv("OMNI_VAR", str(tmp_path))
    shop = Shop(tmp_path)
    yield shop
    kill(shop.children)


def test_children_are_stopped_in_the_order_of_the_roster(shop):
    for name, kind in (("web", "web"), ("clock", "web"), ("worker", "worker")):
        shop.add(name, kind=kind)
    shop.children[1].stop_steps = ((signal.SIGTERM, 4.0),)
    supervisor = shop.supervisor()
    supervisor.start()
    assert shop.told == ["web: answers", "clock: answers", "worker: answers"]

    supervisor.stop()

    assert shop.diary.read_text().split() == ["web", "clock", "worker"]
    assert not any(child.is_alive for child in shop.children)


def test_a_killed_child_is_started_again(shop):
    child = shop.add("web")
    shop.supervisor().start()
    killed = child.pid
    os.kill(killed, signal.SIGKILL)

    shop.supervisor(is_told_to_stop=lambda: child.is_alive and child.pid != killed).watch()

    assert child.exit_code == -signal.SIGKILL
    assert any(line.startswith("web: ended (-9), starting again in 0.5 s") for line in shop.told)


def test_pauses_grow_while_a_child_ends_at_once(shop):
    child = shop.add("web", script="raise SystemExit(3)")
    pauses = []
    for _ in range(4):
        child.start()
        assert wait_until(lambda: not child.is_alive, seconds=10)
        child.plan_start()
        pauses.append(child.pause)
        assert not child.is_due()
    assert pauses == [0.5, 1.0, 2.0, 4.0]


def test_a_child_that_never_answers_is_named_with_the_end_of_its_log(shop):
    shop.add("web", script="raise SystemExit('no such table: shelves')")
    with pytest.raises(NotReady, match=r"web ends again and again: .*web\.log\n.*no such table: shelves"):
        shop.supervisor().start()


def test_what_a_child_started_ends_with_it(shop):
    grandchild = "import signal; print('ready', flush=True); signal.pause()"
    script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {grandchild!r}, sys.argv[1]])"
    child = shop.add("web", script=script)
    shop.supervisor().start()
    assert len(marked(str(shop.diary))) == 2

    kill([child])

    assert wait_until(lambda: marked(str(shop.diary)) == [], seconds=10)


def test_a_killed_launcher_takes_its_children_along(shop):
    launcher = f"""
import signal, sys
from omni.launcher.child import Child
child = Child(name="web", title="web", process_kind="web", answers=bool, stop_steps=(),
              arguments=["-c", {FAITHFUL!r}, {str(shop.diary)!r}, "web"])
child.start()
print(child.pid, flush=True)
signal.pause()
"""
    process = subprocess.Popen([sys.executable, "-c", launcher], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    child = int(process.stdout.readline())
    assert wait_until(lambda: child in marked(str(shop.diary)), seconds=10)

    process.kill()
    process.communicate()

    assert wait_until(lambda: marked(str(shop.diary)) == [], seconds=10)


def test_a_taken_port_is_named_with_a_way_out(machine):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = run_manage(machine, "up", PORT=str(port))
    assert done.returncode == 1
    assert f"Port {port} is taken by another program. Choose another one: PORT={port + 1} make run" in done.stderr
    assert machine.processes() == []


def test_a_command_that_needs_no_database_starts_none(machine):
    done = run_manage(machine, "version")
    assert done.returncode == 0
    assert not (machine.var / "postgres").exists()


def run_manage(machine, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "OMNI_VAR": str(machine.var)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
