"""The one screen that tells a newcomer where to go and as whom."""

import json
from pathlib import Path

from django.utils.translation import gettext as _


def screen(*, address: str, var: Path, seconds: float) -> str:
    """Address, sign-ins, API key, how to stop."""
    lines = [
        "",
        _("omni is running (ready in %(seconds).1f s).") % {"seconds": seconds},
        "",
        f"  {_('Stores'):<14}{address}/",
        f"  {_('HQ'):<14}{address}/hq/",
        f"  {_('API'):<14}{address}/api/v1/   {_('documentation:')} {address}/api/docs/",
        "",
        *_sign_ins(var / "demo.json"),
        "",
        f"  {_('Logs and data'):<14}{var}",
        f"  {_('Stop'):<14}{_('Ctrl-C stops everything in order; the data stays.')}",
        "",
    ]
    return "\n".join(lines)


def _sign_ins(demo_file: Path) -> list[str]:
    if not demo_file.exists():
        return [
            f"  {_('Sign in')}",
            "    .venv/bin/python manage.py createsuperuser",
            "    .venv/bin/python manage.py create_api_key NAME --scope ...",
        ]
    demo = json.loads(demo_file.read_text())
    lines = [f"  {_('Sign in as')}"]
    for person in demo.get("people", []):
        note = f"   {person['note']}" if person.get("note") else ""
        pin = f"   {_('PIN')} {person['pin']}" if person.get("pin") else ""
        lines.append(f"    {person['role']:<18}{person['username']:<14}{person['password']}{pin}{note}")
    return [*lines, "", f"  {_('API key'):<14}{demo.get('api_key', '')}"]
