"""Fixtures that every test may use."""

import gc
import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck, settings
from whitenoise.middleware import WhiteNoiseMiddleware
from zeal.constants import initialize_app_registry
from zeal.patch import patch

from omni.core import settings_store
from omni.core.models import Setting
from omni.core.models.pin import PinHasher
from tests import kept_database
from tests.clean_tables import put_first_rows_aside, restore_first_rows
from tests.factories.counting import count_anew

# The suite runs the same examples each time; `make campaign` looks for new ones, for as long as it takes.
settings.register_profile(
    "suite", max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
settings.register_profile("campaign", max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What all tests and the product are made of stays until the end: the garbage collector would look through these
    hundreds of thousands of objects again and again, while they come and then while the tests run."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000)
        gc.enable()


@pytest.fixture(scope="session")
def django_db_keepdb():
    return kept_database.may_be_kept()


@pytest.fixture(scope="session")
def one_worker_at_a_time():
    """Closed when the database of this worker is there."""
    with ExitStack() as held:
        yield held


@pytest.fixture(scope="session")
def django_db_createdb(request, django_db_modify_db_settings, django_db_blocker, one_worker_at_a_time):
    """Of the tests' database: whether it has to be made anew."""
    one_worker_at_a_time.enter_context(kept_database.quick_migrations())
    with django_db_blocker.unblock():
        if not kept_database.may_be_kept():
            return True
        one_worker_at_a_time.enter_context(kept_database.alone())
        if request.config.getvalue("create_db") or not kept_database.is_fresh():
            return True
        one_worker_at_a_time.close()
        return False


@pytest.fixture(scope="session")
def django_db_setup(django_db_createdb, django_db_setup, django_db_blocker, one_worker_at_a_time):
    """What a test commits is taken away by ours, not by Django's flush. And a thread of the live server may keep its
    connection a moment longer than the last test: the database goes all the same. Of the server's own workers (an
    autovacuum) dropping a database takes care itself, and nobody but a superuser may end them."""
    with django_db_blocker.unblock():
        if django_db_createdb:
            put_first_rows_aside()
            kept_database.mark()
            one_worker_at_a_time.close()
        else:  # a run that was ended in the middle may have left something
            restore_first_rows()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(TransactionTestCase, "_fixture_teardown", restore_first_rows)
        yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


@pytest.fixture(scope="session", autouse=True)
def queries_are_watched():
    """Inside a `zeal_context()` a query that is asked once per row fails. Patched once: twice would count twice."""
    initialize_app_registry()
    patch()


@pytest.fixture(scope="session", autouse=True)
def pins_are_kept_fast():
    """As passwords are here: 50 ms for each PIN that is given or typed would be spent on what Django tests itself."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(PinHasher, "work_factor", 2**4)
        yield


@pytest.fixture(scope="session", autouse=True)
def static_files_are_listed_once():
    """Each client of a test makes its own middleware, which would look at every static file anew: 30 ms each."""
    listed, list_all = {}, WhiteNoiseMiddleware.add_files_from_finders

    def list_once(self):
        if not listed:
            list_all(self)
            listed.update(self.files)
        self.files.update(listed)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(WhiteNoiseMiddleware, "add_files_from_finders", list_once)
        yield


@pytest.fixture(autouse=True)
def settings_are_read_anew():
    """A decided setting of one test is not seen by the next."""
    settings_store.forget()
    yield
    settings_store.forget()


@pytest.fixture(autouse=True)
def english_again():
    """A page that one test read in Spanish leaves its thread in Spanish."""
    yield
    translation.activate(django_settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def factories_count_anew():
    """What a factory makes does not depend on the tests before: no code is met twice only in the 900th test."""
    count_anew()


@pytest.fixture
def settings_decided(db):
    """`settings_decided(key, value)`: as if HQ had decided so."""

    def decide(key: str, value: object) -> None:
        Setting.objects.update_or_create(key=key, defaults={"value": value})
        settings_store.forget()

    return decide
