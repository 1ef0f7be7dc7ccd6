"""Django's cache in Valkey, asked by every request: with one client rather than a new one for each question, and with a
way to count that takes one round trip."""

from functools import cached_property
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient


class _OneClient(RedisCacheClient):
    """There is one server, and its client takes connections from the pool as it needs them."""

    @cached_property
    def _only(self) -> Any:
        return super().get_client(write=True)

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """The same one for every key."""
        return self._only

    def count(self, key: str, timeout: int) -> int:
        """One more under this key, which is gone `timeout` seconds after the first."""
        counted = int(self._only.incr(key))
        if counted == 1:
            self._only.expire(key, timeout)
        return counted


class Counters(RedisCache):
    """The cache that rates are counted in."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _OneClient

    def count(self, key: str, *, timeout: int) -> int:
        """How many times this key was counted, this time included, within `timeout` seconds of the first."""
        client: _OneClient = self._cache  # type: ignore[assignment]
        return client.count(self.make_and_validate_key(key), timeout)
