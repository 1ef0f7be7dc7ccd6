"""What every screen inherits: reachable, readable, and no scan is ever lost."""

import pytest
from playwright.sync_api import expect

from tests.browser import ui_urls
from tests.browser.conftest import DESK, PHONE, in_each_look

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.browser.ui_urls"),
]


@pytest.fixture(autouse=True)
def a_fresh_desk():
    ui_urls.may_answer.set()
    ui_urls.heard.clear()
    ui_urls.asked.clear()


@in_each_look
@pytest.mark.parametrize("path", ["/ui/", "/sign-in/", "/nowhere/", "/ui/paper/sheet/", "/ui/paper/label/"])
def test_axe_finds_nothing_and_nothing_sticks_out(open_page, axe, path, size, scheme):
    page = open_page(path, size=size, scheme=scheme)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert [line for line in page.complaints if "404" not in line] == []


@pytest.mark.parametrize("path", ["/ui/", "/ui/paper/sheet/", "/ui/paper/label/"])
def test_a_dark_device_prints_black_on_white(open_page, axe, path):
    page = open_page(path, size=DESK, scheme="dark")
    page.emulate_media(media="print")
    assert axe(page) == []
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(0, 0, 0)"


def test_codes_scanned_while_an_answer_is_awaited_arrive_one_by_one(open_page):
    page = open_page("/desk/")
    ui_urls.may_answer.clear()
    for code in ("ONE", "TWO", "THREE"):
        page.keyboard.type(code)
        page.keyboard.press("Enter")
    assert page.input_value("#scan") == ""
    ui_urls.may_answer.set()
    expect(page.locator("#heard")).to_have_text("ONE TWO THREE")
    assert [code for code, _ in ui_urls.heard] == ["ONE", "TWO", "THREE"]
    assert len({key for _, key in ui_urls.heard}) == 3


def test_a_scan_is_heard_while_the_focus_is_on_a_button(open_page):
    page = open_page("/desk/")
    page.focus("#elsewhere")
    page.keyboard.type("ONE")
    page.keyboard.press("Enter")
    expect(page.locator("#heard")).to_have_text("ONE")
    expect(page.locator("#scan")).to_be_focused()


def test_a_scan_without_network_waits_in_the_field_and_keeps_its_key(open_page):
    page = open_page("/desk/")
    key = page.input_value("[name=scan_key]")
    page.context.set_offline(True)
    page.keyboard.type("ONE")
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_contain_text("No network")
    expect(page.locator("#offline")).to_be_visible()
    assert (page.input_value("#scan"), page.input_value("[name=scan_key]")) == ("ONE", key)
    assert ui_urls.heard == []
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    expect(page.locator("#heard")).to_have_text("ONE")
    assert ui_urls.heard == [("ONE", key)]


def test_a_refused_scan_is_answered_below_the_field(open_page):
    page = open_page("/desk/")
    page.keyboard.type("WRONG")
    page.keyboard.press("Enter")
    expect(page.locator("#scan-status")).to_have_text("Wrong item.")
    expect(page.locator("#notices")).to_be_empty()
    expect(page.locator("#scan")).to_be_focused()


def test_a_poll_asks_with_what_it_knows_and_leaves_a_half_typed_word_alone(open_page):
    page = open_page("/desk/")
    expect(page.locator("#drawn")).to_be_visible()
    with page.expect_response("**/queue/") as answered:
        pass
    assert answered.value.status == 304
    page.locator("#find").press_sequentially("lin")
    asked = len(ui_urls.asked)
    page.evaluate("for (let n = 0; n < 3; n++) htmx.trigger('#queue', 'refresh')")
    page.evaluate("fetch('/desk/')")  # whatever was sent before this has arrived
    assert len(ui_urls.asked) - asked <= 1  # one may have been on its way
    assert page.input_value("#find") == "lin"


def test_without_script_the_desk_scans_types_and_opens_its_dialogs(open_page):
    page = open_page("/desk/", script=False)
    page.get_by_role("button", name="Keyboard").click()
    assert page.get_attribute("#scan", "inputmode") == "text"
    page.fill("#scan", "ONE")
    page.keyboard.press("Enter")
    expect(page.locator("#heard")).to_have_text("ONE")
    page.goto("/ui/")
    page.get_by_role("link", name="Can’t find item").click()
    expect(page.get_by_role("dialog")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_chosen_theme_is_drawn_by_the_server(open_page, script):
    page = open_page("/ui/", script=script)
    page.locator(".topbar-end summary").click()
    with page.expect_response(lambda answer: answer.request.method == "POST"):  # the server has heard of it
        page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/ui/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_bar_at_the_bottom_never_hides_the_focus(open_page, size):
    page = open_page("/ui/", size=size)
    for _ in range(70):
        page.keyboard.press("Tab")
        hidden = page.evaluate(
            """() => {
                const focus = document.activeElement, dock = document.querySelector(".dock");
                const box = focus.getBoundingClientRect(), bar = dock.getBoundingClientRect();
                if (focus === document.body || dock.contains(focus) || box.height > bar.top / 2) return "";
                return box.bottom > bar.top + 1 ? focus.outerHTML : "";
            }"""
        )
        assert hidden == ""
