"""Celery, the wake-up call: work that must not be lost lies in PostgreSQL and is found there without it."""

import os
import threading
import time
from typing import Any

import structlog
from celery import Celery, signals
from django.db import close_old_connections
from kombu.exceptions import OperationalError as BrokerAway
from redis.exceptions import RedisError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omni.settings")

from omni.core import schedule
from omni.core.breaker import Breaker

log = structlog.get_logger(__name__)

QUEUES = ("celery", "routing", "webhooks", "bulk")
HINT_TASK = "core.deliver_events"
# Workers look by themselves this often; a hint only makes it sooner.
POLL_SECONDS = 1.0
HINT_AT_MOST_EVERY = 0.05

app = Celery("omni")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.set_default()

_breaker = Breaker(rest=5.0)
_hinting = threading.Lock()
_last_hint = 0.0


def hint() -> None:
    """Wake a worker after a commit: one message for many commits, none while the broker is away, and never an error."""
    global _last_hint  # noqa: PLW0603 - one pace per process
    if _breaker.is_open or not _hinting.acquire(blocking=False):
        return
    try:
        if time.monotonic() - _last_hint < HINT_AT_MOST_EVERY:
            return
        _last_hint = time.monotonic()
        app.send_task(HINT_TASK, retry=False, ignore_result=True, expires=10)
    except (BrokerAway, RedisError, OSError) as error:
        _breaker.failed()
        log.warning("wake-up call not heard; workers look by themselves", error=type(error).__name__)
    finally:
        _hinting.release()


def beat_schedule() -> dict[str, dict[str, Any]]:
    """What beat sends: the two looks into the outboxes, and every registered periodic job."""
    looks = {
        "look for events": _entry("core.deliver_events", POLL_SECONDS, queue="celery"),
        "look for webhooks": _entry("core.deliver_webhooks", POLL_SECONDS, queue="webhooks"),
    }
    jobs = {
        job.name: _entry("core.run_periodic", job.seconds, queue=job.queue, args=(job.name,))
        for job in schedule.jobs().values()
    }
    return looks | jobs


def _entry(task: str, seconds: float, *, queue: str, args: tuple[Any, ...] = ()) -> dict[str, Any]:
    # A look that nobody took up before the next one is sent is thrown away: they must not pile up.
    options = {"queue": queue, "expires": max(seconds, 5)}
    return {"task": task, "schedule": seconds, "args": args, "options": options}


@signals.setup_logging.connect
def _keep_our_logging(**_: Any) -> None:
    """Celery sets up its own logging unless somebody says that it is done; Django's settings have done it."""


@signals.task_prerun.connect
def _begin_cleanly(task_id: str, task: Any, **_: Any) -> None:
    """Name the task in the log; and look at the kept connection, which a restarted database has cut."""
    close_old_connections()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id)
