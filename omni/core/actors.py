"""Who does something: a person, a key, or the house itself."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from omni.core.models import ApiKey, User


@dataclass(frozen=True)
class Actor:
    """The name that history shows, and the row behind it where there is one."""

    label: str
    user_id: int | None = None
    api_key_id: int | None = None

    @classmethod
    def of(cls, user: "User | AnonymousUser") -> "Actor":
        """A person who signed in."""
        if not user.is_authenticated:
            raise ValueError("Nobody is signed in; an act needs somebody who does it.")
        return cls(label=user.shown_name, user_id=user.pk)

    @classmethod
    def of_key(cls, api_key: "ApiKey") -> "Actor":
        """A machine that came in with its key."""
        return cls(label=f"key:{api_key.name}", api_key_id=api_key.pk)

    @classmethod
    def system(cls, name: str) -> "Actor":
        """The house itself, by the name of the work it was doing."""
        return cls(label=f"system:{name}")
