"""Codes a scanner reads; what is drawn survives a policy without inline style and script."""

import re

import pytest

from omni.core.ui.codes import QUIET_ZONE, barcode_svg, qr_svg


@pytest.mark.parametrize("svg", [qr_svg("7731", label="Return"), barcode_svg("A-04-2", label="Bin")])
def test_a_code_carries_neither_style_nor_script_nor_color(svg):
    assert not re.search(r"style|script|#[0-9a-f]{3}|on\w+=", svg)


def test_a_label_is_words_not_markup():
    assert 'aria-label="&quot;&gt;&lt;b&gt;"' in qr_svg("1", label='"><b>')


def test_a_barcode_holds_the_modules_of_code_128_between_quiet_zones():
    svg = barcode_svg("A", label="A")
    bars = [tuple(map(int, bar)) for bar in re.findall(r"M(\d+) 0h(\d+)v40", svg)]
    start_b, a, check, stop = "11010010000", "10100011000", "10001011000", "1100011101011"
    drawn = ["0"] * int(re.search(r'viewBox="0 0 (\d+)', svg).group(1))
    for left, width in bars:
        drawn[left : left + width] = "1" * width
    assert "".join(drawn) == "0" * QUIET_ZONE + start_b + a + check + stop + "0" * QUIET_ZONE


def test_a_qr_code_keeps_four_modules_free_around_it():
    svg = qr_svg("7731", label="7731")
    size = int(re.search(r'viewBox="0 0 (\d+)', svg).group(1))
    lefts = [int(left) for left in re.findall(r"M(\d+) ", svg)]
    tops = [int(top) for top in re.findall(r"M\d+ (\d+)h", svg)]
    assert (size, min(lefts), min(tops), max(tops)) == (29, 4, 4, 24)
