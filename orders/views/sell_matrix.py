"""The variants of a product as a shopper thinks of them: sizes along a row, one row per color; any options do."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from inventory.models import Location, Variant
from omni.core.ui.words import distance_words
from orders.views.sell_ways import Ways

ALONG = ("size", "waist", "length", "width", "capacity", "storage")  # what runs along a row, where a product has it
SIZES = ("xxs", "xs", "s", "m", "l", "xl", "xxl", "2xl", "xxxl", "3xl", "4xl", "one size")


@dataclass(frozen=True)
class Cell:
    """One variant: what it is called in its row, and in a word how it can be had."""

    variant: Variant
    label: str
    words: str
    tone: str
    in_basket: int = 0


@dataclass(frozen=True)
class Row:
    """Variants that differ in one option only."""

    label: str
    color: str
    cells: Sequence[Cell]


def rows(
    variants: Sequence[Variant], ways: dict[int, Ways], *, here: Location, in_basket: dict[int, int]
) -> list[Row]:  # fmt: skip
    """The matrix, its rows in the order in which the catalog names them, its sizes from small to large."""
    along = _along(variants)
    grouped: dict[tuple[str, ...], list[Variant]] = {}
    for variant in variants:
        rest = tuple(str(value) for name, value in variant.options.items() if name != along)
        grouped.setdefault(rest, []).append(variant)
    return [
        Row(
            label=", ".join(rest), color=_color(members[0]) if rest else "",
            cells=[_cell(variant, along, ways[variant.pk], here, in_basket.get(variant.pk, 0))
                   for variant in sorted(members, key=lambda each: _rank(str(each.options.get(along, ""))))],
        )
        for rest, members in grouped.items()
    ]  # fmt: skip


def in_words(ways: Ways, here: Location) -> tuple[str, str]:
    """The best way in a word or two, and its tone."""
    if ways.carry:
        return _("%d here") % ways.carry, "done"
    if ways.nearby:
        far = distance_words(ways.nearby[0].distance_km, country=here.country)
        return far or _("Nearby"), "info"
    if ways.ships_from:
        return _("Ships"), "info"
    if ways.pickup_sent:
        return _("Sent here"), "info"
    days = [each.day() for each in (ways.ships_later, ways.pickup_later) if each]
    if days:
        return date_format(min(filter(None, days)), "j M"), "warn"
    return _("None"), ""


def _along(variants: Sequence[Variant]) -> str:
    """The option that runs along the rows: a size where there is one, else the last that differs."""
    names = list(dict.fromkeys(name for variant in variants for name in variant.options))
    for name in names:
        if name.lower() in ALONG:
            return name
    differing = [name for name in names if len({str(variant.options.get(name)) for variant in variants}) > 1]
    return differing[-1] if differing else (names[-1] if names else "")


def _cell(variant: Variant, along: str, ways: Ways, here: Location, in_basket: int) -> Cell:
    words, tone = in_words(ways, here)
    return Cell(variant, str(variant.options.get(along, "")) or variant.sku, words, tone, in_basket)


def _color(variant: Variant) -> str:
    known = {name.lower(): str(value) for name, value in variant.options.items()}
    return known.get("color") or known.get("colour", "")


def _rank(size: str) -> tuple[int, float, str]:
    """Letters from small to large, numbers by their value, anything else by its name."""
    word = size.strip().lower()
    if word in SIZES:
        return 0, SIZES.index(word), word
    number = word.split()[0].replace(",", ".") if word else ""
    try:
        return 1, float(number), word
    except ValueError:
        return 2, 0, word
