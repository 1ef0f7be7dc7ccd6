"""Hand parcels to a carrier: scan each into its manifest, close it once, and everything on it has left."""

import re
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from inventory.models import Location
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.states import begin, move
from orders import events
from orders.models import Label, Manifest, Shipment
from orders.models.shipment import LEFT
from orders.operations.leave import hand_parcel_over

ABANDONED = timedelta(seconds=60)
# In front of a USPS tracking number scanners also read "420" and the ZIP code of the recipient.
ZIP_IN_FRONT = re.compile(r"^420(\d{5}|\d{9})(?=9\d{19,})")


@operation
def open_manifest(*, location: Location, carrier: str, by: Actor, now: datetime) -> Manifest:
    """The open manifest of this carrier here, or a new one."""
    carrier = carrier.strip()[:60]
    if not carrier:
        raise Invalid("carrier_required", _("Say which carrier takes the parcels."))
    known = Manifest.objects.at(location).filter(carrier=carrier, status=Manifest.Status.OPEN)
    if found := known.first():
        return found
    new = Manifest(location=location, carrier=carrier, opened_at=now, opened_by_id=by.user_id)
    # Two people may open one at once: the partial unique index makes it one.
    Manifest.objects.bulk_create([new], ignore_conflicts=True)
    found = known.get()
    if found.opened_at == now:
        begin(found, by=by)
    return found


@operation
def scan_parcel(*, number: int, code: str, by: Actor, now: datetime) -> Shipment:
    """A labelled parcel goes on the pile; refuses whatever does not belong on it, and says where it does."""
    location_id = Manifest.objects.values_list("location_id", flat=True).get(number=number)
    shipment = Shipment.objects.lock(_parcel_meant(code, location_id))
    manifest = Manifest.objects.lock(number)
    _require_open(manifest)
    _require_belongs(shipment, manifest)
    shipment.manifest, shipment.manifested_at = manifest, now
    shipment.save(update_fields=["manifest", "manifested_at"])
    return shipment


@operation
def take_off(*, number: int, shipment_number: str, by: Actor, now: datetime) -> Shipment:
    """A parcel stays here after all; also the last word on one that was cancelled while it lay on the pile."""
    shipment = Shipment.objects.lock(shipment_number)
    manifest = Manifest.objects.lock(number)
    _require_open(manifest)
    if shipment.manifest_id != manifest.pk:
        raise Refusal("not_on_manifest", _("Parcel %s is not on this manifest.") % shipment.number)
    shipment.manifest = shipment.manifested_at = None
    shipment.save(update_fields=["manifest", "manifested_at"])
    return shipment


def close_manifest(*, number: int, by: Actor, now: datetime, driver_name: str = "") -> Manifest:
    """The carrier has taken it all. Each parcel then leaves in a transaction of its own; what a crash leaves over,
    the periodic job finishes."""
    start_closing(number=number, driver_name=driver_name, by=by, now=now)
    return finish_closing(number=number, by=by, now=now)


@operation
def start_closing(*, number: int, by: Actor, now: datetime, driver_name: str = "") -> Manifest:
    """From here on nothing is added or taken off."""
    manifest = Manifest.objects.lock(number)
    _require_open(manifest)
    if out := manifest.shipments.filter(~Q(status=Shipment.Status.LABELLED)).first():
        raise Refusal("take_out", _("Parcel %s was cancelled. Take it off the pile first.") % out.number)
    if not manifest.shipments.exists():
        raise Refusal("empty_manifest", _("No parcel is on this manifest yet."))
    return move(manifest, Manifest.Status.CLOSING, by=by, closed_at=now, closed_by_id=by.user_id,
                driver_name=driver_name.strip()[:100])  # fmt: skip


