"""docs/roles.md says what the code does."""

import re
from pathlib import Path

from django.conf import settings

from omni.core.access import CAPABILITIES
from omni.core.models import Role

DOC = Path(settings.BASE_DIR) / "docs" / "roles.md"
ROLES = [Role.ASSOCIATE, Role.LEAD, Role.MANAGER, Role.DISTRICT, Role.HQ, Role.PARTNER]


def test_the_written_roles_are_those_of_the_code():
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\|(.*)\|$", DOC.read_text(), re.M)
    written = {name: [cell.strip() == "yes" for cell in cells.split("|")] for name, cells in rows}
    assert written == {name: [role in roles for role in ROLES] for name, roles in CAPABILITIES.items()}
