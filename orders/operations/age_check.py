"""Nothing age-restricted leaves before somebody looked at an ID, at the desk or straight from the shelf."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from inventory.models import Location
from omni.core.refusals import Refusal
from omni.core.settings_store import setting
from orders import preferences
from orders.models import HandOver


@dataclass(frozen=True)
class AgeCheck:
    """Somebody looked at an ID: whoever takes it is older than `over`. The date on it is nobody's business."""

    over: int
    how: str


def require_age(restricted: Sequence[str], age: AgeCheck | None) -> bool:
    """Whether anything of it is age-restricted (`restricted` are the titles); then it takes the check."""
    if restricted and not is_old_enough(age):
        raise Refusal("age_check_required", age_words(restricted[0]), minimum_age=setting(preferences.MINIMUM_AGE))
    return bool(restricted)


def is_old_enough(age: AgeCheck | None) -> bool:
    """Whether this look at an ID counts today."""
    return age is not None and age.how in HandOver.Age.values and age.over >= setting(preferences.MINIMUM_AGE)


def born_by(now: datetime, place: Location) -> date:
    """The latest birthday that is old enough today, for whoever reads the ID."""
    today = now.astimezone(place.zone).date()
    year = today.year - setting(preferences.MINIMUM_AGE)
    try:
        return today.replace(year=year)
    except ValueError:  # the 29th of February
        return today.replace(year=year, month=3, day=1)


def age_words(item: str) -> str:
    """What to do first."""
    said = {"item": item, "over": setting(preferences.MINIMUM_AGE)}
    return _("%(item)s is only for people over %(over)d. Look at their ID first.") % said
