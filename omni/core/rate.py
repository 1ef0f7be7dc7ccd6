"""Nobody takes the whole house for themselves: requests counted per minute in Valkey; without it everybody passes."""

import functools
import hashlib
import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from redis.exceptions import RedisError

from omni.core.breaker import Breaker
from omni.core.sender import sender_of

logger = logging.getLogger(__name__)

WINDOW = 60  # seconds
breaker = Breaker(rest=5.0)


def counted(name: str) -> int:
    """How many times this name was counted in this minute, this time included; 0 while nobody counts."""
    if breaker.is_open:
        return 0
    try:
        return _count(f"{name}:{int(time.time() // WINDOW)}")
    except (RedisError, OSError) as error:
        breaker.failed()
        logger.warning("rate limit not counted: %s", type(error).__name__)
        return 0


def seconds_left() -> float:
    """Until the next minute begins."""
    return WINDOW - time.time() % WINDOW


def at_most(per_minute: int, *, writes: int | None = None) -> Callable[..., Any]:
    """A page behind a secret address is asked at most so often in a minute by one sender, and written to less often.

    Counted by where the request comes from and what it asks for: one phone in a loop stops itself and nobody else.
    """

    def limit(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            is_write = writes is not None and request.method == "POST"
            most = writes if is_write and writes is not None else per_minute
            asked = f"{sender_of(request)}:{request.path}"
            name = f"page:{'w' if is_write else 'r'}:{hashlib.sha256(asked.encode()).hexdigest()[:24]}"
            if counted(name) <= most:
                return view(request, *args, **kwargs)
            response = render(request, "429.html", status=429)
            response["Retry-After"] = str(max(1, int(seconds_left())))
            add_never_cache_headers(response)
            return response

        return limited

    return limit


def _count(name: str) -> int:
    return caches["shared"].count(name, timeout=2 * WINDOW)  # type: ignore[attr-defined]
