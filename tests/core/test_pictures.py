"""A picture for every product."""

import pytest

from omni.core.ui.colors import color_of
from omni.core.ui.glyphs import GLYPHS, KEYWORDS, glyph_for
from omni.core.ui.pictures import picture_svg


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("Apparel", "Linen shirt"), "shirt"),
        (("Apparel", "Graphic T-Shirt"), "tee"),
        (("Phones", "Leather case for phone"), "phone"),
        (("Home", "Table lamp"), "lamp"),
        (("Audio", "Over-ear headphones"), "headphones"),
        (("", "Something nobody drew"), "box"),
    ],
)
def test_a_product_is_drawn_as_what_its_words_say(words, name):
    assert glyph_for(*words) is GLYPHS[name]


def test_every_word_leads_to_an_outline():
    assert {name for _, name in KEYWORDS} <= set(GLYPHS)


def test_a_color_is_found_inside_the_merchants_words():
    assert [color_of(name) for name in ("navy blue", "Heather Gray", "42")] == ["#1f2d50", "#8f959d", ""]


def test_a_picture_is_filled_with_the_color_and_says_the_size():
    svg = picture_svg(title="Linen shirt", color="sand", category="", size="<M>")
    assert 'fill="#dcc6a0"' in svg
    assert ">&lt;M&gt;</span>" in svg


def test_a_picture_of_an_unknown_color_leaves_the_fill_to_the_theme():
    assert "fill=" not in picture_svg(title="Lamp", color="", category="", size="")
