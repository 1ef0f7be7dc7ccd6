"""What must always hold about stock; `manage.py audit` asks."""

from django.utils.translation import gettext_lazy as _

from inventory import (
    drift,
    transfer_audits,  # noqa: F401 - its checks are found through this module
)
from omni.core.checks import check


@check("stock-promises", _("No shelf promises more than it has without saying so."))
def promises() -> str:
    return """
    SELECT variant_id, location_id, on_hand, reserved, shortfall FROM inventory_stocklevel
     WHERE reserved < 0 OR shortfall <> GREATEST(0, reserved - GREATEST(on_hand, 0))"""


@check("stock-ledger", _("On hand is the sum of the ledger."))
def ledger() -> str:
    return drift.question(drift.Number.ON_HAND)


@check("stock-held-ledger", _("What is held apart is the sum of its ledger."))
def held_ledger() -> str:
    return drift.question(drift.Number.HELD)


@check("stock-reserved", _("Reserved is the sum of held reservations."))
def reserved() -> str:
    return drift.question(drift.Number.PROMISED)


@check("drift-repaired-once", _("A repaired number has exactly the movements of its repair."))
def drift_repaired() -> str:
    return """
    SELECT d.id, d.variant_id, d.location_id, d.trusted, m.n AS movements, m.total
      FROM inventory_drift d
     CROSS JOIN LATERAL (
        SELECT count(*) AS n, COALESCE(sum(o.quantity), 0) AS total FROM inventory_stockmovement o
         WHERE o.variant_id = d.variant_id AND o.location_id = d.location_id AND o.kind = 'repair'
           AND o.cause = 'drift:' || d.id) m
     WHERE d.number <> 'promised' AND (m.n, m.total) <> (
        CASE WHEN d.status <> 'repaired' THEN 0 WHEN d.trusted = 'number' THEN 1 ELSE 2 END,
        CASE WHEN d.status <> 'repaired' OR d.trusted = 'rows' THEN 0 ELSE d.shown_quantity - d.summed_quantity END)"""


@check("stock-issued-once", _("A consumed reservation has exactly one issue movement."))
def issued_once() -> str:
    return """
    SELECT r.id, r.demand_key, r.quantity, count(m.id) AS movements
      FROM inventory_reservation r
      LEFT JOIN inventory_stockmovement m
        ON m.cause = 'reservation:' || r.id AND m.kind IN ('ship', 'pickup', 'carry_out') AND m.quantity = -r.quantity
     WHERE r.status = 'consumed' AND r.demand_key NOT LIKE 'transfer-line:%'
     GROUP BY 1, 2, 3 HAVING count(m.id) <> 1"""


@check("stock-put-back", _("Units waiting to be put back are the units of the open tasks."))
def put_back() -> str:
    return """
    SELECT variant_id, location_id, h.quantity, COALESCE(t.open, 0) AS open
      FROM (SELECT * FROM inventory_stockheld WHERE bucket = 'put_back') h
      FULL JOIN (SELECT variant_id, location_id, sum(quantity - done_quantity) AS open FROM inventory_putback
                  WHERE done_at IS NULL GROUP BY 1, 2) t USING (variant_id, location_id)
     WHERE COALESCE(h.quantity, 0) <> COALESCE(t.open, 0)"""


@check("stock-not-found-is-counted", _("Units set aside as not found have an open count."))
def not_found_is_counted() -> str:
    return """
    SELECT h.variant_id, h.location_id, h.quantity FROM inventory_stockheld h
     WHERE h.bucket = 'not_found' AND h.quantity > 0 AND NOT EXISTS (
        SELECT 1 FROM inventory_cyclecount c
         WHERE c.variant_id = h.variant_id AND c.location_id = h.location_id AND c.done_at IS NULL)"""


@check("holds-not-overdue", _("No expired hold keeps its units."))
def holds() -> str:
    return """
    SELECT id, expires_at FROM inventory_hold WHERE status = 'open' AND expires_at < now() - interval '5 minutes'
    UNION ALL
    SELECT NULL::uuid, expires_at FROM inventory_reservation
     WHERE status = 'held' AND expires_at < now() - interval '5 minutes'"""


@check("capacity-in-use", _("The used capacity of a day is the work that holds it."))
def capacity() -> str:
    return "SELECT location_id, day, kind, used, cap FROM inventory_locationday WHERE used > cap OR used < 0"


@check("ledger-months", _("The ledger's default partition is empty."))
def ledger_months() -> str:
    return "SELECT id, recorded_at FROM inventory_stockmovement_default"


@check("changes-numbered", _("The changes feed has no gaps."))
def changes() -> str:
    return """
    SELECT sequence + 1 AS missing FROM inventory_stockchange c
     WHERE sequence < (SELECT max(sequence) FROM inventory_stockchange)
       AND NOT EXISTS (SELECT 1 FROM inventory_stockchange n WHERE n.sequence = c.sequence + 1)"""


@check("changes-told", _("No change of a shelf waits for its number."))
def changes_told() -> str:
    return """
    SELECT id, variant_id, location_id, made_at FROM inventory_shelfnews WHERE made_at < now() - interval '5 minutes'"""


