"""The policy and the reasons that a new retailer starts with; from then on HQ edits them."""

from typing import Any

from django.utils.translation import gettext_noop

from returns.models import ReturnPolicy, ReturnReason

REASONS = [
    ("changed-mind", gettext_noop("Changed their mind"), False),
    ("size", gettext_noop("Does not fit"), False),
    ("not-as-described", gettext_noop("Not as described"), True),
    ("defective", gettext_noop("Does not work"), True),
    ("damaged-on-arrival", gettext_noop("Arrived damaged"), True),
    ("wrong-item", gettext_noop("Wrong item"), True),
    ("too-late", gettext_noop("Came too late"), True),
    ("not-delivered", gettext_noop("Parcel came back"), True),
]
POLICIES: list[dict[str, Any]] = [
    {"name": gettext_noop("Everything, 30 days"), "kind": "receipt", "window_days": 30, "lowest_grade": "C"},
    {
        "name": gettext_noop("Without receipt"), "kind": "blind", "refund_to": "store_credit", "window_days": None,
        "lowest_grade": "B", "most_amount": 100,
    },
]  # fmt: skip


def make_first_policies(**_signal) -> None:
    """After migrations, where nobody has decided yet."""
    if not ReturnReason.objects.exists():
        ReturnReason.objects.bulk_create(
            ReturnReason(code=code, label=label, is_our_fault=fault, position=n)
            for n, (code, label, fault) in enumerate(REASONS)
        )
    if not ReturnPolicy.objects.exists():
        ReturnPolicy.objects.bulk_create(ReturnPolicy(**row) for row in POLICIES)
