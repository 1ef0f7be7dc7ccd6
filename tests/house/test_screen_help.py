"""Every screen says in one sentence what it is for; papers and parts of a page need not."""

from django.urls import URLResolver, get_resolver

from omni.core.screen_help import explained
from tests.house.doors import SCREENS

# Papers for customers and carriers, files, redirects, and pieces of another page.
SILENT = {
    "orders:home", "orders:pickup_label", "orders:packing_slip", "orders:label_pdf", "orders:label_zpl",
    "orders:credit_slip", "orders:practice_bar", "orders:for_customer", "returns:photo", "returns:for_order",
    "returns:for_customer", "inventory:item_words", "customers:export",
}  # fmt: skip


def test_every_screen_says_what_it_is_for():
    shown = {names()[route] for route, door in SCREENS.items() if not door.post and door.capability is not None}
    assert shown - explained() - SILENT == set(), "say it in the app's screen_help.py"


def names() -> dict[str, str]:
    """Route -> URL name."""
    return dict(_walk(get_resolver(), "", []))


def _walk(resolver, prefix, spaces):
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, route, [*spaces, entry.namespace] if entry.namespace else spaces)
        else:
            yield route, ":".join([*spaces, entry.name or ""])
