"""How associates' screens name the kit that a line was sold in (docs/decisions/0021)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from orders.models import OrderLine


def part_of(line: OrderLine) -> str:
    """ "Part of Gift set, 2 of 3"; nothing for a line that was sold by itself. Read `kit` with the line."""
    if line.kit is None:
        return ""
    # Lines of a kit have its reference and their place, as they were opened.
    place = line.reference.rpartition(".")[2]
    if line.kit.line_count == 1 or not place.isdigit():
        return _("Part of %s") % line.kit.title
    return _("Part of %(kit)s, %(place)s of %(count)d") % {
        "kit": line.kit.title, "place": place, "count": line.kit.line_count
    }  # fmt: skip


def parts_of(units: Iterable[tuple[OrderLine, int]]) -> str:
    """The same for units of one item in several lines, each kit once; with numbers where they differ."""
    sums: dict[str, int] = {}
    for line, quantity in units:
        words = part_of(line)
        sums[words] = sums.get(words, 0) + quantity
    if len(sums) == 1:
        return next(iter(sums))
    return "; ".join(f"{quantity} × {words}" for words, quantity in sums.items() if words)
