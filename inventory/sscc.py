"""The number of a carton as its label and a scanner write it (GS1 General Specifications, SSCC, AI 00)."""

import re

from inventory.gtin import check_digit

_LABEL = re.compile(r"\(00\)\s*|[\s-]")
LENGTH = 18


def is_sscc(code: str) -> bool:
    """True for 18 digits with the right check digit."""
    return len(code) == LENGTH and code.isascii() and code.isdigit() and check_digit(code[:-1]) == int(code[-1])


def carton_code(code: str) -> str:
    """The one form a carton's code is stored and searched in: an SSCC as 18 digits, anything else as written.

    Labels print it as "(00) 0 0614141 123456789 0", scanners report "]C100006141411234567890".
    """
    code = code.strip()
    plain = code[3:] if code.startswith("]") and len(code) > 3 else code
    digits = _LABEL.sub("", plain)
    if len(digits) == LENGTH + 2 and digits.startswith("00"):
        digits = digits[2:]
    return digits if is_sscc(digits) else plain
