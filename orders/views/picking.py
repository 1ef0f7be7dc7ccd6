"""A picker's own list: found within the store, scanned into only by the one who has it."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from inventory.places import StoreRequest
from omni.core.refusals import NotAllowed
from orders.models import PickList


def list_here(request: StoreRequest, number: int) -> PickList:
    """The pick list, if it is one of this store; 404 otherwise."""
    here = PickList.objects.at(request.location).select_related("picker", "location")
    return get_object_or_404(here, number=number)


def own_list(request: StoreRequest, number: int) -> PickList:
    """The same, for acts: two people on one list would count each other's scans."""
    pick_list = list_here(request, number)
    if pick_list.picker_id != request.user.pk:
        raise NotAllowed(
            "not_yours",
            _("%s is picking this list. A lead can take it over.") % pick_list.picker.shown_name,
        )
    return pick_list
