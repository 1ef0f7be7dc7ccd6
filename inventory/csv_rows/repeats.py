"""A file says each thing once: whoever comes second with the same key is refused, with the first one's line."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from django.utils.translation import gettext as _

from inventory.csv_rows.product import ProductRow
from inventory.csv_rows.reading import BadLine, Line

T = TypeVar("T")


def once_each(lines: Iterable[Line[T] | BadLine], key: Callable[[T], str]) -> Iterator[Line[T] | BadLine]:
    """The lines, those with a key that was there before as bad ones."""
    first: dict[str, int] = {}
    for line in lines:
        if isinstance(line, BadLine):
            yield line
            continue
        name = key(line.row)
        if name in first:
            yield _refused(
                line, _("%(name)s is repeated; it is on line %(line)d.") % {"name": name, "line": first[name]}
            )
            continue
        first[name] = line.number
        yield line


def one_story(lines: Iterable[Line[ProductRow] | BadLine]) -> Iterator[Line[ProductRow] | BadLine]:
    """The lines, those as bad ones that describe a product otherwise than an earlier line, or take its barcode."""
    described: dict[str, tuple[object, int]] = {}
    printed: dict[str, int] = {}
    for line in lines:
        problem = None if isinstance(line, BadLine) else _contradiction(line, described, printed)
        if isinstance(line, BadLine) or problem is None:
            yield line
        else:
            yield _refused(line, problem)


def _contradiction(line: Line[ProductRow], described: dict, printed: dict) -> str | None:
    row = line.row
    product, number = described.get(row.product_code, (row.product, 0))
    if product != row.product:
        return _("product %(code)s is described otherwise on line %(line)d.") % {
            "code": row.product_code,
            "line": number,
        }
    for code in row.barcodes:
        if code in printed:
            return _("barcode %(code)s is on line %(line)d already.") % {"code": code, "line": printed[code]}
    described.setdefault(row.product_code, (row.product, line.number))
    printed.update(dict.fromkeys(row.barcodes, line.number))
    return None


def _refused(line: Line, reason: str) -> BadLine:
    return BadLine(line.number, reason, line.raw)
