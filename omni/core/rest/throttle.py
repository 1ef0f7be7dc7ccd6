"""Nobody takes the whole house for themselves."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from omni.core.models import ApiKey
from omni.core.rate import breaker, counted, seconds_left

__all__ = ["KeyRate", "breaker"]


class KeyRate(BaseThrottle):
    """So many requests per key and minute, counted in Valkey; without Valkey everybody passes."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count this request; False where the key has had its share of this minute."""
        key = request.auth
        return not isinstance(key, ApiKey) or counted(f"rate:{key.pk}") <= key.rate_per_minute

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return seconds_left()
