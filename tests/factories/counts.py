"""Counts as they come from a shop floor."""

from datetime import timedelta

from django.utils import timezone

from inventory.models import CountSession
from inventory.operations.count_scans import scan_item
from inventory.operations.count_session import end_counting, start_count
from inventory.operations.decide_count import book_count
from omni.core.actors import Actor

LATER = timedelta(minutes=1)


def counting(location, *, by=None, now=None, **more) -> CountSession:
    """A count that just began. It tolerates everything unless told otherwise."""
    rules = {name: more.pop(name, kept) for name, kept in (
        ("tolerated_units", 10**6), ("tolerated_amount", 10**8), ("approved_amount", 10**8), ("slack_seconds", 0),
    )}  # fmt: skip
    session = start_count(location=location, by=by or Actor.system("test"), now=now or timezone.now(), **more)
    CountSession.objects.filter(pk=session.pk).update(**rules)
    session.refresh_from_db()
    return session


def counted_at(location, variant, units: int, *, by=None) -> CountSession:
    """The whole way for one item; what nobody counted stays open."""
    by, now = by or Actor.system("test"), timezone.now()
    session = counting(location, by=by, now=now)
    scan_item(area_id=session.areas.first().pk, code=variant.sku, units=units, by=by, now=now)
    end_counting(session_id=session.pk, by=by, now=now)
    book_count(session_id=session.pk, by=by, now=now + LATER)
    session.refresh_from_db()
    return session
