"""The one written table of who may do what."""

from typing import TYPE_CHECKING

from omni.core import practice
from omni.core.models.user import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from omni.core.models import User

_HQ = frozenset({Role.HQ})
_MANAGERS = frozenset({Role.MANAGER, Role.DISTRICT, Role.HQ})
_LEADS = _MANAGERS | {Role.LEAD}
_EVERYBODY = _LEADS | {Role.ASSOCIATE}

CAPABILITIES: dict[str, frozenset[Role]] = {
    "work": _EVERYBODY,  # pick, stage, hand over, scan, put back
    "approve": _LEADS,  # the second person's word
    "pause": _LEADS,  # take the store out of promising for a while
    "override": _LEADS,  # hand over without code or ID
    "receive": _EVERYBODY,  # scan deliveries, mark damage, put away
    "settle": _LEADS,  # decide about what a delivery lacks or has too much of
    "staff": _LEADS,  # see and re-assign colleagues' work
    "oversee": frozenset({Role.DISTRICT, Role.HQ}),  # see several stores side by side
    "count": _MANAGERS,
    "adjust": _MANAGERS,  # stock corrections with a reason
    "hours": _MANAGERS,
    "configure": _HQ,
    "partner": frozenset({Role.PARTNER}),  # the orders and the stock of one dropship vendor, and nothing else
}


def scopes(user: "User | AnonymousUser", capability: str) -> frozenset[str] | None:
    """Where this person may do it: None is everywhere, the empty set is nowhere. One query per user object."""
    roles = CAPABILITIES[capability]
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if user.is_superuser and capability != "partner":  # nobody of the house is a partner
        return practice.narrowed(None)
    held = [scope for role, scope in _grants(user) if role in roles]
    if None in held:
        return practice.narrowed(None)
    return practice.narrowed(frozenset(scope for scope in held if scope is not None))


def can(user: "User | AnonymousUser", capability: str) -> bool:
    """True where the person may do it somewhere."""
    where = scopes(user, capability)
    return where is None or bool(where)


def is_partner(user: "User | AnonymousUser") -> bool:
    """True for people of a dropship partner: they see their own page and nothing else."""
    return bool(scopes(user, "partner"))


def role_words(user: "User | AnonymousUser") -> str:
    """The most that this person is anywhere, as the menu says it beside the name."""
    if not user.is_authenticated:
        return ""
    held = {role for role, _scope in _grants(user)}
    return next((str(role.label) for role in reversed(Role) if role in held), "")


def _grants(user: "User") -> list[tuple[str, str | None]]:
    cached: list[tuple[str, str | None]] | None = getattr(user, "_grants_cache", None)
    if cached is None:
        cached = list(user.grants.values_list("role", "scope"))
        if any(role == Role.PARTNER for role, _scope in cached):  # whoever belongs to a partner is nothing else here
            cached = [(role, scope) for role, scope in cached if role == Role.PARTNER]
        user._grants_cache = cached  # type: ignore[attr-defined]
    return cached
