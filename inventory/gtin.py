"""Trade item numbers as scanners and catalogs write them (GS1 General Specifications, section 7.9)."""

import re

LENGTHS = {8, 12, 13, 14}
_DIGITS = re.compile(r"[0-9]+")


def check_digit(body: str) -> int:
    """The last digit of a GTIN whose other digits are `body` (7 to 17 digits, weights 3 1 3 ... from the right)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return -total % 10


def is_gtin(code: str) -> bool:
    """True for 8, 12, 13 or 14 digits with the right check digit."""
    if len(code) not in LENGTHS or not _DIGITS.fullmatch(code):
        return False
    return check_digit(code[:-1]) == int(code[-1])


def normalize(code: str) -> str:
    """The one form a barcode is stored and searched in: a GTIN zero-padded to 14 digits, anything else as written.

    Scanners report the same symbol as UPC-A (12), EAN-13 with a leading zero, or GTIN-14; catalogs drop zeros.
    """
    code = code.strip()
    if code.startswith("]") and len(code) > 3:  # symbology identifier of a wedge scanner, ISO/IEC 15424
        code = code[3:]
    return code.zfill(14) if is_gtin(code) else code
