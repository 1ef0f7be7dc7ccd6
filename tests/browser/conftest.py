"""A real browser in front of the real server; skipped with the reason where no Chromium is installed."""

import os
import re
import shutil
from threading import Event
from time import monotonic
from zlib import crc32

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from omni.core import practice_tables
from omni.core.models import PracticeStore
from tests.browser.axe import DESK, PHONE, found_by_axe, make_axe_ready
from tests.factories import person

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BROWSERS = "chromium-headless-shell", "chromium", "chromium-browser"  # the first needs a fifth less time
# A refusal is an answer that the page shows; the browser notes its status as well.
REFUSED = re.compile(r"the server responded with a status of (409|422) ")
PATIENCE = 20_000  # a condition is waited for as long as a busy machine may need
SELDOM = pytest.mark.campaign
LOOKS = {"phone-light": (PHONE, "light"), "desk-dark": (DESK, "dark"),
         "phone-dark": (PHONE, "dark"), "desk-light": (DESK, "light")}  # fmt: skip


def in_each_look(test):
    """Walk the pages in one of four looks, another one for each test; in all four by `make campaign`.

    What axe looks at, it looks at in two of them (`axe`).
    """
    usual = crc32(f"{test.__module__}.{test.__name__}".encode()) % len(LOOKS)
    looks = [
        pytest.param(*look, id=name, marks=() if n == usual else SELDOM) for n, (name, look) in enumerate(LOOKS.items())
    ]
    return pytest.mark.parametrize(("size", "scheme"), looks)(test)


@pytest.fixture(scope="session")
def chromium():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("Chromium is not installed (apt-get install chromium-headless-shell)")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's loop runs in the thread of the tests
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(request, chromium, live_server):
    """Open a path as a phone or a desk, light or dark, with or without script; `page.complaints` is the console."""
    contexts = []

    def opened(path, *, size=PHONE, scheme="light", script=True, **options):
        context = chromium.new_context(
            viewport=size,
            color_scheme=scheme,
            java_script_enabled=script,
            base_url=live_server.url,
            **options,
        )
        contexts.append(context)
        if "axe" in request.fixturenames:
            make_axe_ready(context)
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda line: _is_complaint(line) and page.complaints.append(line.text))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    _until_answered()
    if PracticeStore.objects.exists():  # what was practiced lies in tables that no test empties
        practice_tables.empty()


def _is_complaint(line) -> bool:
    return line.type == "error" and not REFUSED.search(line.text)


def _until_answered() -> None:
    """A page's last poll may still be answered: emptying the tables meanwhile would deadlock with it."""
    waits, until = Event(), monotonic() + 5
    busy = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
               AND state IN ('active', 'idle in transaction')"""
    with connection.cursor() as cursor:
        cursor.execute(busy)
        while cursor.fetchone()[0] and monotonic() < until:
            waits.wait(0.05)
            cursor.execute(busy)


@pytest.fixture
def open_hq(open_page, live_server):
    """Open a page of HQ as somebody of headquarters."""

    def opened(path, **options):
        client = Client()
        client.force_login(person("hq"), "django.contrib.auth.backends.ModelBackend")
        cookie = {
            "name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key, "path": "/", "expires": -1,
            "domain": live_server.url.removeprefix("http://").partition(":")[0], "httpOnly": True, "secure": False,
            "sameSite": "Lax",
        }  # fmt: skip
        return open_page(path, storage_state={"cookies": [cookie], "origins": []}, **options)

    return opened


@pytest.fixture
def axe():
    """Say what axe finds, one line per rule and element: as the page is, and whether it reads in the other theme and
    size too."""
    return found_by_axe
