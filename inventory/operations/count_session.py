"""A count begins for a department, some aisles or the whole store; it ends booked or cancelled."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from inventory import events, preferences
from inventory.models import CountArea, CountSession, CycleCount, Location
from inventory.models.count_session import within
from inventory.models.product import Product
from inventory.operations.judge_count import judge_session
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.settings_store import setting
from omni.core.states import begin, move

AREAS = 200


@operation
def start_count(
    *, location: Location, category: str = "", aisles: Sequence[str] = (), areas: Sequence[str] = (),
    items: Sequence[int] = (), by: Actor, now: datetime,
) -> CountSession:  # fmt: skip
    """Begin to count; its areas are the aisles that it touches, and those named besides.

    `items` are the variants of a list of counts, and nothing else.
    """
    if category and not Product.objects.filter(within(category, "category")).exists():
        raise Invalid("unknown_department", _("No item belongs to this department."))
    session = CountSession(
        location=location, category=category, aisles=sorted(set(aisles)), items=sorted(set(items)), started_at=now,
        started_by=by.label,
        tolerated_units=setting(preferences.COUNT_TOLERATED_UNITS),
        tolerated_amount=setting(preferences.COUNT_TOLERATED_AMOUNT),
        approved_amount=setting(preferences.COUNT_APPROVED_AMOUNT),
        slack_seconds=setting(preferences.COUNT_SLACK_SECONDS),
    )  # fmt: skip
    found = session.shelves().order_by("aisle").values_list("aisle", flat=True).distinct()[:AREAS]
    if not found:
        raise Refusal("nothing_to_count", _("Nothing of this lies in this store."))
    session.save()
    names = [(_("Aisle %s") % aisle) if aisle else _("Without an aisle") for aisle in found]
    names += [name.strip()[:60] for name in areas if name.strip()]
    CountArea.objects.bulk_create(CountArea(session=session, name=name) for name in dict.fromkeys(names))
    begin(session, by=by)
    emit(events.COUNT_SESSION_STARTED, aggregate=session.subject, by=by, payload=told(session))
    return session


@operation
def end_counting(*, session_id: int, by: Actor, now: datetime) -> CountSession:
    """Everybody has walked their part: what was counted is compared, and what nobody counted comes to light."""
    session = lock_session(session_id)
    if session.status == CountSession.Status.REVIEW:
        return session
    move(session, CountSession.Status.REVIEW, by=by, closed_at=now)
    judge_session(session, now=now)
    return session


@operation
def compare_again(*, session_id: int, by: Actor, now: datetime) -> CountSession:
    """Weigh what is not settled yet once more, with what moved or came in since."""
    session = lock_session(session_id)
    if session.status == CountSession.Status.REVIEW:
        judge_session(session, now=now)
    return session


@operation
def cancel_count(*, session_id: int, by: Actor, now: datetime, reason: str = "") -> CountSession:
    """Nothing more of it is booked; what was booked stays."""
    session = lock_session(session_id)
    move(session, CountSession.Status.CANCELLED, by=by, reason=reason, ended_at=now)
    emit(events.COUNT_SESSION_CANCELLED, aggregate=session.subject, by=by, payload=told(session))
    return session


def lock_session(session_id: int) -> CountSession:
    """Whoever ends or decides works alone; scans wait."""
    return CountSession.objects.select_for_update(of=("self",)).select_related("location").get(pk=session_id)


def told(session: CountSession) -> dict:
    """What events say of a count."""
    return {"id": str(session.public_id), "location": session.location.code, "scope": session.scope_words}


@operation
def count_listed(*, location: Location, tasks: Sequence[int], by: Actor, now: datetime) -> CountSession:
    """One count of the shelves of these open tasks; where such a count is at work already, that one."""
    Location.everywhere.select_for_update(no_key=True, of=("self",)).get(pk=location.pk)  # two presses begin one count
    open_tasks = CycleCount.objects.filter(location=location, pk__in=tasks, done_at=None)
    items = sorted(open_tasks.values_list("variant_id", flat=True))
    if not items:
        raise Refusal("nothing_to_count", _("Somebody has counted these already."))
    running = CountSession.objects.filter(location=location, status=CountSession.Status.OPEN, items__overlap=items)
    return running.first() or start_count(location=location, items=items, by=by, now=now)
