"""What is late at a partner is told once to HQ, to whoever listens and to the partner's contact; it clears itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation

from omni.core.actors import Actor
from omni.core.events import NewEvent, emit_many
from omni.core.operation import operation
from orders import events
from orders.models import FulfillmentOrder, Partner, PartnerAlarm
from orders.models.fulfillment_order import Status

BY = Actor.system("partners")
Kind = PartnerAlarm.Kind


@dataclass(frozen=True)
class _Late:
    """One thing that is late now."""

    partner_id: int
    kind: str
    work_id: int | None
    since: datetime

    @property
    def cause(self) -> tuple[int, str, int | None]:
        return self.partner_id, self.kind, self.work_id


@operation
def watch_partners(*, now: datetime) -> tuple[int, int]:
    """Raise what is newly late, clear what is over; returns how many of each. One worker at a time per partner.

    Of a partner that works for us no more nothing is late.
    """
    alarming = PartnerAlarm.objects.open().values("partner")
    watched = Partner.objects.filter(Q(is_active=True) | Q(pk__in=alarming)).select_related("location", "feed")
    partners = {each.pk: each for each in watched.order_by("pk").select_for_update(skip_locked=True, of=("self",))}
    late = {each.cause: each for each in _late([each for each in partners.values() if each.is_active], now)}
    told = PartnerAlarm.objects.open().filter(partner__in=partners).select_related("partner__location")
    known = {(each.partner_id, each.kind, each.fulfillment_order_id): each for each in told}
    raised = PartnerAlarm.objects.bulk_create(
        PartnerAlarm(partner=partners[each.partner_id], kind=each.kind, fulfillment_order_id=each.work_id,
                     since=each.since, raised_at=now)
        for cause, each in late.items() if cause not in known
    )  # fmt: skip
    over = [alarm for cause, alarm in known.items() if cause not in late]
    PartnerAlarm.objects.filter(pk__in=[alarm.pk for alarm in over]).update(cleared_at=now)
    emit_many([*_news(events.PARTNER_ALARM, raised), *_news(events.PARTNER_ALARM_CLEARED, over)])
    return len(raised), len(over)


def _late(partners: list[Partner], now: datetime) -> list[_Late]:
    at = {partner.location_id: partner.pk for partner in partners}
    open_work = FulfillmentOrder.objects.of_partners().filter(location__in=at, order__hold="")
    unconfirmed = open_work.filter(status=Status.RELEASED, confirm_by__lte=now)
    unshipped = open_work.filter(status__in=(Status.RELEASED, Status.ACCEPTED), cutoff_at__lte=now)
    return [
        *(_Late(at[place], Kind.UNCONFIRMED, pk, since)
          for pk, place, since in unconfirmed.values_list("pk", "location_id", "confirm_by") if since),
        *(_Late(at[place], Kind.UNSHIPPED, pk, since)
          for pk, place, since in unshipped.values_list("pk", "location_id", "cutoff_at") if since),
        *(_Late(partner.pk, Kind.SILENT, None, partner.feed.silent_since)
          for partner in partners if partner.feed and partner.feed.is_active and partner.feed.silent_since),
    ]  # fmt: skip


def _news(topic: str, alarms: list[PartnerAlarm]) -> list[NewEvent]:
    numbers = dict(
        FulfillmentOrder.objects.filter(pk__in=[each.fulfillment_order_id for each in alarms]).values_list(
            "pk", "number"
        )
    )
    return [
        NewEvent(topic, ("partner", each.partner.location.code), by=BY, payload={
            "alarm": each.pk, "location": each.partner.location.code, "kind": each.kind,
            "fulfillment_order": numbers.get(each.fulfillment_order_id or 0), "since": each.since,
        })
        for each in alarms
    ]  # fmt: skip


def mail_alarm(*, alarm_id: int, uid: Any, now: datetime) -> bool:
    """Tell the partner's contact, once; not of what is over meanwhile. Outside any transaction."""
    alarm = (
        PartnerAlarm.objects.unsent().select_related("partner__location", "fulfillment_order", "partner__feed")
        .filter(pk=alarm_id).first()
    )  # fmt: skip
    if alarm is None:
        return False
    with translation.override(settings.LANGUAGE_CODE):
        text = render_to_string("orders/messages/partner_alarm.txt", {"alarm": alarm, "partner": alarm.partner,
                                                                      "url": settings.PUBLIC_URL}).strip()  # fmt: skip
    subject, _line, body = text.partition("\n")
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    EmailMessage(
        subject.strip(), body.strip(), settings.DEFAULT_FROM_EMAIL, [alarm.partner.contact_email],
        headers={"Message-ID": f"<{uid}@{domain}>"},
    ).send()  # fmt: skip
    PartnerAlarm.objects.filter(pk=alarm_id).update(mailed_at=now)
    return True
