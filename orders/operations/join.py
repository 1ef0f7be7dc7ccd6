"""A second person walks along: both scan into one list, and no unit is picked twice."""

from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import Location
from omni.core.actors import Actor
from omni.core.models import User
from omni.core.operation import operation
from omni.core.refusals import Refusal
from orders.models import PickHelper, PickList
from orders.operations.claim import person_of


@operation
def join(*, pick_list_id: int, by: Actor, now: datetime) -> PickList:
    """Help with somebody's open list. A second time changes nothing."""
    helper = person_of(by)
    pick_list = _open(pick_list_id)
    if not pick_list.is_walked_by(helper):
        PickHelper.objects.create(pick_list=pick_list, user_id=helper, joined_at=now)
    return pick_list


@operation
def leave(*, pick_list_id: int, by: Actor, now: datetime) -> PickList:
    """A helper goes; what they scanned stays picked."""
    pick_list = PickList.objects.lock(pick_list_id)
    pick_list.helpers.filter(user=person_of(by), left_at=None).update(left_at=now)
    return pick_list


@operation
def reassign(*, pick_list_id: int, to: User, by: Actor, now: datetime) -> PickList:
    """A lead gives a list to a colleague of the store; the scans made so far stay."""
    pick_list = _open(pick_list_id)
    here = Location.objects.for_user(to).filter(pk=pick_list.location_id)
    if not to.is_active or not here.exists():
        raise Refusal("not_here", _("%s does not work at this store.") % to.shown_name)
    pick_list.picker = to
    pick_list.save(update_fields=["picker"])
    pick_list.helpers.filter(user=to, left_at=None).update(left_at=now)
    return pick_list


def _open(pick_list_id: int) -> PickList:
    pick_list = PickList.objects.lock(pick_list_id)
    if pick_list.finished_at:
        raise Refusal("finished", _("This pick list is finished."))
    return pick_list
