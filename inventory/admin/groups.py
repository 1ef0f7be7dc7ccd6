"""Regions and districts."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from inventory.admin.closures import CLOSE_GROUP, STORES
from inventory.models import LocationGroup
from omni.core.hq.base import HqAdmin
from omni.core.hq.permissions import CONFIGURE, READ
from omni.core.hq.show import link, list_url


@admin.register(LocationGroup)
class LocationGroupAdmin(HqAdmin):
    """The tree that people's rights and closures hang on."""

    section, position = STORES, 2
    reads, adds, changes = READ, CONFIGURE, CONFIGURE
    list_display = ["name", "code", "kind", "parent", "places"]
    list_select_related = ["parent"]
    list_filter = ["kind"]
    finds = {"name": "part", "code": "part"}
    fields = ["code", "name", "kind", "parent"]
    acts = (CLOSE_GROUP,)

    @admin.display(description=_("places"))
    def places(self, group: LocationGroup) -> str:
        return link(_("Show"), list_url("inventory.location", group__id__exact=group.pk))