@check("snapshots-booked-once", _("A booked difference of a snapshot has exactly one movement of its units."))
def snapshots() -> str:
    return """
    SELECT r.id, r.snapshot_id, r.line, r.difference, COALESCE(m.total, 0) AS booked
      FROM (SELECT r.*, s.key FROM inventory_snapshotrow r JOIN inventory_snapshot s ON s.id = r.snapshot_id
             WHERE r.outcome IN ('booked', 'approved')) r
      LEFT JOIN (SELECT cause, variant_id, location_id, sum(quantity) AS total, count(*) AS n
                   FROM inventory_stockmovement WHERE kind = 'reconcile' AND cause LIKE 'snapshot:%' GROUP BY 1, 2, 3) m
        ON m.cause = 'snapshot:' || r.snapshot_id AND m.variant_id = r.variant_id AND m.location_id = r.location_id
     WHERE COALESCE(m.total, 0) <> r.difference OR COALESCE(m.n, 0) <> (r.difference <> 0)::int"""


@check("snapshot-rows-known", _("Each row of a snapshot is of a snapshot, a location and an item that exist."))
def snapshot_rows() -> str:
    return """
    SELECT r.id, r.snapshot_id, r.location_id, r.variant_id FROM inventory_snapshotrow r
      LEFT JOIN inventory_snapshot s ON s.id = r.snapshot_id
      LEFT JOIN inventory_location l ON l.id = r.location_id
      LEFT JOIN inventory_variant v ON v.id = r.variant_id
     WHERE s.id IS NULL OR l.id IS NULL OR v.id IS NULL"""


@check("movement-files-booked-once", _("Each event that a movement file booked is in the ledger, and once."))
def movement_files() -> str:
    return """
    SELECT f.id, f.key, f.row_count, COALESCE(m.n, 0) AS movements, COALESCE(m.events, 0) AS events
      FROM inventory_movementfile f
      LEFT JOIN (SELECT cause, count(*) AS n, count(DISTINCT source_event_id) AS events FROM inventory_stockmovement
                  WHERE kind <> 'reconcile' AND cause LIKE 'movement-file:%' GROUP BY 1) m
        ON m.cause = 'movement-file:' || f.id
     WHERE (f.row_count, f.row_count) <> (COALESCE(m.n, 0), COALESCE(m.events, 0))"""


@check("counts-booked-once", _("A booked difference of a count has exactly one movement of its units."))
def counts_booked() -> str:
    return """
    SELECT l.id, l.session_id, l.variant_id, l.delta, COALESCE(m.total, 0) AS booked
      FROM (SELECT * FROM inventory_countline WHERE state = 'booked') l
      FULL JOIN (SELECT cause, sum(quantity) AS total, count(*) AS n FROM inventory_stockmovement
                  WHERE kind = 'count' AND bucket = '' AND cause LIKE 'count-line:%' GROUP BY 1) m
        ON m.cause = 'count-line:' || l.id
     WHERE COALESCE(m.total, 0) <> COALESCE(l.delta, 0) OR COALESCE(m.n, 0) <> (COALESCE(l.delta, 0) <> 0)::int"""


@check("counts-add-up", _("A counted item has the units of its scans that nobody took back."))
def counts_add_up() -> str:
    return """
    SELECT l.id, l.session_id, l.variant_id, l.round, l.counted, sum(c.quantity) AS scanned
      FROM inventory_countline l JOIN inventory_countscan c
        ON c.session_id = l.session_id AND c.variant_id = l.variant_id AND c.round = l.round
     WHERE l.state IN ('booked', 'matches') AND l.settled_at IS NOT NULL
     GROUP BY l.id HAVING l.counted IS DISTINCT FROM sum(c.quantity)"""


@check("receipts-booked-once", _("Each scan of a delivery is in the ledger with its units, and nothing else is."))
def receipts_booked() -> str:
    return """
    SELECT COALESCE(u.cause, m.cause) AS cause, COALESCE(u.variant_id, m.variant_id) AS variant_id, u.sellable,
           u.damaged, m.sellable AS booked, m.damaged AS booked_damaged
      FROM (SELECT 'receipt-scan:' || r.scan_id AS cause, l.variant_id, r.sellable, r.damaged
              FROM inventory_receivedunits r JOIN inventory_deliveryline l ON l.id = r.line_id) u
      FULL JOIN (SELECT cause, variant_id, COALESCE(sum(quantity) FILTER (WHERE bucket = ''), 0) AS sellable,
                        COALESCE(sum(quantity) FILTER (WHERE bucket = 'damaged'), 0) AS damaged
                   FROM inventory_stockmovement WHERE kind = 'receipt' AND cause LIKE 'receipt-scan:%' GROUP BY 1, 2) m
        ON m.cause = u.cause AND m.variant_id = u.variant_id
     WHERE (COALESCE(u.sellable, 0), COALESCE(u.damaged, 0)) <> (COALESCE(m.sellable, 0), COALESCE(m.damaged, 0))"""


