"""The clock times at which a location begins a wave, as HQ writes them: "09:00, 11:00, 14:30"."""

from datetime import time

from django.utils.translation import gettext as _


def parse_wave_times(text: str) -> tuple[time, ...]:
    """Earliest first, each once. Raises ValueError."""
    return tuple(sorted({time.fromisoformat(part.strip()) for part in text.split(",") if part.strip()}))


def wave_times_problem(text: str) -> str | None:
    """What is wrong with them, in one sentence; None when they are sound."""
    for part in (part.strip() for part in text.split(",") if part.strip()):
        try:
            parsed = time.fromisoformat(part)
        except ValueError:
            return _("%s is no time.") % part
        if len(part) != 5 or parsed.tzinfo:
            return _("%s is not written as HH:MM.") % part
    return None
