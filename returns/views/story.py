"""The story of one return, from the same events that its order's timeline tells."""

from omni.core.models import Event
from orders.told_by_others import told_once
from returns.models import ReturnOrder
from returns.story import TELL


def story_of(found: ReturnOrder) -> list[dict]:
    """Entries for the timeline component, newest first."""
    kind, which = found.story_subject
    told = Event.objects.filter(aggregate_type=kind, aggregate_id=which, topic__in=list(TELL)).order_by("pk")
    titles = {unit.order_line.reference if unit.order_line else "": unit.title for unit in found.units.all()}
    mine = told_once(event for event in told if event.payload.get("return") == found.rma)
    return [_entry(event, titles) for event in reversed(mine)]


def _entry(event: Event, titles: dict[str, str]) -> dict:
    items = "; ".join(
        f"{line['quantity']} × {titles.get(line['reference'], line['sku'])}" for line in event.payload["lines"]
    )
    title, note, tone = TELL[event.topic](event.payload, items)
    by = "" if event.actor.startswith("system:") else event.actor.removeprefix("key:")
    return {"title": title, "note": note, "tone": tone, "at": event.occurred_at, "by": by}
