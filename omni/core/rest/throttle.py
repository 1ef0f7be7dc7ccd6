"""Nobody takes the whole house for themselves."""

import logging
import time
from typing import Any

from django.core.cache import caches
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from omni.core.breaker import Breaker
from omni.core.models import ApiKey

logger = logging.getLogger(__name__)

WINDOW = 60  # seconds
breaker = Breaker(rest=5.0)


class KeyRate(BaseThrottle):
    """So many requests per key and minute, counted in Valkey; without Valkey everybody passes."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count this request; False where the key has had its share of this minute."""
        key = request.auth
        if not isinstance(key, ApiKey) or breaker.is_open:
            return True
        try:
            return _count(f"rate:{key.pk}:{int(time.time() // WINDOW)}") <= key.rate_per_minute
        except (RedisError, OSError) as error:
            breaker.failed()
            logger.warning("rate limit not counted: %s", type(error).__name__)
            return True

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return WINDOW - time.time() % WINDOW


def _count(name: str) -> int:
    counters = caches["shared"]
    if counters.add(name, 1, timeout=2 * WINDOW):
        return 1
    try:
        return counters.incr(name)
    except ValueError:  # it expired between the two calls
        return 1