def finish_closing(*, number: int, by: Actor, now: datetime) -> Manifest:
    """Let each parcel of a closing manifest leave; one that may not (its order was put on hold) stays here."""
    manifest = Manifest.objects.get(number=number)
    left_at = manifest.closed_at or now
    for each in (
        manifest.shipments.filter(status=Shipment.Status.LABELLED).order_by("pk").values_list("number", flat=True)
    ):
        try:
            with transaction.atomic():
                hand_parcel_over(number=each, by=by, now=left_at)
        except Refusal as refusal:
            _keep_here(number=each, reason=str(refusal), by=by)
    return _closed(number=number, by=by)


def finish_abandoned(*, now: datetime) -> int:
    """Manifests whose closing died half-way; returns how many."""
    numbers = list(
        Manifest.objects.filter(status=Manifest.Status.CLOSING, closed_at__lte=now - ABANDONED)
        .order_by("closed_at").values_list("number", flat=True)[:20]
    )  # fmt: skip
    for number in numbers:
        finish_closing(number=number, by=Actor.system("manifest"), now=now)
    return len(numbers)


@operation
def _keep_here(*, number: str, reason: str, by: Actor) -> None:
    shipment = Shipment.objects.lock(number)
    if shipment.status not in LEFT:
        shipment.manifest, shipment.manifested_at, shipment.note = None, None, reason[:300]
        shipment.save(update_fields=["manifest", "manifested_at", "note"])


@operation
def _closed(*, number: int, by: Actor) -> Manifest:
    manifest = Manifest.objects.lock(number)
    if manifest.status == Manifest.Status.CLOSING:
        move(manifest, Manifest.Status.CLOSED, by=by)
        emit(events.MANIFEST_CLOSED, aggregate=("manifest", str(manifest.number)), by=by, payload={
            "manifest": str(manifest.number), "location": manifest.location.code, "carrier": manifest.carrier,
            "shipments": list(manifest.shipments.order_by("pk").values_list("number", flat=True)),
        })  # fmt: skip
    return manifest


def _parcel_meant(code: str, location_id: int) -> str:
    """A parcel's own number or its tracking number, as scanners read it."""
    text = "".join(code.split()).upper()
    tracking = ZIP_IN_FRONT.sub("", text)
    meant = Shipment.objects.filter(Q(number__iexact=text) | Q(tracking_number__iexact=tracking))
    here = meant.filter(fulfillment_order__location=location_id).order_by("-pk")
    if number := here.values_list("number", flat=True).first():
        return number
    if meant.exists():
        raise Refusal("other_store", _("This parcel belongs to another store. Put it aside for your lead."))
    gone = Label.objects.filter(tracking_number__iexact=tracking).exclude(status=Label.Status.BOUGHT)
    if gone.filter(shipment__fulfillment_order__location=location_id).exists():
        raise Refusal("voided_label", _("This label was voided. Print the parcel's new label and stick it over."))
    raise Refusal("unknown_parcel", _("No parcel has the code %s. Scan the barcode on its label.") % code[:40])


def _require_open(manifest: Manifest) -> None:
    if manifest.status != Manifest.Status.OPEN:
        raise Refusal("manifest_closed", _("Manifest %s is closed. Open a new one.") % manifest)


def _require_belongs(shipment: Shipment, manifest: Manifest) -> None:
    if shipment.status in LEFT:
        raise Refusal("left", _("Parcel %s has left already.") % shipment.number)
    if shipment.status != Shipment.Status.LABELLED:
        raise Refusal("no_label", _("Parcel %(number)s has no valid label: %(status)s.") % {
            "number": shipment.number, "status": shipment.get_status_display()})  # fmt: skip
    if shipment.order.hold:
        raise Refusal("on_hold", _("Order %s is on hold. Keep the parcel here.") % shipment.order.number)
    if shipment.carrier != manifest.carrier:
        words = _("This parcel goes with %(its)s, not with %(this)s. Put it on the other pile.")
        raise Refusal("wrong_carrier", words % {"its": shipment.carrier, "this": manifest.carrier})
    if shipment.manifest_id == manifest.pk:
        raise Refusal("scanned_before", _("Parcel %s is on this manifest already. All good.") % shipment.number)
