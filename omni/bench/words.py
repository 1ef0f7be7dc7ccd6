"""Words nobody has seen yet, and the slips of people who type them."""

from collections.abc import Iterator
from random import Random

OPENINGS = ("b", "br", "c", "ch", "d", "dr", "f", "fl", "g", "gr", "h", "k", "l", "m", "n", "p", "pr", "qu", "r", "s",
            "sh", "st", "t", "tr", "v", "w")  # fmt: skip
MIDDLES = ("a", "e", "i", "o", "u", "ai", "ea", "oa")
CLOSINGS = ("", "l", "m", "n", "nd", "r", "rt", "s", "ck", "x")
CONSONANTS, LETTERS = "bcdfghjklmnpqrstvwxz", "abcdefghijklmnopqrstuvwxyz"


def made_up(rng: Random) -> Iterator[str]:
    """Words that can be said, none twice: "shoandrert"."""
    seen = set()
    while True:
        word = "".join(rng.choice(part) for _ in range(rng.choice((2, 2, 3))) for part in (OPENINGS, MIDDLES, CLOSINGS))
        if word not in seen:
            seen.add(word)
            yield word


def nonsense(rng: Random) -> str:
    """Nothing that anything is called."""
    return " ".join("".join(rng.choice(CONSONANTS) for _ in range(rng.randint(5, 9))) for _ in range(2))


def slipped(word: str, rng: Random) -> str:
    """The word with one slip: two letters swapped, one left out, doubled or hit beside. The first letter stands."""
    at = rng.randrange(1, len(word) - 1)
    before, letter, after, rest = word[:at], word[at], word[at + 1], word[at + 2 :]
    return rng.choice((
        f"{before}{after}{letter}{rest}" if after != letter else f"{before}{after}{rest}",
        f"{before}{after}{rest}", f"{before}{letter}{letter}{after}{rest}",
        f"{before}{rng.choice(LETTERS.replace(letter, ''))}{after}{rest}",
    ))  # fmt: skip
