"""How names are found whatever slipped: keys under which the index files each word, and how alike two words are.

A word is filed whole ("=john"), by its beginnings ("^joh"), and with any one letter left out ("-jhn"). Two words with
one letter more, less, other or swapped share such a key (the symmetric deletes of W. Garbe's SymSpell), so a search
reads no table. The database files by `customers_name_keys` in the first migration; this is its twin for questions.
"""

import re

from rapidfuzz.distance import OSA

LONGEST_WORD = 24
BEGINNINGS = range(1, 7)
FOLD = str.maketrans(
    "áàâäãåāăąçćčďđéèêëēėęěğíìîïīįıłľñńňóòôöõøōőŕřśšşșťţțúùûüūůűųýÿžźżẞß",
    "aaaaaaaaacccddeeeeeeeegiiiiiiillnnnoooooooorrsssstttuuuuuuuuyyzzzss",
)
WORD = re.compile(r"[^\W_]+")


def words_of(name: str) -> list[str]:
    """The words of a name, folded: "Zoë O'Brien-Díaz" -> zoe, obrien, diaz."""
    folded = name.lower().translate(FOLD).replace("'", "").replace("’", "")
    return [word[:LONGEST_WORD] for word in WORD.findall(folded)]


def whole(word: str) -> str:
    return f"={word}"


def beginning(word: str) -> str:
    """The longest filed beginning; the rest is compared by eye."""
    return f"^{word[: BEGINNINGS.stop - 1]}"


def slips(word: str) -> list[str]:
    """The word itself and with any one letter left out."""
    return sorted({f"-{word}", *(f"-{word[:at]}{word[at + 1 :]}" for at in range(len(word)))})


def unlikeness(asked: list[str], name: str) -> int | None:
    """How far a name is from the asked words, 0 where each is there as it is; None where one of them is not meant."""
    has = words_of(name)
    total = 0
    for word in asked:
        best = 0 if word in has else min((_word_unlikeness(word, each) for each in has), default=99)
        if best > (1 if len(word) <= 4 else 2):
            return None
        total += best
    return total


def _word_unlikeness(asked: str, word: str) -> int:
    if asked == word:
        return 0
    if abs(len(asked) - len(word)) > 2 and not word.startswith(asked):
        return 99
    if word.startswith(asked):
        return 1
    return OSA.distance(asked, word)
