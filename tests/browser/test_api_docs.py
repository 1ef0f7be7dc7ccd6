"""The API's documentation draws itself under the strict policy, from files of the house alone."""

import pytest

from omni.core.models import ApiKey
from tests.browser.conftest import DESK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_developer_reads_tries_and_gets_an_answer(open_page):
    _key, token = ApiKey.issue(name="developer", scopes=["events:read"])
    page = open_page("/api/docs/", size=DESK)
    page.locator("#operations-events-events_list").wait_for()
    page.get_by_role("button", name="Authorize").first.click()
    page.locator(".auth-container input").fill(token)
    page.locator(".auth-container button[type=submit]").click()
    page.locator(".auth-container .btn-done").click()
    operation = page.locator("#operations-events-events_list")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table tbody .response-col_status").first
    answer.wait_for()
    assert "200" in answer.inner_text()
    assert page.complaints == []
