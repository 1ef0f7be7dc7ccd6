"""Which shelves a store should count next: raised by themselves, no more than can be done.

Location by location in one statement each, so ten million shelves cost the memory of one store's.
"""

import json
import time
from datetime import datetime, timedelta
from datetime import time as clock

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from inventory import events, preferences
from inventory.models import CountPlan, Location
from inventory.models.cycle_count import Why
from inventory.models.shelf_sign import FADE_SOLD, faded
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.settings_store import setting

AGAIN = timedelta(hours=6)  # a location is asked anew
SECONDS = 15.0
CAUSE = "plan"
# Of what a location sells, at cost: items that bring the first 80 % are A, the next 15 % B, the others C.
A_SHARE, B_SHARE = 0.8, 0.95
SOLD_OUT_DAYS = 7

PLAN = """
WITH shelf AS MATERIALIZED (
    SELECT s.variant_id, s.on_hand, COALESCE(v.unit_cost, price.amount, 0) AS cost, f.counted_at, f.sold_at,
           {sold} AS sold,
           CASE WHEN f.counted_at IS NULL THEN 100000
                ELSE extract(epoch FROM %(now)s - f.counted_at) / 86400 END AS age
      FROM inventory_stocklevel s JOIN inventory_variant v ON v.id = s.variant_id
      LEFT JOIN inventory_shelfsign f ON f.location_id = s.location_id AND f.variant_id = s.variant_id
      LEFT JOIN LATERAL (SELECT r.amount FROM inventory_price r WHERE r.variant_id = s.variant_id
                            AND v.unit_cost IS NULL ORDER BY r.currency <> 'USD', r.currency LIMIT 1) price ON true
     WHERE s.location_id = %(location)s
), ranked AS (
    SELECT *, sold * cost AS brings, sum(sold * cost) OVER () AS total,
           sum(sold * cost) OVER (ORDER BY sold * cost DESC, variant_id) - sold * cost AS before
      FROM shelf
), classed AS (
    SELECT *, CASE WHEN brings <= 0 THEN %(days_c)s WHEN before < {a} * total THEN %(days_a)s
                   WHEN before < {b} * total THEN %(days_b)s ELSE %(days_c)s END AS days
      FROM ranked
), due AS (
    SELECT variant_id, brings, GREATEST(on_hand, 0) * cost AS worth, age, array_remove(ARRAY[
               CASE WHEN on_hand < 0 THEN 'negative' END,
               CASE WHEN on_hand = 0 AND sold_at > %(now)s - make_interval(days => {sold_out})
                     AND (counted_at IS NULL OR counted_at < sold_at) THEN 'zero' END,
               CASE WHEN %(high_value)s > 0 AND on_hand * cost >= %(high_value)s AND age >= %(high_days)s
                    THEN 'high_value' END,
               CASE WHEN %(stale_days)s > 0 AND on_hand > 0 AND age >= %(stale_days)s THEN 'stale' END,
               CASE WHEN days > 0 AND on_hand > 0 AND age >= days THEN 'cadence' END
           ], NULL) AS reasons
      FROM classed
), room AS (
    SELECT GREATEST(0, LEAST(
        %(most)s - (SELECT count(*) FROM inventory_cyclecount WHERE location_id = %(location)s AND done_at IS NULL),
        %(most)s - (SELECT count(*) FROM inventory_cyclecount
                     WHERE location_id = %(location)s AND raised_at >= %(today)s AND cause = 'plan'))) AS tasks
), asked AS (
    INSERT INTO inventory_cyclecount (variant_id, location_id, cause, reason, reasons, raised_at, count_key)
    SELECT d.variant_id, %(location)s, 'plan', '', d.reasons, %(now)s, '' FROM due d
     WHERE d.reasons <> '{{}}' AND NOT EXISTS (
           SELECT 1 FROM inventory_cyclecount c
            WHERE c.location_id = %(location)s AND c.variant_id = d.variant_id AND c.done_at IS NULL)
     ORDER BY array_position(%(order)s::text[], d.reasons[1]), d.brings DESC, d.worth DESC, d.age DESC, d.variant_id
     LIMIT (SELECT tasks FROM room)
    ON CONFLICT (location_id, variant_id) WHERE done_at IS NULL DO NOTHING
    RETURNING variant_id, reasons
)
SELECT jsonb_agg(jsonb_build_array(variant_id, %(location)s, reasons[1]) ORDER BY variant_id) FROM asked
"""
PLAN = PLAN.format(
    sold=faded("f.sold", "f.sold_at", "%(now)s::timestamptz", over=FADE_SOLD), a=A_SHARE, b=B_SHARE,
    sold_out=SOLD_OUT_DAYS,
)  # fmt: skip


def plan_counts(*, now: datetime, seconds: float = SECONDS) -> int:
    """Ask for counts where that was longest ago, for so many seconds; returns how many tasks were raised."""
    ends, raised = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        found = _plan_next(now)
        if found is None:
            break
        raised += found
    return raised


@transaction.atomic
def _plan_next(now: datetime) -> int | None:
    """One location; None where all were asked lately. A second worker takes another one."""
    plan = _next(now)
    if plan is None:
        return None
    found = _ask(plan.location, now)
    plan.planned_at = now
    plan.save(update_fields=["planned_at"])
    if found:
        emit(
            events.COUNT_RAISED, aggregate=("count", f"{CAUSE}:{plan.location_id}"), by=Actor.system("plan"),
            payload={"items": [row[:2] for row in found], "reasons": [row[2] for row in found]},
        )  # fmt: skip
    return len(found)


def _next(now: datetime) -> CountPlan | None:
    stocked = Location.objects.filter(is_active=True).exclude(kind=Location.Kind.DROPSHIP)
    new = stocked.filter(~Exists(CountPlan.objects.filter(location=OuterRef("pk")))).order_by("pk").first()
    if new is not None:
        CountPlan.objects.bulk_create([CountPlan(location=new, planned_at=now - AGAIN)], ignore_conflicts=True)
    due = CountPlan.objects.filter(planned_at__lte=now - AGAIN, location__in=stocked).order_by("planned_at", "pk")
    return due.select_related("location").select_for_update(skip_locked=True, of=("self",)).first()


def _ask(location: Location, now: datetime) -> list[list]:
    today = datetime.combine(now.astimezone(location.zone).date(), clock.min, location.zone)
    with connection.cursor() as cursor:
        cursor.execute(PLAN, {
            "location": location.pk, "now": now, "today": today, "most": setting(preferences.COUNT_TASKS_A_DAY),
            "days_a": setting(preferences.COUNT_DAYS_A), "days_b": setting(preferences.COUNT_DAYS_B),
            "days_c": setting(preferences.COUNT_DAYS_C), "stale_days": setting(preferences.COUNT_STALE_DAYS),
            "high_value": setting(preferences.COUNT_HIGH_VALUE),
            "high_days": setting(preferences.COUNT_HIGH_VALUE_DAYS), "order": Why.values,
        })  # fmt: skip
        found = cursor.fetchone()[0]
    return json.loads(found) if isinstance(found, str) else found or []
