"""Inside the practice world only twins are written: the last net under everything else."""

import re
from typing import Any

from django.utils.translation import gettext as _

from omni.core.practice_tables import twins
from omni.core.refusals import Refusal

TARGET = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+(?:ONLY\s+)?"?(\w+)"?', re.IGNORECASE)

# What belongs to the person and the session rather than to the shop's work.
PERSONAL = ("django_session", "axes_", "otp_", "core_user", "core_pin", "core_device", "core_practicestore")


def require_twin(sql: Any) -> None:
    """Refuse a statement that would change a shared table."""
    found = TARGET.match(sql) if isinstance(sql, str) else None
    if found and not found[1].startswith(PERSONAL) and found[1] not in twins():
        raise Refusal("not_in_practice", _("This cannot be tried in practice: it would change the real shop."))
