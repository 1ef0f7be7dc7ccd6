"""HQ decides, the code declares, and every process knows within seconds."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from omni.core import settings_store
from omni.core.actors import Actor
from omni.core.models import Setting, StateChange
from omni.core.operations.change_setting import change_setting
from omni.core.refusals import Invalid
from omni.core.settings_store import declare, setting

KEY = "trial.grace_minutes"
HQ = Actor.system("hq")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    monkeypatch.setattr(settings_store, "_declared", {})
    declare(KEY, default=5, help_text="How long an order may still be changed.", minimum=0, maximum=60)
    declare("trial.is_open", default=True, help_text="", kind=bool)


def test_the_default_holds_until_hq_decides(django_capture_on_commit_callbacks):
    assert setting(KEY) == 5
    with django_capture_on_commit_callbacks(execute=True):
        change_setting(key=KEY, value=30, by=HQ, reason="snow")
    assert setting(KEY) == 30
    with django_capture_on_commit_callbacks(execute=True):
        change_setting(key=KEY, value=0, by=HQ)
    assert setting(KEY) == 0
    story = StateChange.objects.about(("core.setting", KEY))
    assert [(line.from_status, line.to_status, line.reason) for line in story] == [("", "30", "snow"), ("30", "0", "")]


def test_all_settings_cost_one_query_in_five_seconds(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(settings_store, "_clock", lambda: now[0])
    with CaptureQueriesContext(connection) as asked:
        for _ in range(50):
            setting(KEY)
            setting("trial.is_open")
    assert len(asked) == 1
    Setting.objects.create(key=KEY, value=7)
    now[0] += 4.9
    assert setting(KEY) == 5
    now[0] += 0.2
    assert setting(KEY) == 7


@pytest.mark.parametrize(
    ("value", "code"),
    [(61, "too_large"), (-1, "too_small"), *[(odd, "wrong_kind") for odd in ("5", True, 5.0, None)]],
)
def test_a_value_that_does_not_fit_is_refused(value, code):
    with pytest.raises(Invalid) as refusal, transaction.atomic():
        change_setting(key=KEY, value=value, by=HQ)
    assert refusal.value.code == code
    assert not Setting.objects.exists()
    assert not StateChange.objects.exists()


def test_a_setting_that_the_code_does_not_know_is_refused():
    with pytest.raises(Invalid) as refusal, transaction.atomic():
        change_setting(key="trial.nonsense", value=1, by=HQ)
    assert refusal.value.code == "unknown_setting"
    with pytest.raises(KeyError):
        setting("trial.nonsense")


def test_a_stored_value_that_no_longer_fits_does_not_hold():
    Setting.objects.create(key=KEY, value="ten")
    assert setting(KEY) == 5
