"""Tags and filters of the design system; what they draw is computed in `omni.core.ui`."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from django import template
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from omni.core.ui import charts, codes, due, pictures, words

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw a symbol of the sprite; without a label it is decoration."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    sprite = static("icons/sprite.svg")
    return format_html('<svg class="icon" {} focusable="false"><use href="{}#{}"/></svg>', spoken, sprite, name)


@register.simple_tag(takes_context=True)
def csrf_field(context: template.Context) -> SafeString:
    """Guard a form inside an isolated include, where the csrf_token variable is not known."""
    request = getattr(context, "request", None)
    if request is None:
        return SafeString("")
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))


@register.simple_tag(takes_context=True)
def keyboard_wanted(context: template.Context) -> bool:
    """Tell whether the associate asked to type instead of scan (?keyboard=1, for pages without script)."""
    request = getattr(context, "request", None)
    return bool(request and request.GET.get("keyboard"))


@register.simple_tag
def scan_key() -> str:
    """Name one scan, so that sending it twice counts once."""
    return uuid4().hex


@register.simple_tag
def due_in(when: datetime, place: object = None, now: datetime | None = None) -> due.Due:
    """Say what is left of a promise, on the clock of the place that has to keep it."""
    return due.due_words(when, now=now or timezone.now(), zone=words.zone_of(place))


@register.filter
def local_time(when: datetime | None, place: object = None) -> str:
    """Show a moment on the store's clock."""
    return words.local_words(when, zone=words.zone_of(place), now=timezone.now()) if when else ""


@register.filter
def waited(when: datetime | None) -> str:
    """Say how long somebody has been waiting."""
    return words.ago_words(when, now=timezone.now()) if when else ""


@register.filter
def money(amount: Decimal | int | str | None, currency: str = "USD") -> str:
    """Write an amount in its currency."""
    return "" if amount is None or amount == "" else words.money_words(amount, currency=currency)


@register.filter
def units(quantity: int) -> str:
    """Say "1 unit" or "3 units"."""
    return words.unit_words(quantity)


@register.filter
def initials(name: object) -> str:
    """Shorten a person to two letters for the corner of the screen."""
    parts = str(name).replace(".", " ").replace("_", " ").replace("@", " ").split()
    return "".join(part[0] for part in parts[:2]).upper()


@register.filter
def listed(value: object) -> str:
    """Write several things as one phrase: aisles ["A", "C"] as "A, C"."""
    if isinstance(value, str):
        return value
    return ", ".join(map(str, value)) if isinstance(value, Sequence) else str(value)


@register.filter
def beside(columns: Sequence[object], row: Sequence[object]) -> list[tuple[object, object]]:
    """Pair the cells of a row with the columns they stand in."""
    return list(zip(columns, row, strict=True))


@register.filter
def words_of(text: str) -> list[str]:
    """Split a phrase, to draw something for each word of it."""
    return text.split()


@register.filter
def tone(tags: str) -> str:
    """Translate the level of a message into a tone."""
    levels = {"success": "done", "warning": "warn", "error": "stop"}
    return next((levels[tag] for tag in tags.split() if tag in levels), "info")


@register.simple_tag
def qr(text: str, label: str = "") -> SafeString:
    """Draw a QR code."""
    return codes.qr_svg(str(text), label=label or str(text))


@register.simple_tag
def barcode(text: str, label: str = "") -> SafeString:
    """Draw a Code 128 barcode."""
    return codes.barcode_svg(str(text), label=label or str(text))


@register.simple_tag
def product_picture(title: str = "", color: str = "", category: str = "", size: str = "") -> SafeString:
    """Draw a product from its kind, color and size."""
    title, color, category, size = (str(word or "") for word in (title, color, category, size))
    return pictures.picture_svg(title=title, color=color, category=category, size=size)


@register.simple_tag
def swatch(color: str) -> SafeString:
    """Draw a dot in a named color."""
    return pictures.swatch_svg(str(color or ""))


@register.simple_tag
def chart_line(values: Sequence[float], goal: float | None = None) -> charts.Line | None:
    """Place a trend; nothing where there is nothing to draw."""
    return charts.line(values, goal=goal if goal != "" else None) if values else None


@register.simple_tag
def chart_columns(values: Sequence[float]) -> list[charts.Column]:
    """Place the columns of a histogram."""
    return charts.columns(values)


@register.simple_tag
def chart_highest(values: Sequence[float]) -> float:
    """What the highest column of a histogram stands for."""
    return charts.highest(values)


@register.simple_tag
def chart_stacks(wholes: Sequence[float], parts: Sequence[float]) -> list[charts.Stack]:
    """Place columns with the done part of each."""
    return charts.stacks(wholes, parts)


@register.simple_tag
def chart_slot(index: int, values: Sequence[float]) -> str:
    """Give the middle of one column; nothing where it is not in the picture."""
    return charts.slot(index, len(values)) if 0 <= index < len(values) else ""


@register.simple_tag
def share(value: float, whole: float) -> str:
    """Give a part of a whole as an SVG length."""
    return charts.share(value, whole)


@register.simple_block_tag(takes_context=True)
def dialog(context: template.Context, content: str, id: str, title: str) -> SafeString:
    """Wrap markup in a dialog that a link to its id opens, with or without script."""
    return SafeString(render_to_string("components/dialog.html", {"id": id, "title": title, "body": content}))
