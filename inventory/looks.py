"""What is known of an item's looks, as its picture needs it."""

from collections.abc import Mapping


def look(title: str, options: Mapping[str, object], category: str) -> dict[str, str]:
    """Title, color, size and category; catalogs write the names of options in either case."""
    known = {name.lower(): str(value) for name, value in options.items()}
    color = known.get("color") or known.get("colour", "")
    return {"title": title, "color": color, "size": known.get("size", ""), "category": category}
