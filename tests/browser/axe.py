"""What axe is asked about a page, and what it need not be asked again."""

import os
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
TABLET = 768  # px from which a page is laid out as on a desk
IS_DARK = "matchMedia('(prefers-color-scheme: dark)').matches"
# Colors that are still fading in are not those that a person reads; what turns for ever has no end to go to.
SETTLE = """() => document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().endTime !== Infinity).forEach((each) => each.finish())"""
# Kept by the browser for each page of a context; the half megabyte is sent once and compiled once, where it is asked.
READY = f"window.startAxe = () => {{ {Axe().axe_script} }}"
START = "() => { if (!('axe' in window)) startAxe() }"
# Without `preload` axe puts no style sheets of its own into the page, as it does for sheets that import others (those
# of Django's admin): the policy refuses them, and the console would say so.
ALL_BUT_CONTRAST = """() => axe.run(
    { rules: { "color-contrast": { enabled: false } }, resultTypes: ["violations"], preload: false },
).then(({ violations }) => violations)"""
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")

# Texts on their grounds that axe said can be read (contrast.js); the campaign has each of them held again.
_read: set[str] = set()
FORGETS = "AXE_FORGETS" in os.environ


def make_axe_ready(context: BrowserContext) -> None:
    """Before the first page of a context."""
    context.add_init_script(READY)


def found_by_axe(page: Page) -> list[str]:
    """One line per rule and element: as the page is, and whether it reads in the other theme and size too."""
    page.wait_for_load_state()
    size, scheme = page.viewport_size, "dark" if page.evaluate(IS_DARK) else "light"
    other = DESK if size["width"] < TABLET else PHONE, "light" if scheme == "dark" else "dark"
    page.evaluate(START)
    page.evaluate(SETTLE)
    wrong = _lines(page.evaluate(ALL_BUT_CONTRAST)) + _unreadable(page)
    try:
        _look(page, *other)
        page.evaluate(SETTLE)
        return wrong + [each for each in _unreadable(page) if each not in wrong]
    finally:
        _look(page, size, scheme)


def _look(page: Page, size: dict[str, int], scheme: str) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)


def _unreadable(page: Page) -> list[str]:
    found = page.evaluate(CONTRAST, [] if FORGETS else list(_read))
    _read.update(found["read"])
    return _lines(found["violations"])


def _lines(violations: list[dict[str, Any]]) -> list[str]:
    return [f"{rule['id']}: {node['target']}" for rule in violations for node in rule["nodes"]]
