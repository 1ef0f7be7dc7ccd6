"""Tests run on their own servers (`-p omni.embedded.pytest_plugin`), up before Django reads its settings."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from omni.embedded.lock import FileLock
from omni.embedded.place import own_folder, var_folder
from omni.embedded.session import servers

# A test may clear a cache and drop a database: it never gets the addresses that the shell knows.
GIVEN = {"OMNI_DATABASE_URL": "OMNI_TEST_DATABASE_URL", "OMNI_REDIS_URL": "OMNI_TEST_REDIS_URL"}
KEPT = {"OMNI_VAR", *GIVEN.values()}

_held = ExitStack()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(args: list[str]) -> Iterator[None]:
    """Start the servers of the test run; pytest-django loads the settings inside."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        _take_own_redis_database(os.environ["PYTEST_XDIST_WORKER"])
    elif not {"-h", "--help", "-V", "--version"} & set(args):
        _take_servers()
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """The last test run stops the servers."""
    _held.close()


def _take_servers() -> None:
    for name in [name for name in os.environ if name.startswith("OMNI_") and name not in KEPT]:
        del os.environ[name]
    for variable, given in GIVEN.items():
        if given in os.environ:
            os.environ[variable] = os.environ[given]
    os.environ |= {"OMNI_TEST": "1", "OMNI_PROCESS": "test", "OMNI_VAR": str(_own_slot(var_folder()))}
    _held.enter_context(servers())


def _take_own_redis_database(worker: str) -> None:
    """Workers share the servers, but neither queues nor counters; two each, since counters lie in the next one."""
    url, _slash, number = os.environ["OMNI_REDIS_URL"].rpartition("/")
    os.environ["OMNI_REDIS_URL"] = f"{url}/{int(number or 0) + 2 * int(worker.removeprefix('gw'))}"


def _own_slot(var: Path) -> Path:
    """A second run at the same time gets servers of its own, for both would drop the same test database."""
    number = 1
    while True:
        slot = own_folder(var / ("test" if number == 1 else f"test-{number}"))
        lock = FileLock(slot / "test-run.lock")
        if lock.take_alone():
            _held.callback(lock.close)
            return slot
        lock.close()
        number += 1
