"""What returns do when something happens: labels for what comes by mail, a return for a parcel that comes back."""

from django.utils import timezone

from inventory.models import Location
from omni.core.actors import Actor
from omni.core.events import on
from omni.core.models import Event
from orders import events as order_events
from returns import events
from returns.operations.mail_label import make_label
from returns.operations.take_in import open_sent_back
from returns.operations.tell_customer import tell_customer


@on(order_events.PARCEL_RETURNED, name="returns.open_sent_back")
def open_for_parcel(event: Event) -> None:
    told = event.payload
    open_sent_back(
        order_number=int(told["order"]), shipment=told["shipment"], now=timezone.now(),
        lines=[(line["reference"], line["quantity"]) for line in told["lines"]], by=Actor.system("carrier"),
        location=Location.objects.filter(code=told.get("location", ""), can_return=True).first(),
    )  # fmt: skip


def _label(event: Event) -> None:
    make_label(rma_number=int(event.payload["return"]), now=timezone.now())


def _tell(event: Event) -> None:
    tell_customer(event=event, now=timezone.now())


on(events.AUTHORIZED, name="returns.label_authorized", calls_out=True)(_label)
on(events.APPROVED, name="returns.label_approved", calls_out=True)(_label)
on(events.LABELLED, name="returns.tell_label", calls_out=True)(_tell)
on(events.RECEIVED, name="returns.tell_received", calls_out=True)(_tell)
on(events.REFUNDED, name="returns.tell_refunded", calls_out=True)(_tell)
on(events.REFUSED, name="returns.tell_refused", calls_out=True)(_tell)
