"""The code on a customer's card: a letter, nine digits nobody can guess the next of, and a check digit (Luhn)."""

import re
import secrets

SHAPE = re.compile(r"L\d{10}")


def new_code() -> str:
    digits = "".join(secrets.choice("0123456789") for _ in range(9))
    return f"L{digits}{_check_digit(digits)}"


def as_code(text: str) -> str | None:
    """The code as it is kept, of what was scanned or typed; None where it cannot be one."""
    code = re.sub(r"[\s-]", "", text).upper()
    if not SHAPE.fullmatch(code) or not code.isascii() or code[-1] != _check_digit(code[1:-1]):
        return None
    return code


def _check_digit(digits: str) -> str:
    doubled = (int(digit) * (2 if n % 2 == 0 else 1) for n, digit in enumerate(reversed(digits)))
    return str(-sum(part // 10 + part % 10 for part in doubled) % 10)
