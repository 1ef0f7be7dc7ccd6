"""SIGKILL for anybody: nothing is orphaned, nothing is lost, the next start is clean."""

import contextlib
import os
import signal

from omni.embedded.process import marked, wait_until
from omni.embedded.valkey import Valkey


def test_a_killed_postmaster_is_started_again_on_the_same_port(used_machine):
    user = used_machine.start_user()
    user.query("create table kept as select 42 as answer")
    killed = used_machine.postmaster()

    os.kill(killed, signal.SIGKILL)

    assert wait_until(lambda: user.answers() and used_machine.postmaster() != killed, seconds=20)
    assert user.query("select answer from kept") == 42
    user.leave()
    assert used_machine.processes() == []


def test_a_killed_valkey_is_started_again(used_machine, monkeypatch):
    user = used_machine.start_user()
    user.redis().set("kept", "42")
    server = used_machine.server(Valkey, monkeypatch)
    (killed,) = marked(server.mark)

    os.kill(killed, signal.SIGKILL)

    assert wait_until(lambda: killed not in marked(server.mark) and server.answers(), seconds=20)
    assert user.redis().get("kept") == b"42"
    user.leave()


def test_a_killed_keeper_takes_its_server_along_and_is_replaced(used_machine):
    user = used_machine.start_user()
    user.query("create table kept as select 42 as answer")
    before = user.database_url
    (keeper,) = used_machine.keepers("postgres")

    os.kill(keeper, signal.SIGKILL)
    assert wait_until(lambda: not user.answers(), seconds=20)
    user.open_again()

    assert user.query("select answer from kept") == 42
    assert user.database_url == before
    user.leave()
    assert used_machine.processes() == []


def test_everything_killed_at_once_leaves_a_clean_next_start(used_machine):
    user = used_machine.start_user()
    user.query("create table kept as select 42 as answer")
    postmaster_file = used_machine.var / "postgres/data/postmaster.pid"
    for pid in [user.process.pid, *used_machine.keepers(), *used_machine.servers()]:
        with contextlib.suppress(ProcessLookupError):  # it followed the one before
            os.kill(pid, signal.SIGKILL)
    assert used_machine.is_quiet()
    # The worst leftover: a process id that meanwhile belongs to somebody who is alive.
    stale = postmaster_file.read_text().split("\n")
    postmaster_file.write_text("\n".join([str(os.getpid()), *stale[1:]]))

    again = used_machine.start_user()
    assert again.query("select answer from kept") == 42
    again.leave()
    assert used_machine.processes() == []
