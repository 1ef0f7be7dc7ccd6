"""The hook by which the kernel says that there is news, without knowing whom it wakes."""

from collections.abc import Callable

_hook: Callable[[], None] | None = None


def set_hook(hook: Callable[[], None] | None) -> None:
    """Lend the kernel a wake-up call; omni/apps.py does, once per process."""
    global _hook  # noqa: PLW0603 - one hook per process
    _hook = hook


def wake() -> None:
    """Say that there is news; nothing is lost where nobody hears it, because everybody also looks by themselves."""
    if _hook is not None:
        _hook()
