"""Strangers on our port, half-made clusters, closed homes: told or healed, never guessed."""

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from omni.embedded.account import NOBODY, Account, may_use
from omni.embedded.place import CHECKOUT
from omni.embedded.postgres import Postgres
from omni.embedded.user_namespace import namespaces_work
from omni.embedded.valkey import Valkey


@pytest.mark.parametrize("kind", [Postgres, Valkey])
def test_a_stranger_on_our_port_is_neither_used_nor_disturbed(used_machine, monkeypatch, kind):
    server = used_machine.server(kind, monkeypatch)
    taken = server.chosen_port
    assert server.port == 0
    with socket.create_server(("127.0.0.1", taken)) as stranger:
        user = used_machine.start_user()
        assert server.port != taken
        assert 1024 < server.port < 32768
        assert user.answers()
        assert user.redis().ping()
        user.leave()
        stranger.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody even tried to talk to it
            stranger.accept()


def test_a_cluster_whose_making_was_cut_short_is_made_anew(machine):
    draft = machine.var / "postgres/data.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    user = machine.start_user()
    assert user.answers()
    assert not draft.exists()
    user.leave()


def test_a_lost_password_file_is_replaced_and_the_data_stays(used_machine):
    user = used_machine.start_user()
    user.query("create table kept as select 42 as answer")
    user.leave()
    (used_machine.var / "postgres/password").unlink()

    again = used_machine.start_user()
    assert again.database_url != user.database_url
    assert again.query("select answer from kept") == 42
    again.leave()


def test_data_of_another_postgres_is_named_and_left_alone(used_machine):
    version = used_machine.var / "postgres/data/PG_VERSION"
    version.write_text("17\n")

    done = subprocess.run(
        [sys.executable, "-c", "from omni.embedded import servers\nwith servers(): pass"],
        cwd=CHECKOUT,
        env={"OMNI_VAR": str(used_machine.var), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "was made by PostgreSQL 17, this is 18" in done.stderr
    assert version.read_text() == "17\n"


def test_an_ordinary_user_gets_the_same(machine):
    account = Account(uid=NOBODY, gid=NOBODY)
    python = Path("/usr/bin/python3")
    wheels = Path(psycopg.__file__).parents[1]
    if os.geteuid() != 0 or not all(may_use(account, binary=python, folder=each) for each in (CHECKOUT, wheels)):
        pytest.skip("needs root, who can become somebody else, and a Python that everybody may run")
    os.chown(machine.var.parent, NOBODY, NOBODY)

    user = machine.start_user(
        python=str(python),
        env={"PYTHONPATH": str(wheels), "PYTHONDONTWRITEBYTECODE": "1"},
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
    )

    assert user.answers()
    assert user.redis().ping()
    assert {path.stat().st_uid for path in machine.var.rglob("*")} == {NOBODY}
    user.leave()
    assert machine.processes() == []


def test_a_folder_that_only_root_may_enter_works_and_stays_closed(machine):
    machine.var.parent.chmod(0o700)
    account = Account(uid=NOBODY, gid=NOBODY)
    if may_use(account, binary=CHECKOUT, folder=machine.var.parent) or not namespaces_work():
        pytest.skip("needs root and user namespaces")
    user = machine.start_user()
    assert user.answers()
    assert user.redis().ping()
    assert stat.S_IMODE(machine.var.parent.stat().st_mode) == 0o700
    user.leave()
    assert machine.processes() == []
