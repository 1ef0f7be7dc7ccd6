"""Ask carriers about parcels that we heard nothing of for a while: a webhook may have been missed."""

from datetime import datetime, timedelta

from django.db.models import F, Q

from orders.carriers import carrier
from orders.carriers.port import CarrierRefused, OutcomeUnknown
from orders.models import Label, Shipment
from orders.models.shipment import ON_THE_WAY
from orders.operations.follow import record_news

QUIET = timedelta(hours=4)


def follow_parcels(*, now: datetime, limit: int = 20) -> int:
    """Ask about up to `limit` parcels with a label of ours, the longest unasked first; returns how many. Calls out."""
    quiet = Q(shipment__followed_at=None) | Q(shipment__followed_at__lt=now - QUIET)
    labels = (
        Label.objects.filter(quiet, status=Label.Status.BOUGHT, is_manual=False, shipment__status__in=ON_THE_WAY)
        .order_by(F("shipment__followed_at").asc(nulls_first=True), "pk").values_list("shipment_id", "reference")
    )[:limit]  # fmt: skip
    asked = list(labels)
    for shipment_id, reference in asked:
        Shipment.objects.filter(pk=shipment_id).update(followed_at=now)
        try:
            told = carrier().track(reference)
        except (CarrierRefused, OutcomeUnknown):
            continue  # asked again after the next quiet time
        for news in told:
            record_news(news=news, source="carrier", now=now)
    return len(asked)
