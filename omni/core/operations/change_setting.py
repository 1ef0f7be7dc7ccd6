"""HQ decides a setting anew."""

import json
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from omni.core import settings_store
from omni.core.actors import Actor
from omni.core.models import Setting, StateChange
from omni.core.operation import operation
from omni.core.refusals import Invalid

SUBJECT = "core.setting"


@operation
def change_setting(*, key: str, value: Any, by: Actor, reason: str = "") -> Setting:
    """Let `value` hold everywhere within five seconds, and write down who decided so.

    Raises Invalid `unknown_setting`, `wrong_kind`, `too_small` or `too_large`.
    """
    declared = settings_store.declared_settings().get(key)
    if declared is None:
        raise Invalid("unknown_setting", _("There is no setting called %s.") % key)
    declared.accept(value)
    Setting.objects.get_or_create(key=key, defaults={"value": declared.default})
    setting = Setting.objects.select_for_update().get(key=key)
    before, setting.value = setting.value, value
    setting.description = str(declared.help_text)
    setting.changed_at = Now()
    setting.save(update_fields=["value", "description", "changed_at"])
    StateChange.objects.create(
        subject_type=SUBJECT,
        subject_id=key,
        from_status=_previous(key, before),
        to_status=json.dumps(value),
        by_id=by.user_id,
        actor=by.label,
        reason=reason,
    )
    transaction.on_commit(settings_store.forget)
    return setting


def _previous(key: str, before: Any) -> str:
    """The first line of a story begins from nothing."""
    told = StateChange.objects.about((SUBJECT, key)).exists()
    return json.dumps(before) if told else ""
