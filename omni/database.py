"""How each kind of process may use the database: what may wait, for how long, and with how many connections."""

from typing import Any

# Milliseconds. A page or an API call gives up early and says so; a worker may take a slice of a long job;
# commands, migrations, the audit and tests take the time they need.
WEB_LIMITS = {
    "statement_timeout": 5_000,
    "lock_timeout": 3_000,
    "idle_in_transaction_session_timeout": 10_000,
    "transaction_timeout": 15_000,
}
WORKER_LIMITS = {
    "statement_timeout": 30_000,
    "lock_timeout": 3_000,
    "idle_in_transaction_session_timeout": 30_000,
    "transaction_timeout": 60_000,
}
# What is prepared (omni/core/prepared.py) is planned once for each connection, not for each of its values.
PLANS = {"plan_cache_mode": "force_generic_plan"}
PREPARED_AFTER = 1_000_000_000  # times: only what asks for it, at once; all else comes with its values in its text
WEB_POOL = {"min_size": 2, "max_size": 10, "timeout": 3.0}


def database(url_config: dict[str, Any], *, process: str) -> dict[str, Any]:
    """The parsed URL of the operator, with the limits of this kind of process."""
    config = {**url_config, "ATOMIC_REQUESTS": False, "CONN_HEALTH_CHECKS": True}
    config["CONN_MAX_AGE"] = None if process in {"worker", "relay"} else 0
    config["OPTIONS"] = {
        **url_config.get("OPTIONS", {}),
        "connect_timeout": 3,
        "application_name": f"omni-{process}",
        "prepare_threshold": PREPARED_AFTER,
        **_limits(process),
    }
    if process == "web":
        config["OPTIONS"]["pool"] = dict(WEB_POOL)
    return config


def _limits(process: str) -> dict[str, str]:
    limits = {"web": WEB_LIMITS, "worker": WORKER_LIMITS, "relay": WORKER_LIMITS}.get(process, {})
    if not limits:
        return {}
    return {"options": " ".join(f"-c {name}={value}" for name, value in (limits | PLANS).items())}
