"""Find rows by what people have in hand, only in ways that an index answers."""

from collections.abc import Mapping
from typing import Any

from django.db.models import IntegerField, Model, Q

LARGEST_NUMBER = 2**63 - 1
SHORTEST_WORD = 2


def found_by(model: type[Model], ways: Mapping[str, str], text: str) -> Q:
    """`ways` is field -> "exact" | "words" | "part": equal, by the trigrams of a word, or any part (small tables)."""
    text = text.strip()
    condition = Q(pk__in=[])
    for field, way in ways.items():
        condition |= _one(model, field, way, text)
    return condition


def _one(model: type[Model], field: str, way: str, text: str) -> Q:
    if way == "words":
        return Q(**{f"{field}__trigram_word_similar": text}) if len(text) >= SHORTEST_WORD else Q(pk__in=[])
    if way == "part":
        return Q(**{f"{field}__icontains": text})
    if _is_number(model, field):
        return Q(**{field: int(text)}) if _fits(text) else Q(pk__in=[])
    return Q(**{f"{field}__in": sorted({text, text.upper(), text.lower()})})


def _is_number(model: Any, path: str) -> bool:
    *way, name = path.split("__")
    for step in way:
        model = model._meta.get_field(step).related_model
    return isinstance(model._meta.get_field(name), IntegerField)


def _fits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST_NUMBER
