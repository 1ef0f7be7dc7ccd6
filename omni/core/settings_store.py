"""Settings that HQ may change while the shops are open; the code declares them with their default."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from omni.core.models import Setting
from omni.core.refusals import Invalid

SEEN_WITHIN = 5.0  # seconds until every process knows of a change


@dataclass(frozen=True)
class Declared:
    """What the code says about one setting."""

    key: str
    default: Any
    help_text: Any
    kind: type
    minimum: Any
    maximum: Any

    def accept(self, value: Any) -> Any:
        """The value, where it is of the right kind and within bounds; raises Invalid."""
        if type(value) is not self.kind:
            raise Invalid("wrong_kind", _("%(key)s is a %(kind)s.") % {"key": self.key, "kind": self.kind.__name__})
        if self.minimum is not None and value < self.minimum:
            raise Invalid("too_small", _("%(key)s is at least %(least)s.") % {"key": self.key, "least": self.minimum})
        if self.maximum is not None and value > self.maximum:
            raise Invalid("too_large", _("%(key)s is at most %(most)s.") % {"key": self.key, "most": self.maximum})
        return value


_declared: dict[str, Declared] = {}
_decided: dict[str, Any] = {}
_read_at = float("-inf")
_clock: Callable[[], float] = time.monotonic


def declare(
    key: str, *, default: Any, help_text: Any, kind: type = int, minimum: Any = None, maximum: Any = None
) -> str:
    """Say that a setting exists, what it means, and what holds until HQ decides otherwise; returns its key."""
    _declared[key] = Declared(key, default, help_text, kind, minimum, maximum)
    return key


def setting(key: str) -> Any:
    """The value that holds now, at most five seconds old."""
    declared = _declared[key]
    if _clock() - _read_at >= SEEN_WITHIN:
        _read()
    return _decided.get(key, declared.default)


def declared_settings() -> dict[str, Declared]:
    """All settings that the code knows, by key."""
    return dict(sorted(_declared.items()))


def forget() -> None:
    """Read again at the next question: after a change in this process, and between tests."""
    global _read_at  # noqa: PLW0603 - one copy per process
    _read_at = float("-inf")


def _read() -> None:
    """All of them in one query; a value that no longer fits its declaration does not hold."""
    global _read_at, _decided  # noqa: PLW0603 - one copy per process
    rows = dict(Setting.objects.values_list("key", "value"))
    _decided = {key: value for key, value in rows.items() if key in _declared and _fits(_declared[key], value)}
    _read_at = _clock()


def _fits(declared: Declared, value: Any) -> bool:
    try:
        declared.accept(value)
    except Invalid:
        return False
    return True
