"""A SKU is no longer sold as a kit: nothing can be had of it until it has stock, or parts, again."""

from django.db import connection
from django.utils.translation import gettext as _

from inventory import events
from inventory.models import KitComponent, Variant
from inventory.operations.define_kit import ONE_AT_A_TIME
from inventory.operations.tell_kit import tell_kit
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.refusals import Refusal


@retried
@operation
def end_kit(*, sku: str, by: Actor) -> Variant:
    """The kit has no components any more; what was ordered of it stays as it was. Refuses `no_kit` (404)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    components = KitComponent.objects.filter(kit__sku=sku)
    before = dict(components.values_list("component", "quantity"))
    if not before:
        raise Refusal("no_kit", _("%s is no kit.") % sku, status=404)
    kit = Variant.objects.get(sku=sku)
    components.delete()
    tell_kit(kit_id=kit.pk, before=before, after={})
    emit(events.KIT_ENDED, aggregate=("kit", sku), payload={"sku": sku}, by=by)
    return kit
