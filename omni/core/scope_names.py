"""The words for opaque scopes ("location:7", "group:3"); the kernel knows no stores, inventory lends their names."""

from collections.abc import Callable, Mapping

Names = Callable[[], Mapping[str, str]]


def _nobody() -> Mapping[str, str]:
    return {}


_names: Names = _nobody


def lend(names: Names) -> None:
    """Whoever knows places gives scope -> words, the code first: "1042 Oak Street"."""
    global _names  # noqa: PLW0603 - one source per process, set once when inventory is ready
    _names = names


def names() -> Mapping[str, str]:
    """All scopes and their words; asks the database."""
    return _names()
