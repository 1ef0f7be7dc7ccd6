"""A key may do what its scopes say, and nothing else."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from omni.core.models import ApiKey


class HasScope(BasePermission):
    """Default deny: a view names the scope of each of its methods, and a method without one is closed."""

    message = _("This key lacks the scope for this.")
    code = "missing_scope"

    def has_permission(self, request: Request, view: Any) -> bool:
        """True where the key holds the scope that the view asks for this method."""
        if not isinstance(request.auth, ApiKey):
            return False
        if not hasattr(view, (request.method or "").lower()):
            return True  # there is no such act, and the view says so with 405
        needed = required_scope(view, request.method or "")
        return needed is not None and request.auth.has_scope(needed)


def required_scope(view: Any, method: str) -> str | None:
    """`required_scopes = {"GET": "orders:read", "POST": "orders:write"}`; HEAD and OPTIONS follow GET."""
    scopes: dict[str, str] = getattr(view, "required_scopes", {})
    return scopes.get(method) or (scopes.get("GET") if method in {"HEAD", "OPTIONS"} else None)
