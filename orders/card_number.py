"""Card numbers are kept nowhere: what looks like one is refused at the door, and looked for by the audit."""

import re
from typing import Any

SHAPE = re.compile(r"[2-6][0-9]{12,18}")


def is_card_number(text: str) -> bool:
    """13 to 19 digits as the card schemes give them out, with a right check digit (Luhn, ISO/IEC 7812-1)."""
    if not SHAPE.fullmatch(text):
        return False
    digits = [int(digit) for digit in reversed(text)]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def holds_card_number(value: Any) -> bool:
    """True where any text inside, however deep, is one."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str) and is_card_number(each):
            return True
        if isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return False
