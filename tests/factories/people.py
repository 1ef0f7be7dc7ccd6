from itertools import count

from omni.core.models import Grant, User

_numbers = count(1)


def person(
    role: str = "associate", *, at=None, username: str | None = None, password: str = "correct horse battery"
) -> User:
    """Somebody with a role at a location or group, or everywhere."""
    user = User.objects.create_user(username or f"{role}-{next(_numbers)}", password=password, first_name=role.title())
    scope = None if at is None else (f"location:{at.pk}" if hasattr(at, "weekly_hours") else f"group:{at.pk}")
    Grant.objects.create(user=user, role=role, scope=scope)
    return user
