"""Axe finds what is wrong, also where it has seen nearly the same before and need not look again."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = """<!doctype html><html lang="en"><title>Shelf</title><style>
    body { background: #fff; color: #222 } .pale { color: #888 } .large { font-size: 24px } .dark { background: #333 }
    .over { position: relative; height: 3em } .over p { position: absolute; inset: 0; margin: 0 } .veil { opacity: .4 }
    @media (prefers-color-scheme: dark) { .turns { color: #222; background: #111 } }
    @media (max-width: 767px) { .narrow { color: #bbb } } @media (min-width: 768px) { .wide { color: #bbb } }
</style><main><h1>Shelf</h1>%s</main></html>"""
READS = """<p>Read</p><p class="pale large">Pale and large</p><p class="dark"><span style="color: #fff">White</span></p>
    <p class="dark">&nbsp;</p>"""


@pytest.fixture
def found(open_page, axe):
    """`found(html)`: what axe says of a page with that on it, twice; of one that reads well it has said so before."""
    page = open_page("about:blank")

    def says(html):
        page.set_content(PAGE % READS)
        assert axe(page) == []
        page.set_content(PAGE % html)
        once = axe(page)
        assert axe(page) == once
        return [line.partition(":")[0] for line in once]

    return says


@pytest.mark.parametrize(
    "html",
    [
        '<p class="pale">Pale, and small this time</p>',
        '<p class="dark">Dark text, on a dark ground this time</p>',
        '<p class="pale large veil">Large and pale, and behind a veil this time</p>',
        '<div class="over"><p class="dark">&nbsp;</p><p>Dark text that lies on a dark ground beside it</p></div>',
        '<p class="turns">Only dark devices show it so</p>',
        '<p class="narrow">Only phones show it so</p>',
        '<p class="wide">Only desks show it so</p>',
        '<input aria-label="Name" value="Ada" style="color: #aaa; background: #fff">',
    ],
)
def test_a_text_that_cannot_be_read_is_found_each_time(found, html):
    assert found(html) == ["color-contrast"]


@pytest.mark.parametrize(
    ("html", "rule"),
    [
        ('<img src="data:,">', "image-alt"),
        ("<input>", "label"),
        ("<button></button>", "button-name"),
        ('<p role="buton">Press</p>', "aria-roles"),
        ("<h4>Too deep</h4>", "heading-order"),
    ],
)
def test_anything_else_that_is_wrong_is_found(found, html, rule):
    assert found(html) == [rule]


def test_what_fades_in_is_read_as_it_will_be(found):
    fades = "@keyframes in { from { color: #fff } }"
    assert found(f'<style>{fades}</style><p style="animation: in 60s">Soon here</p>') == []
    assert found(f'<style>{fades}</style><p style="animation: in 60s; color: #999">Soon</p>') == ["color-contrast"]