@check("receipts-add-up", _("An item of a delivery has the units of its scans."))
def receipts_add_up() -> str:
    return """
    SELECT l.id, l.delivery_id, l.variant_id, l.received_quantity, l.damaged_quantity, u.received, u.damaged
      FROM inventory_deliveryline l
      LEFT JOIN (SELECT line_id, sum(sellable + damaged) AS received, sum(damaged) AS damaged
                   FROM inventory_receivedunits GROUP BY 1) u ON u.line_id = l.id
     WHERE (l.received_quantity, l.damaged_quantity) <> (COALESCE(u.received, 0), COALESCE(u.damaged, 0))"""


@check("purchases-add-up", _("What came of an order is what its deliveries received of it."))
def purchases_add_up() -> str:
    return """
    SELECT p.id, p.purchase_order_id, p.variant_id, p.received_quantity, COALESCE(d.total, 0) AS delivered
      FROM inventory_purchaseorderline p
      LEFT JOIN (SELECT order_line_id, sum(received_quantity) AS total FROM inventory_deliveryline GROUP BY 1) d
        ON d.order_line_id = p.id
     WHERE p.received_quantity <> COALESCE(d.total, 0)
    UNION ALL
    SELECT p.id, o.id, p.variant_id, p.received_quantity, 0 FROM inventory_purchaseorderline p
      JOIN inventory_purchaseorder o ON o.id = p.purchase_order_id
     WHERE o.status <> 'open' AND p.ordered_quantity > p.received_quantity + p.closed_quantity"""


@check("counts-answer-tasks", _("A count that is booked answers the task that was open for its item before it."))
def counts_answer_tasks() -> str:
    return """
    SELECT c.id, c.location_id, c.variant_id, c.raised_at, l.last_at, l.session_id
      FROM inventory_cyclecount c JOIN inventory_countline l
        ON l.variant_id = c.variant_id AND l.location_id = c.location_id AND l.last_at >= c.raised_at
     WHERE c.done_at IS NULL AND l.settled_at IS NOT NULL AND l.state IN ('booked', 'matches')"""


@check("adjustments-booked-once", _("A correction moved its units once, and back once where it was taken back."))
def adjustments() -> str:
    return """
    SELECT cause, place, a.units, m.units AS booked
      FROM (SELECT 'adjustment:' || id || undo AS cause, variant_id, location_id, place, sum(units) AS units
              FROM inventory_adjustment
              JOIN LATERAL (SELECT '' AS undo, 1 AS way
                             UNION ALL SELECT ':undo', -1 WHERE undone_at IS NOT NULL) w ON true
              JOIN LATERAL (VALUES (source, -quantity * way), (target, quantity * way)) p(place, units)
                ON place <> 'away'
             GROUP BY 1, 2, 3, 4) a
      FULL JOIN (SELECT cause, variant_id, location_id, COALESCE(NULLIF(bucket, ''), 'shelf') AS place,
                        sum(quantity) AS units
                   FROM inventory_stockmovement WHERE cause LIKE 'adjustment:%' GROUP BY 1, 2, 3, 4) m
        USING (cause, variant_id, location_id, place)
     WHERE COALESCE(a.units, 0) <> COALESCE(m.units, 0)"""


@check("supply-promised", _("What is promised of an order is what waits for it, and never more than still comes."))
def supply_promised() -> str:
    return """
    SELECT l.id, l.variant_id, l.promised_quantity, COALESCE(p.total, 0) AS promised
      FROM inventory_purchaseorderline l
      LEFT JOIN (SELECT order_line_id, sum(quantity) AS total FROM inventory_supplypromise
                  WHERE status = 'waiting' GROUP BY 1) p ON p.order_line_id = l.id
     WHERE l.promised_quantity <> COALESCE(p.total, 0)
        OR l.promised_quantity > GREATEST(0, l.ordered_quantity - l.received_quantity - l.closed_quantity)"""


@check("supply-kept", _("What arrived for somebody is kept on its shelf until they take it."))
def supply_kept() -> str:
    return """
    SELECT p.id, p.demand_key, p.quantity, r.quantity AS kept FROM
      (SELECT * FROM inventory_supplypromise WHERE status = 'arrived') p
      FULL JOIN (SELECT * FROM inventory_reservation WHERE status = 'held' AND demand_key LIKE 'supply-promise:%') r
        ON r.demand_key = 'supply-promise:' || p.id
     WHERE p.quantity IS DISTINCT FROM r.quantity"""


@check("kits-have-no-shelf", _("A kit is made of single items, and no unit of its own SKU is on a shelf or promised."))
def kits_have_no_shelf() -> str:
    return """
    SELECT k.kit_id, k.component_id, s.location_id, s.on_hand, s.reserved FROM inventory_kitcomponent k
      LEFT JOIN inventory_stocklevel s ON s.variant_id = k.kit_id AND (s.on_hand, s.reserved) <> (0, 0)
     WHERE s.id IS NOT NULL OR EXISTS (SELECT 1 FROM inventory_kitcomponent p WHERE p.kit_id = k.component_id)"""
