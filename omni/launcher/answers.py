"""How the launcher sees that a process really works, not merely that it exists."""

import http.client
import socket
from pathlib import Path

from django.db import connection
from kombu.exceptions import OperationalError as BrokerAway
from redis.exceptions import RedisError

from omni.celery import app
from omni.launcher.child import Child

WITHIN_SECONDS = 2.0


def web_is_ready(port: int) -> bool:
    """The readiness page says that the database answers too."""
    web = http.client.HTTPConnection("127.0.0.1", port, timeout=WITHIN_SECONDS)
    try:
        web.request("GET", "/health/ready")
        return web.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        web.close()


def worker_is_ready(node: str) -> bool:
    """A worker answers a ping through the broker once it consumes."""
    try:
        return bool(app.control.ping(destination=[node_name(node)], timeout=0.5))
    except (BrokerAway, RedisError, OSError):
        return False


def node_name(node: str) -> str:
    """The name under which a worker of this machine is known on the broker."""
    return f"{node}@{socket.gethostname()}"


def beat_is_ready(child: Child, *, pid_file: Path, schedule: Path) -> bool:
    """It has taken its pid file and opened its schedule (whose file name depends on the dbm at hand)."""
    try:
        owner = int(pid_file.read_text())
    except (FileNotFoundError, ValueError):
        return False
    return owner == child.pid and any(schedule.parent.glob(f"{schedule.name}*"))


def relay_is_ready(child: Child) -> bool:
    """Its connection shows in the database under its own name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'omni-relay'"
            " AND backend_start > clock_timestamp() - make_interval(secs => %s))",
            [child.age],
        )
        return bool(cursor.fetchone()[0])
