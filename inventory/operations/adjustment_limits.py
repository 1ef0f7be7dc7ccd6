"""What a person may still correct today: the sum of their day for a reason, so that many small ones are a large one."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from inventory.models import Adjustment, AdjustmentLimit, LocationGroup
from omni.core.models import Role, User
from omni.core.refusals import NotAllowed, Refusal

ROLES = list(Role)


def check_limit(made: Adjustment, *, is_approved: bool, now: datetime) -> None:
    """Refuse `above_limit`, or `above_their_limit` where a second person gave their word and it is too much for them.

    Who answers for it is locked first: two devices of one person add up. Machines have no limit, but scopes.
    """
    if made.answered_by_id is None or not made.is_limited:
        return
    person = User.objects.select_for_update(no_key=True).get(pk=made.answered_by_id)
    limit = _limit(person, made)
    if limit is None or made.reason is None:
        return
    begins = now.astimezone(made.location.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Adjustment.objects.filter(
        Q(source="away") | Q(target__in=["away", "not_found"]), answered_by=person, reason=made.reason,
        made_at__gte=begins, undone_at=None,
    ).exclude(key=made.key)  # fmt: skip
    so_far = mine.aggregate(units=Sum("quantity", default=0), value=Sum("value", default=Decimal(0)))
    if so_far["units"] + made.quantity <= limit.most_units and so_far["value"] + made.value <= limit.most_value:
        return
    words = {
        "reason": made.reason.label, "units": limit.most_units, "value": f"{limit.most_value:.2f}",
        "name": person.shown_name, "used": so_far["units"],
    }  # fmt: skip
    if is_approved:
        said = _(
            "%(name)s may approve %(units)d units a day for “%(reason)s”, up to a value of %(value)s. Ask a manager."
        )
        raise Refusal("above_their_limit", said % words)
    said = _(
        "For “%(reason)s” you may correct %(units)d units a day, up to a value of %(value)s; today it was %(used)d so"
        " far. A lead or manager approves more."
    )
    raise Refusal("above_limit", said % words)


def _limit(person: User, made: Adjustment) -> AdjustmentLimit | None:
    """Of the highest role that the person has here; the reason's own limit before the general one."""
    if person.is_superuser:
        return None
    groups = LocationGroup.with_ancestors(made.location.group_id)
    scopes = [made.location.scope, *(f"group:{pk}" for pk in groups)]
    held = person.grants.filter(Q(scope__in=scopes) | Q(scope=None)).values_list("role", flat=True)
    role = max(held, key=lambda each: ROLES.index(Role(each)), default=None)
    if role is None:
        raise NotAllowed("not_allowed", _("%(name)s may not approve this here.") % {"name": person.shown_name})
    limits = AdjustmentLimit.objects.filter(Q(reason=made.reason) | Q(reason=None), role=role, is_active=True)
    return max(limits, key=lambda each: each.reason_id is not None, default=None)
