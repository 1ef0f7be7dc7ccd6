"""The demo's staff: five people who can sign in, and colleagues whose work they see."""

import secrets
from dataclasses import dataclass
from random import Random
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.models import ApiKey, Grant, User
from omni.core.models.user import Role
from omni.core.operations.set_pin import keep_pin
from omni.core.pin_rules import random_pin
from omni.demo.names import FIRST, LAST
from omni.demo.network import Network

COLLEAGUES = 5
PIN_DIGITS = 6
SCOPES = [
    "orders:read", "orders:write", "fulfillment:read", "fulfillment:write", "inventory:read", "inventory:write",
    "catalog:read", "catalog:write", "customers:read", "customers:write", "returns:read", "returns:write",
    "events:read", "webhooks:read", "webhooks:write",
]  # fmt: skip


@dataclass(frozen=True)
class Staff:
    """Who works where, and what a newcomer needs to sign in as one of the six."""

    associate: User
    lead: User
    pickers: list[User]
    partner: User
    sign_ins: list[dict[str, Any]]


def make_staff(*, rng: Random, network: Network) -> Staff:
    """Of the home store, its district, HQ and the partner. Passwords and PINs are made here and now, no constants."""
    home, district = network.home, network.home.group
    assert district is not None, "every store of the demo chain lies in a district"
    signs = [
        _person("ana", "Ana Lind", Role.ASSOCIATE, home.scope, home.name),
        _person("luis", "Luis Ortiz", Role.LEAD, home.scope, home.name),
        _person("maya", "Maya Chen", Role.MANAGER, home.scope, home.name),
        _person("dora", "Dora Hale", Role.DISTRICT, f"group:{district.pk}", district.name),
        _person("hank", "Hank Novak", Role.HQ, None, _("everywhere")),
        _person("petra", "Petra Maas", Role.PARTNER, network.partner.scope, network.partner.name),
    ]
    names = rng.sample([(first, last) for first in FIRST for last in LAST], COLLEAGUES)
    pickers = [_colleague(n, f"{first} {last}", home.scope) for n, (first, last) in enumerate(names)]
    return Staff(signs[0][0], signs[1][0], pickers, signs[-1][0], [row for _user, row in signs])


def make_key() -> tuple[ApiKey, str]:
    """The web shop's key, with everything a shop may do, and its token, which is shown once."""
    return ApiKey.issue(name="demo shop", scopes=SCOPES)


def _person(username: str, name: str, role: Role, scope: str | None, note: str) -> tuple[User, dict[str, Any]]:
    password = "-".join(secrets.token_hex(2) for _ in range(3))
    user = User.objects.create_user(username, password=password, display_name=name, is_staff=role == Role.HQ)
    Grant.objects.create(user=user, role=role, scope=scope)
    pin = random_pin(PIN_DIGITS)
    keep_pin(user=user, pin=pin, by=Actor.system("demo"), now=timezone.now())
    return user, {"role": str(role.label), "username": username, "password": password, "pin": pin, "note": note}


def _colleague(n: int, name: str, scope: str) -> User:
    """Works in the store, but nobody signs in as them: no password fits."""
    user = User.objects.create_user(f"colleague-{n + 1}", password=None, display_name=name)
    Grant.objects.create(user=user, role=Role.ASSOCIATE, scope=scope)
    return user
