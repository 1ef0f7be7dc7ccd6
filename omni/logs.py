"""One JSON line per thing that happened, with the request it belongs to and without anybody's secrets."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

SECRET_NAMES = re.compile(r"password|secret|token|authorization|cookie|pickup_code|digest", re.IGNORECASE)
SECRET_VALUES = re.compile(r"omni_[A-Za-z0-9_-]{20,}|whsec_[A-Za-z0-9+/=_-]{16,}|Bearer\s+\S+")
HIDDEN = "[hidden]"


def hide_secrets(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Blank what must never reach a log file, by its name and by its look."""
    for name, value in line.items():
        if SECRET_NAMES.search(name):
            line[name] = HIDDEN
        elif isinstance(value, str):
            line[name] = SECRET_VALUES.sub(HIDDEN, value)
    return line


def _text_only(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    line.pop("_record", None)
    line.pop("_from_structlog", None)
    return line


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_config(*, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything through one JSON formatter to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.processors.format_exc_info,
                    _text_only,
                    hide_secrets,
                    structlog.processors.JSONRenderer(default=str),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers would print the same line a second time, as text.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            "axes": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
            "kombu": {"level": "WARNING"},
            # Workers look into the outboxes every second; each look would be three lines.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }


def use_structlog() -> None:
    """Let `structlog.get_logger()` write through the same handler as everybody else."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
