"""Barcodes as scanners report them."""

from hypothesis import given
from hypothesis import strategies as st

from inventory.gtin import check_digit, is_gtin, normalize


def test_the_same_item_in_every_padding_is_one_code():
    # GS1 General Specifications, figure 7.9-1: 629104150021 has the check digit 3.
    assert check_digit("629104150021") == 3
    assert {normalize(code) for code in ("6291041500213", "06291041500213", " 6291041500213 ", "]E06291041500213")} == {
        "06291041500213"
    }


def test_what_is_no_gtin_stays_as_written():
    assert normalize("6291041500214") == "6291041500214"
    assert normalize("SHELF-A1") == "SHELF-A1"
    assert not is_gtin("١٢٣٤٥٦٧٨")  # digits of another script are no barcode


@given(st.text("0123456789", min_size=12, max_size=12))
def test_one_wrong_digit_is_always_noticed(body):
    code = body + str(check_digit(body))
    for place in range(13):
        other = code[:place] + str((int(code[place]) + 1) % 10) + code[place + 1 :]
        assert not is_gtin(other)
