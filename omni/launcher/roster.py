"""Which processes make up the shop, in the order in which they are stopped."""

from functools import partial
from pathlib import Path
from signal import SIGQUIT, SIGTERM
from typing import Any

from django.utils.translation import gettext as _

from omni.launcher.answers import beat_is_ready, node_name, relay_is_ready, web_is_ready, worker_is_ready
from omni.launcher.child import Child

WEB_PROCESSES, WEB_THREADS = 2, 8
DRAIN_SECONDS = 20.0
# A task may run 45 s at most; what a killed worker had in hand is taken up again from the database.
TASK_SECONDS = 45.0
# Orders by the thousand are decided by a compiled kernel, one at a time sooner by the plain one.
ONE_ORDER, MANY_ORDERS = {"OMNI_ROUTING_KERNEL": "numpy"}, {"OMNI_ROUTING_KERNEL": "compiled"}


def roster(*, socket: int, port: int, var: Path) -> list[Child]:
    """The web server on an open socket, the clock, the event relay and the workers."""
    return [
        _web(socket, port),
        _beat(pid_file=var / "beat.pid", schedule=var / "beat-schedule"),
        _relay(),
        _worker("routing", _("Worker for routing"), queues="routing"),
        _worker("bulk", _("Worker for webhooks and long jobs"), queues="webhooks,bulk,celery"),
    ]


def _web(socket: int, port: int) -> Child:
    return Child(
        name="web",
        title=_("Web server"),
        process_kind="web",
        env=ONE_ORDER,
        arguments=[
            *("-m", "gunicorn", "omni.wsgi:application", "--preload"),
            *("--bind", f"fd://{socket}"),
            *("--worker-class", "gthread", "--workers", str(WEB_PROCESSES), "--threads", str(WEB_THREADS)),
            *("--timeout", "60", "--graceful-timeout", str(int(DRAIN_SECONDS))),
        ],
        answers=lambda _child: web_is_ready(port),
        stop_steps=((SIGTERM, DRAIN_SECONDS + 5), (SIGQUIT, 5.0)),
        pass_fds=(socket,),
    )


def _beat(*, pid_file: Path, schedule: Path) -> Child:
    return _celery(
        name="beat",
        title=_("Clock"),
        arguments=["beat", "--pidfile", str(pid_file), "--schedule", str(schedule)],
        answers=partial(beat_is_ready, pid_file=pid_file, schedule=schedule),
        stop_steps=((SIGTERM, 10.0),),
    )


def _relay() -> Child:
    return Child(
        name="relay",
        title=_("Event relay"),
        process_kind="relay",
        arguments=["manage.py", "relay"],
        env=ONE_ORDER,
        answers=relay_is_ready,
        stop_steps=((SIGTERM, 20.0),),
    )


def _worker(name: str, title: str, *, queues: str) -> Child:
    return _celery(
        name=f"worker-{name}",
        title=title,
        arguments=[
            *("worker", "--hostname", node_name(name), "--queues", queues, "--concurrency", "1"),
            *("--without-gossip", "--without-mingle"),
        ],
        answers=lambda _child: worker_is_ready(name),
        stop_steps=((SIGTERM, TASK_SECONDS), (SIGQUIT, 5.0)),
    )


def _celery(*, arguments: list[str], **known: Any) -> Child:
    return Child(
        process_kind="worker",
        arguments=["-m", "celery", "-A", "omni.celery", *arguments],
        # The relay's start has checked the models; three more looks would only cost seconds.
        env={"CELERY_SKIP_CHECKS": "1"} | (MANY_ORDERS if "routing" in arguments else ONE_ORDER),
        **known,
    )
