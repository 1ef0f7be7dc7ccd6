"""The code on a store credit: short enough to type, with a check character, so that a slip of the finger finds nobody's
money."""

import secrets

# Crockford's alphabet: no I, L, O, U, so that it can be read out on the phone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12  # "C", ten random characters (50 bits), one check character
LOOK_ALIKES = str.maketrans("OIL", "011")


def new_code() -> str:
    """A code that nobody can guess, such as `C7K3QX2MD9PA`."""
    body = "C" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 2))
    return body + check_character(body)


def clean(code: str) -> str:
    """As stored, however it was typed or scanned: `c7k3-qx2m d9pa` is the same code."""
    return code.strip().upper().replace("-", "").replace(" ", "").translate(LOOK_ALIKES)


def is_code(code: str) -> bool:
    """True where a cleaned code has the right form and check character."""
    if len(code) != LENGTH or code[0] != "C" or any(each not in ALPHABET for each in code):
        return False
    return check_character(code[:-1]) == code[-1]


def printed(code: str) -> str:
    """In groups of four, as on the slip."""
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))


def check_character(body: str) -> str:
    """Luhn's rule with 32 characters instead of ten digits: finds each single slip, and nearly each swap."""
    total = 0
    for place, character in enumerate(reversed(body)):
        worth = ALPHABET.index(character) * (2 - place % 2)
        total += worth // len(ALPHABET) + worth % len(ALPHABET)
    return ALPHABET[-total % len(ALPHABET)]
