"""A picker's own list: found within the store, scanned into only by those who walk it."""

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
    """The same, for acts of whoever picks it or joined."""
    pick_list = list_here(request, number)
    if not pick_list.is_walked_by(request.user.pk):
        raise NotAllowed(
            "not_yours",
            _("%s is picking this list. Join it first, or have a lead take it over.") % pick_list.picker.shown_name,
        )
    return pick_list
