"""Codes a scanner reads, drawn as SVG that needs neither script nor style."""

import barcode
import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET_ZONE = 10


def qr_svg(text: str, *, label: str) -> SafeString:
    """Draw a QR code with medium error correction: a creased label still reads."""
    matrix = segno.make(text, error="m", micro=False).matrix_iter(border=4)
    rows = ["".join("1" if dark else "0" for dark in row) for row in matrix]
    return format_html(
        '<svg class="code-qr" viewBox="0 0 {size} {size}" role="img" aria-label="{label}" '
        'shape-rendering="crispEdges"><rect class="code-paper" width="{size}" height="{size}"/>'
        '<path class="code-ink" d="{path}"/></svg>',
        size=len(rows),
        label=label,
        path="".join(_runs(row, top=top, height=1) for top, row in enumerate(rows)),
    )


def barcode_svg(text: str, *, label: str) -> SafeString:
    """Draw Code 128 with its quiet zones; the text below is for eyes, not for the scanner."""
    bits = "0" * QUIET_ZONE + barcode.get("code128", text).build()[0] + "0" * QUIET_ZONE
    return format_html(
        '<svg class="code-bars" viewBox="0 0 {width} 40" preserveAspectRatio="none" role="img" '
        'aria-label="{label}" shape-rendering="crispEdges">'
        '<rect class="code-paper" width="{width}" height="40"/>'
        '<path class="code-ink" d="{path}"/></svg>',
        width=len(bits),
        label=label,
        path=_runs(bits, top=0, height=40),
    )


def _runs(bits: str, *, top: int, height: int) -> str:
    """Join neighboring dark modules to one rectangle, so that no hairline gap is printed between them."""
    path, left = [], 0
    for run in bits.replace("01", "0|1").replace("10", "1|0").split("|"):
        if run.startswith("1"):
            path.append(f"M{left} {top}h{len(run)}v{height}h-{len(run)}z")
        left += len(run)
    return "".join(path)
