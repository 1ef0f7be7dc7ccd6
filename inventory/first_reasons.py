"""The reason codes and limits a new retailer starts with; from then on HQ edits them."""

from django.utils.translation import gettext_noop

from inventory.models import AdjustmentLimit, ReasonCode
from omni.core.models import Role

Kind, Effect = ReasonCode.Kind, ReasonCode.Effect

FIRST = [
    ("not-found", Kind.SHORT_PICK, gettext_noop("Not on the shelf"), Effect.NOT_FOUND),
    ("damaged", Kind.SHORT_PICK, gettext_noop("Damaged"), Effect.DAMAGED),
    ("sold-just-now", Kind.SHORT_PICK, gettext_noop("A customer in the store has it"), Effect.NONE),
    ("no-capacity", Kind.DECLINE, gettext_noop("Too much work"), Effect.NONE),
    ("cannot-ship", Kind.DECLINE, gettext_noop("Cannot be shipped from here"), Effect.NONE),
    ("out-of-stock", Kind.DECLINE, gettext_noop("Out of stock"), Effect.NOT_FOUND),
    ("customer-request", Kind.CANCEL, gettext_noop("Customer's wish"), Effect.NONE),
    ("fraud", Kind.CANCEL, gettext_noop("Fraud"), Effect.NONE),
    ("found", Kind.ADJUST, gettext_noop("Found"), Effect.NONE),
    ("stolen", Kind.ADJUST, gettext_noop("Theft"), Effect.NONE),
    ("past-its-date", Kind.ADJUST, gettext_noop("Past its date"), Effect.NONE),
    ("own-use", Kind.ADJUST, gettext_noop("Used in the store"), Effect.NONE),
    ("beyond-repair", Kind.ADJUST, gettext_noop("Beyond repair"), Effect.NONE),
]
# What a person may correct on a day for one reason; who is not named here may correct everything.
FIRST_LIMITS = [(Role.ASSOCIATE, 5, 100), (Role.LEAD, 50, 1000)]


def make_first_reasons(**_signal) -> None:
    """After migrations, where nobody has decided on reasons yet."""
    if ReasonCode.objects.exists():
        return
    ReasonCode.objects.bulk_create(
        ReasonCode(code=code, kind=kind, label=label, effect=effect, position=n)
        for n, (code, kind, label, effect) in enumerate(FIRST)
    )


def make_first_limits(**_signal) -> None:
    """After migrations, where nobody has decided on limits yet."""
    if AdjustmentLimit.objects.exists():
        return
    AdjustmentLimit.objects.bulk_create(
        AdjustmentLimit(role=role, most_units=units, most_value=value) for role, units, value in FIRST_LIMITS
    )
