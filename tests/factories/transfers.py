"""Transfers in the states in which tests need them, by the operations that everybody uses."""

from collections.abc import Mapping

from django.utils import timezone

from inventory.models import Location, Transfer, Variant
from inventory.operations.answer_transfer import approve_transfer
from inventory.operations.pick_transfer import ship_transfer
from inventory.operations.receive_transfer import finish_receiving, receive_scan
from inventory.operations.request_transfer import request_transfer
from omni.core.actors import Actor

BY = Actor.system("test")
Units = Mapping[Variant, int]


def transfer_asked(source: Location, target: Location, units: Units, *, by: Actor = BY) -> Transfer:
    wanted = {variant.pk: n for variant, n in units.items()}
    return request_transfer(from_location_id=source.pk, to_location_id=target.pk, units=wanted, by=by)


def transfer_kept(source: Location, target: Location, units: Units, *, by: Actor = BY) -> Transfer:
    """Approved: its units are reserved at the sender."""
    return approve_transfer(number=transfer_asked(source, target, units, by=by).number, by=by, now=timezone.now())


def transfer_sent(source: Location, target: Location, units: Units, *, by: Actor = BY) -> Transfer:
    """On its way."""
    kept = transfer_kept(source, target, units, by=by)
    picked = {line.pk: line.approved_quantity for line in kept.lines.all()}
    return ship_transfer(number=kept.number, units=picked, by=by, now=timezone.now())


def transfer_arrived(transfer: Transfer, *, by: Actor = BY) -> Transfer:
    """All of it, in good order."""
    now = timezone.now()
    for line in transfer.lines.select_related("variant"):
        receive_scan(number=transfer.number, code=line.variant.sku, units=line.shipped_quantity, by=by, now=now)
    return finish_receiving(number=transfer.number, by=by, now=now)
