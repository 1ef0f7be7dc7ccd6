"""A picture for every product, drawn from what is known of it: kind, color and size."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from omni.core.ui.colors import color_of, is_dark
from omni.core.ui.glyphs import glyph_for


def picture_svg(*, title: str, color: str, category: str, size: str) -> SafeString:
    """Draw the product in its own color; its title stands beside it, so readers of a screen skip it."""
    glyph, fill = glyph_for(category, title), color_of(color or title)
    return format_html(
        '<span class="picture" aria-hidden="true"><svg viewBox="0 0 48 48" focusable="false">'
        '<path class="picture-body" d="{body}"{fill}/>'
        '<path class="picture-detail" d="{detail}"{shade}/>{beside}</svg>{size}</span>',
        body=glyph.body,
        detail=glyph.detail,
        fill=format_html(' fill="{}"', fill) if fill else "",
        shade=_shade(fill),
        beside=format_html('<path d="{}"/>', glyph.beside) if glyph.beside else "",
        size=format_html('<span class="picture-size">{}</span>', size) if size else "",
    )


def swatch_svg(color: str) -> SafeString:
    """Draw a dot in the named color; nothing for a color nobody knows."""
    fill = color_of(color)
    if not fill:
        return SafeString("")
    return format_html(
        '<svg class="swatch" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        '<circle cx="8" cy="8" r="7" fill="{}"/></svg>',
        fill,
    )


def _shade(fill: str) -> SafeString | str:
    """Mark lines on a dark garment light, else they drown in it."""
    if not fill:
        return ""
    return SafeString(' data-on="dark"') if is_dark(fill) else SafeString(' data-on="light"')
