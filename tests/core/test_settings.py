"""What the environment decides: each case in a process of its own, as it starts."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent.parent
ASKED = """
import json, sys
from django.conf import settings
names = sys.argv[1].split()
print(json.dumps({name: getattr(settings, name) for name in names}, default=str))
"""


@pytest.fixture
def started(tmp_path):
    """Start a process with an environment of its own and return what its settings say, or how it refused."""

    def start(names, command=("-c", ASKED), **environment):
        # The browser tests of the same run need a switch (ALLOW_ASYNC_UNSAFE) that no deployment may have.
        ours = "OMNI_", "PORT", "DJANGO_"
        mine = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        mine |= {"DJANGO_SETTINGS_MODULE": "omni.settings", "OMNI_VAR": str(tmp_path)} | environment
        return subprocess.run(
            [sys.executable, *command, names], cwd=CHECKOUT, env=mine, capture_output=True, text=True, check=False
        )

    return start


def said(process):
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)


COOKIES_AND_HSTS = (
    "SECURE_SSL_REDIRECT SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE LANGUAGE_COOKIE_SECURE SECURE_HSTS_SECONDS DEBUG"
)


def test_on_this_machine_http_works_and_nothing_asks_for_https(started):
    settings = said(started(f"{COOKIES_AND_HSTS} ALLOWED_HOSTS CSRF_TRUSTED_ORIGINS", PORT="8123"))
    assert settings == {
        **dict.fromkeys(COOKIES_AND_HSTS.split(), False),
        "SECURE_HSTS_SECONDS": 0,
        "ALLOWED_HOSTS": ["127.0.0.1", "[::1]", "localhost"],
        "CSRF_TRUSTED_ORIGINS": ["http://127.0.0.1:8123"],
    }


def test_a_public_https_address_turns_everything_on(started):
    names = f"{COOKIES_AND_HSTS} ALLOWED_HOSTS CSRF_TRUSTED_ORIGINS SECURE_PROXY_SSL_HEADER"
    settings = said(started(names, OMNI_PUBLIC_URL="https://store.example.com"))
    assert settings == {
        **dict.fromkeys(COOKIES_AND_HSTS.split(), True),
        "DEBUG": False,
        "SECURE_HSTS_SECONDS": 31536000,
        "ALLOWED_HOSTS": ["127.0.0.1", "[::1]", "localhost", "store.example.com"],
        "CSRF_TRUSTED_ORIGINS": ["https://store.example.com"],
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
    }


def test_the_deployment_check_has_nothing_to_say(started):
    command = "-m", "django", "check", "--deploy", "--fail-level"
    deploy = started("WARNING", command, OMNI_PUBLIC_URL="https://store.example.com", OMNI_PROCESS="web")
    assert (deploy.returncode, deploy.stderr) == (0, ""), deploy.stderr
    assert "no issues" in deploy.stdout


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"OMNI_DEBUG": "1", "OMNI_PUBLIC_URL": "https://store.example.com"}, "OMNI_DEBUG shows internals"),
        ({"OMNI_SECRET_KEY": "changeme"}, "OMNI_SECRET_KEY is weak"),
        ({"OMNI_SECRET_KEY": "django-insecure-" + "abcdefghij" * 6}, "OMNI_SECRET_KEY is weak"),
        ({"OMNI_SECRET_KEY": "x" * 80}, "OMNI_SECRET_KEY is weak"),
        ({"OMNI_PUBLIC_URL": "store.example.com"}, "OMNI_PUBLIC_URL is"),
        ({"OMNI_PUBLIC_URL": "ftp://store.example.com"}, "OMNI_PUBLIC_URL is"),
        ({"OMNI_PROCESS": "webb"}, "OMNI_PROCESS is"),
    ],
)
def test_what_would_be_unsafe_does_not_start(started, environment, sentence):
    process = started("DEBUG", **environment)
    assert process.returncode != 0
    assert "ImproperlyConfigured" in process.stderr
    assert sentence in process.stderr
    assert environment.get("OMNI_SECRET_KEY", "?") not in process.stderr.partition("ImproperlyConfigured")[2]


def test_a_secret_is_made_once_and_kept_for_nobody_else(started, tmp_path):
    first, second = (said(started("SECRET_KEY"))["SECRET_KEY"] for _ in range(2))
    assert first == second == (tmp_path / "secret_key").read_text()
    assert len(first) >= 80
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


def test_processes_that_start_at_the_same_moment_agree_on_the_secret(tmp_path):
    code = "import sys, pathlib, omni.secret as s; print(s.secret_key('', pathlib.Path(sys.argv[1])))"
    command = [sys.executable, "-c", code, str(tmp_path / "new" / "secret_key")]
    running = [subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    assert len({process.communicate()[0] for process in running}) == 1


LIMITS = {
    "web": "-c statement_timeout=5000 -c lock_timeout=3000 "
    "-c idle_in_transaction_session_timeout=10000 -c transaction_timeout=15000 -c plan_cache_mode=force_generic_plan",
    "worker": "-c statement_timeout=30000 -c lock_timeout=3000 "
    "-c idle_in_transaction_session_timeout=30000 -c transaction_timeout=60000 -c plan_cache_mode=force_generic_plan",
    "manage": None,
    "test": None,
}


@pytest.mark.parametrize("process", LIMITS)
def test_each_kind_of_process_has_its_limits(started, process):
    url = "postgres://omni:pass%40word@db.example.com:6432/shop?sslmode=require"
    database = said(started("DATABASES", OMNI_PROCESS=process, OMNI_DATABASE_URL=url))["DATABASES"]["default"]
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example.com", 6432, "shop")
    assert database["PASSWORD"] == "pass@word"
    assert database["OPTIONS"]["sslmode"] == "require"
    assert database["OPTIONS"]["connect_timeout"] == 3
    assert database["OPTIONS"].get("options") == LIMITS[process]
    assert database["OPTIONS"].get("pool") == (
        {"min_size": 2, "max_size": 10, "timeout": 3.0} if process == "web" else None
    )
    assert database["CONN_MAX_AGE"] == (None if process == "worker" else 0)
    assert database["CONN_HEALTH_CHECKS"] is True
    assert database["ATOMIC_REQUESTS"] is False


def test_counters_and_queues_lie_in_different_databases(started):
    settings = said(started("CACHES CELERY_BROKER_URL", OMNI_REDIS_URL="rediss://:pw@queue.example.com:6380/4"))
    assert settings["CELERY_BROKER_URL"] == "rediss://:pw@queue.example.com:6380/4"
    assert settings["CACHES"]["shared"]["LOCATION"] == "rediss://:pw@queue.example.com:6380/5"


@pytest.mark.parametrize(
    ("process", "retries", "timeout"), [("web", False, 1), ("relay", False, 1), ("worker", True, 5)]
)
def test_a_request_waits_less_for_the_broker_than_a_worker(started, process, retries, timeout):
    names = "CELERY_TASK_PUBLISH_RETRY CELERY_BROKER_TRANSPORT_OPTIONS"
    settings = said(started(names, OMNI_PROCESS=process))
    assert settings["CELERY_TASK_PUBLISH_RETRY"] is retries
    assert settings["CELERY_BROKER_TRANSPORT_OPTIONS"]["socket_timeout"] == timeout
