"""Migrations make what the models say, give way to the shops, and name a server that is too old."""

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection

from omni import server_check


def lock_timeout():
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_they_make_what_the_models_say(capsys):
    """Else the command ends the process: the answer says what is missing."""
    call_command("makemigrations", check_changes=True, dry_run=True)
    assert capsys.readouterr().out == "No changes detected\n"


@pytest.mark.django_db
def test_a_migration_does_not_queue_for_a_lock():
    """Everybody who comes after it would wait behind it."""
    assert lock_timeout() == "0"
    emit_pre_migrate_signal(verbosity=0, interactive=False, db="default")
    assert lock_timeout() == "3s"
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert lock_timeout() == "0"


@pytest.mark.django_db
def test_an_old_server_is_named(monkeypatch):
    assert run_checks(tags=[Tags.database], databases=["default"]) == []
    monkeypatch.setattr(server_check, "OLDEST", 990_000)
    (problem,) = run_checks(tags=[Tags.database], databases=["default"])
    assert problem.id == "omni.E001"
    assert "PostgreSQL 18 or newer is needed" in problem.msg
