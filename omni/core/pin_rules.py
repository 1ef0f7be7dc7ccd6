"""Which PINs are too easy to guess. Knows no database."""

import secrets
from datetime import date
from itertools import pairwise

LONGEST = 8
YEARS = range(1920, 2050)
KEYPAD_LINES = {"2580", "0852", "147258", "258369", "147369", "159357", "123789", "789456", "14789632", "1379", "1397"}
# How people write a day of birth with six and with eight digits: (year, month, day) as slices.
DAYS = {
    6: [((4, 6), (2, 4), (0, 2)), ((4, 6), (0, 2), (2, 4)), ((0, 2), (2, 4), (4, 6))],
    8: [((4, 8), (2, 4), (0, 2)), ((4, 8), (0, 2), (2, 4)), ((0, 4), (4, 6), (6, 8))],
}


def is_well_formed(pin: str, digits: int) -> bool:
    """ASCII digits only, as many as asked or more, eight at most."""
    return pin.isascii() and pin.isdigit() and digits <= len(pin) <= LONGEST


def is_guessable(pin: str, username: str = "") -> bool:
    """True for what a stranger tries first: runs, repeats, years, birthdays, lines on the keypad, one's own number."""
    return (
        _is_run(pin)
        or _is_repeated(pin)
        or pin in KEYPAD_LINES
        or _holds_year(pin)
        or _is_day(pin)
        or pin in "".join(filter(str.isdigit, username))
    )


def random_pin(digits: int) -> str:
    """A PIN that nobody chose and nobody tries first."""
    while True:
        pin = "".join(secrets.choice("0123456789") for _ in range(digits))
        if not is_guessable(pin):
            return pin


def _is_run(pin: str) -> bool:
    """1234, 9876, 7890: each digit one up or one down from the last."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in ({1}, {9})


def _is_repeated(pin: str) -> bool:
    """0000, 1212, 123123, 112233: two different digits at most, one piece again and again, or pairs."""
    if len(set(pin)) <= 2:
        return True
    pieces = (length for length in range(2, len(pin) // 2 + 1) if len(pin) % length == 0)
    return any(pin == pin[:length] * (len(pin) // length) for length in pieces) or (
        len(pin) % 2 == 0 and pin[::2] == pin[1::2]
    )


def _holds_year(pin: str) -> bool:
    """1984 alone; 198412 and 121984 are days or months with a year."""
    return len(pin) < LONGEST and (int(pin[:4]) in YEARS or int(pin[-4:]) in YEARS)


def _is_day(pin: str) -> bool:
    return any(_exists(*(int(pin[start:end]) for start, end in parts)) for parts in DAYS.get(len(pin), ()))


def _exists(year: int, month: int, day: int) -> bool:
    if year >= 100 and year not in YEARS:
        return False
    try:
        date(year if year >= 100 else 2000 + year, month, day)
    except ValueError:
        return False
    return True
