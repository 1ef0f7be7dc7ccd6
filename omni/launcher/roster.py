"""Which processes make up the shop, in the order in which they are stopped."""

from functools import partial
from pathlib import Path
from signal import SIGINT, SIGQUIT, SIGTERM

from django.utils.translation import gettext as _

from omni.launcher.answers import beat_is_ready, node_name, relay_is_ready, web_is_ready, worker_is_ready
from omni.launcher.child import Child

WEB_PROCESSES, WEB_THREADS = 2, 8
DRAIN_SECONDS = 20
# A task may run 45 s at most; what a killed worker had in hand is taken up again from the database.
TASK_SECONDS = 45

# The launcher was killed: no time to drain, everybody leaves at once.
AT_ONCE = SIGQUIT


def roster(*, socket: int, port: int, var: Path) -> list[Child]:
    """The web server on an open socket, the clock, the event relay and the workers."""
    return [
        _web(socket, port),
        _beat(var),
        _relay(),
        _worker("routing", _("Worker for routing"), queues="routing"),
        _worker("bulk", _("Worker for webhooks and long jobs"), queues="webhooks,bulk,celery"),
    ]


def _web(socket: int, port: int) -> Child:
    options = {
        "--bind": f"fd://{socket}",
        "--worker-class": "gthread",
        "--workers": str(WEB_PROCESSES),
        "--threads": str(WEB_THREADS),
        "--graceful-timeout": str(DRAIN_SECONDS),
        "--timeout": "60",
    }
    return Child(
        name="web",
        title=_("Web server"),
        kind="web",
        arguments=["-m", "gunicorn", "omni.wsgi:application", *_flat(options)],
        answers=lambda _child: web_is_ready(port),
        stop_steps=[(SIGTERM, DRAIN_SECONDS + 5), (SIGQUIT, 5)],
        on_our_death=AT_ONCE,
        pass_fds=[socket],
    )


def _beat(var: Path) -> Child:
    pid_file, schedule = var / "beat.pid", var / "beat-schedule"
    options = {"--pidfile": str(pid_file), "--schedule": str(schedule), "--loglevel": "INFO"}
    return Child(
        name="beat",
        title=_("Clock"),
        kind="worker",
        arguments=["-m", "celery", "-A", "omni.celery", "beat", *_flat(options)],
        answers=partial(beat_is_ready, pid_file=pid_file, schedule=schedule),
        stop_steps=[(SIGTERM, 10)],
        on_our_death=SIGTERM,
    )


def _relay() -> Child:
    return Child(
        name="relay",
        title=_("Event relay"),
        kind="relay",
        arguments=["manage.py", "relay"],
        answers=relay_is_ready,
        stop_steps=[(SIGTERM, 10), (SIGINT, 5)],
        on_our_death=SIGTERM,
    )


def _worker(name: str, title: str, *, queues: str) -> Child:
    options = {
        "--queues": queues,
        "--concurrency": "1",
        "--hostname": node_name(name),
        "--loglevel": "INFO",
    }
    return Child(
        name=f"worker-{name}",
        title=title,
        kind="worker",
        arguments=[
            "-m",
            "celery",
            "-A",
            "omni.celery",
            "worker",
            *_flat(options),
            "--without-gossip",
            "--without-mingle",
        ],
        answers=lambda _child: worker_is_ready(name),
        stop_steps=[(SIGTERM, TASK_SECONDS), (SIGQUIT, 5)],
        on_our_death=AT_ONCE,
    )


def _flat(options: dict[str, str]) -> list[str]:
    return [part for pair in options.items() for part in pair]
