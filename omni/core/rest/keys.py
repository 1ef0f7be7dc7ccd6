"""A machine comes in with its key."""

import logging
from typing import Any

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from omni.core.models import ApiKey

logger = logging.getLogger(__name__)


class ApiPrincipal:
    """Who `request.user` is for a key: somebody, but no person."""

    is_authenticated = True
    is_anonymous = False
    is_active = True
    is_staff = False
    is_superuser = False
    pk = None

    def __init__(self, key: ApiKey) -> None:
        self.key = key

    def __str__(self) -> str:
        return f"key:{self.key.name}"


class BearerKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer omni_...`; whatever is wrong with the key, the answer is the same 401."""

    def authenticate(self, request: Request) -> tuple[ApiPrincipal, ApiKey] | None:
        """The key's principal; None where no key was shown, so that the permission answers 401."""
        scheme, _space, token = get_authorization_header(request).partition(b" ")
        if not scheme:
            return None
        key = (
            ApiKey.objects.for_token(token.decode("ascii", "replace").strip()) if scheme.lower() == b"bearer" else None
        )
        if key is None:
            raise AuthenticationFailed(_("This key is unknown, expired or revoked."), code="unknown_key")
        _note_use(key)
        return ApiPrincipal(key), key

    def authenticate_header(self, request: Request) -> str:
        """What a 401 tells the client to bring."""
        return 'Bearer realm="omni"'


def _note_use(key: ApiKey) -> None:
    """Last use is a courtesy to HQ: it must never cost the caller an answer."""
    try:
        key.note_use()
    except DatabaseError as error:
        logger.warning("last use of key %s not written: %s", key.pk, type(error).__name__)


def api_key(request: Any) -> ApiKey:
    """The key that this request came in with."""
    key = request.auth
    if not isinstance(key, ApiKey):
        raise AuthenticationFailed(code="unknown_key")
    return key
