"""Answers for those who watch over the processes; neither asks a partner."""

import logging

from django.core.cache import caches
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


@never_cache
def live(_request: HttpRequest) -> JsonResponse:
    """The process answers; the database is not asked, so that its restart restarts nobody."""
    return JsonResponse({"status": "ok"})


@never_cache
def ready(_request: HttpRequest) -> JsonResponse:
    """The process can serve: it reaches the database. Without Valkey it serves too, only with later wake-ups."""
    parts = {"database": _database_answers(), "wake_ups": _valkey_answers()}
    if not parts["database"]:
        return JsonResponse({"status": "unavailable", "parts": parts}, status=503, headers={"Retry-After": "2"})
    return JsonResponse({"status": "ok" if parts["wake_ups"] else "degraded", "parts": parts})


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError) as error:
        logger.warning("database away: %s", type(error).__name__)
        return False
    return True


def _valkey_answers() -> bool:
    try:
        caches["shared"].get("health")
    except (RedisError, OSError) as error:
        logger.warning("valkey away: %s", type(error).__name__)
        return False
    return True
