"""What a mistyped word of a search means in this catalog: the words that begin so, else the nearest ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from rapidfuzz.distance import OSA

NEAREST = 25  # words looked at to mend one
MENDED = 6  # of them kept

# Most words are typed well: only where no word of the catalog begins so, and the length forgives an edit, are the
# nearest ones looked for, which is the dear part.
MEND = """
SELECT q.n, w.word, w.title_count, w.option_count, w.begins
  FROM unnest(%(words)s::text[], %(swaps)s::text[], %(forgiven)s::bool[])
       WITH ORDINALITY AS q(typed, swaps, is_forgiven, n), LATERAL (
       (SELECT word, title_count, option_count, true AS begins FROM inventory_searchword
         WHERE word >= q.typed AND word < q.typed || chr(1114111)
         ORDER BY word = q.typed DESC, title_count + option_count DESC LIMIT %(nearest)s)
       UNION ALL
       (SELECT word, title_count, option_count, false FROM (
          SELECT 1 WHERE q.is_forgiven AND NOT EXISTS (
                 SELECT 1 FROM inventory_searchword WHERE word >= q.typed AND word < q.typed || chr(1114111))
          ) AS mistyped, LATERAL (
          (SELECT word, title_count, option_count FROM inventory_searchword
            WHERE word = ANY(string_to_array(q.swaps, ' ')))
          UNION ALL
          (SELECT word, title_count, option_count FROM inventory_searchword
            ORDER BY word <-> q.typed LIMIT %(nearest)s)
          ) AS near)
  ) w ORDER BY q.n
"""


@dataclass(frozen=True)
class Word:
    """One word of the query, and what the catalog calls it; where it stands decides in which index it is looked up."""

    typed: str
    meant: tuple[str, ...]
    in_titles: bool = True
    in_options: bool = False
    is_mended: bool = False

    @property
    def query(self) -> str:
        """As PostgreSQL reads it; what was typed may be the beginning of a word."""
        return "(" + " | ".join(f"'{word}':*" for word in self.meant) + ")"


def mend(typed: Sequence[str]) -> list[Word]:
    """The catalog's words for what was typed; a word that nothing is near stays as it is."""
    if not typed:
        return []
    swaps = [" ".join(_swapped(word)) for word in typed]
    forgiven = [_forgiven(word) > 0 for word in typed]
    with connection.cursor() as cursor:
        cursor.execute(MEND, {"words": list(typed), "swaps": swaps, "forgiven": forgiven, "nearest": NEAREST})
        rows = cursor.fetchall()
    near: list[list[tuple]] = [[] for _word in typed]
    for n, *row in rows:
        near[n - 1].append(tuple(row))
    return [_meant(word, rows) for word, rows in zip(typed, near, strict=True)]


def _meant(typed: str, rows: Sequence[tuple]) -> Word:
    """Words that begin with what was typed, else the nearest ones within the edits that its length forgives."""
    if typed.replace(".", "").isdigit():  # numbers are not learned: one may stand anywhere, whatever words begin so
        return Word(typed, (typed,), in_options=True)
    begins = [row for row in rows if row[3]]
    if begins:
        return Word(typed, (typed,), any(row[1] for row in begins), any(row[2] for row in begins))
    allowed = _forgiven(typed)
    near = {}
    for word, title_count, option_count, _begins in rows:
        # Half a word is typed: its beginning is compared too, so that "shrit" and "shrits" both mean a shirt.
        far = min(OSA.distance(typed, word), OSA.distance(typed, word[: len(typed)]) + 0.5)
        if far <= allowed:
            near[word] = (far, -(title_count + option_count), title_count, option_count)
    if not near:  # a word that was not learned yet: it may stand anywhere
        return Word(typed, (typed,), in_options=True)
    best = sorted(near, key=lambda word: near[word][:2])
    closest = near[best[0]][0]
    kept = [word for word in best if near[word][0] <= closest + 0.5][:MENDED]
    return Word(typed, tuple(kept), any(near[word][2] for word in kept), any(near[word][3] for word in kept), True)


def _forgiven(word: str) -> float:
    """One edit in short words, two in long ones; a code or a number is meant as it is typed."""
    if len(word) < 3 or any(letter.isdigit() for letter in word):
        return 0
    return 1.5 if len(word) < 6 else 2.5


def _swapped(word: str) -> list[str]:
    """The word with each pair of neighboring letters in the other order: trigrams hardly see that they are near."""
    return [word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(len(word) - 1) if word[n] != word[n + 1]]
