"""The cartons a new retailer starts with; from then on HQ edits them. Sizes are common ones of US shops, in mm."""

from django.utils.translation import gettext_noop

from orders.models import Carton

FIRST = [
    ("B1", gettext_noop("Padded bag"), 350, 250, 40, 25, 3_000),
    ("S", gettext_noop("Small box"), 230, 180, 110, 110, 9_000),
    ("M", gettext_noop("Medium box"), 400, 300, 200, 260, 16_000),
    ("L", gettext_noop("Large box"), 510, 400, 300, 480, 22_000),
    ("XL", gettext_noop("Extra large box"), 610, 460, 410, 760, 25_000),
]


def make_first_cartons(**_signal) -> None:
    """After migrations, where nobody has decided on cartons yet."""
    if Carton.objects.exists():
        return
    Carton.objects.bulk_create(
        Carton(
            code=code, name=name, length_mm=length, width_mm=width, height_mm=height, weight_g=own, max_weight_g=most
        )
        for code, name, length, width, height, own, most in FIRST
    )
