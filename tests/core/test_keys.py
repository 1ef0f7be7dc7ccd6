"""Keys are shown once, kept as a digest, limited, replaced and revoked."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from omni.core.models import ApiKey
from omni.core.operations.rotate_key import revoke, rotate
from omni.core.refusals import Refusal
from tests.core.conftest import client_with

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.trial")]
URL = "/api/v1/trial"


def test_the_token_is_kept_nowhere(key):
    row, token = key
    assert len(token) == 45
    assert token.startswith("omni_")
    with connection.cursor() as cursor:
        cursor.execute("SELECT k::text FROM core_apikey k")
        (kept,) = cursor.fetchone()
    assert token not in kept
    assert token[5:20] not in kept
    assert row.prefix == token[:12]


def test_the_command_prints_the_token_alone(capsys):
    call_command("create_api_key", "Web shop", "--scope", "orders:write", "--scope", "orders:read", "--channel", "web")
    printed = capsys.readouterr()
    row = ApiKey.objects.for_token(printed.out.strip())
    assert row.name == "Web shop"
    assert row.scopes == ["orders:read", "orders:write"]
    assert (row.channels, row.locations, row.rate_per_minute) == (["web"], [], 6000)
    assert row.allows_channel("web")
    assert not row.allows_channel("pos")
    with pytest.raises(CommandError):
        call_command("create_api_key", "no scope")


def test_rotation_overlaps_and_then_the_old_key_ends(key):
    old, old_token = key
    twin, new_token = rotate(old, overlap=timedelta(hours=1))
    assert client_with(old_token).get(URL).status_code == 200
    assert client_with(new_token).get(URL).status_code == 200
    assert (twin.scopes, twin.lineage, twin.name) == (old.scopes, old.lineage, old.name)
    old.refresh_from_db()
    assert abs(old.expires_at - timezone.now() - timedelta(hours=1)) < timedelta(minutes=1)
    ApiKey.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client_with(old_token).get(URL).status_code == 401
    assert client_with(new_token).get(URL).status_code == 200


def test_rotation_never_makes_a_key_live_longer(key):
    soon = timezone.now() + timedelta(minutes=5)
    ApiKey.objects.update(expires_at=soon)
    rotate(key[0], overlap=timedelta(days=1))
    assert ApiKey.objects.get(pk=key[0].pk).expires_at == soon


def test_a_revoked_key_is_not_rotated(key):
    revoke(key[0])
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        rotate(key[0], overlap=timedelta(hours=1))
    assert refusal.value.code == "key_unusable"
    assert client_with(key[1]).get(URL).status_code == 401


def test_the_last_use_is_written_at_most_once_a_minute(key, api):
    def updates():
        with CaptureQueriesContext(connection) as asked:
            assert api.get(URL).status_code == 200
        return sum("UPDATE" in query["sql"] for query in asked)

    assert updates() == 1
    assert updates() == 0
    first = ApiKey.objects.get().last_used_at
    ApiKey.objects.update(last_used_at=first - timedelta(seconds=61))
    assert updates() == 1
    assert updates() == 0


def test_a_last_use_that_cannot_be_written_costs_nobody_an_answer(api, monkeypatch):
    def locked(self):
        raise DatabaseError("lock timeout")

    monkeypatch.setattr(ApiKey, "note_use", locked)
    assert api.get(URL).status_code == 200
