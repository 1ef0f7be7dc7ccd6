"""What must always hold about transfers: nothing is on both sides or on neither."""

from django.utils.translation import gettext_lazy as _

from omni.core.checks import check


@check("transfers-conserve", _("Shipped units of a transfer are received, damaged, lost or in transit, and booked so."))
def conserve() -> str:
    return """
    SELECT t.number, t.status, l.variant_id, l.shipped_quantity, l.received_quantity, l.damaged_quantity,
           l.lost_quantity, COALESCE(m.left_shelf, 0) AS left_shelf, COALESCE(m.arrived, 0) AS arrived
      FROM inventory_transferline l JOIN inventory_transfer t ON t.id = l.transfer_id
      LEFT JOIN (SELECT cause, -sum(quantity) FILTER (WHERE kind = 'transfer_out') AS left_shelf,
                        sum(quantity) FILTER (WHERE kind = 'transfer_in' AND bucket = '') AS arrived,
                        sum(quantity) FILTER (WHERE kind = 'transfer_in' AND bucket = 'damaged') AS broken
                   FROM inventory_stockmovement WHERE cause LIKE 'transfer-line:%' GROUP BY 1) m
        ON m.cause = 'transfer-line:' || l.id
     WHERE COALESCE(m.left_shelf, 0) <> l.shipped_quantity OR COALESCE(m.arrived, 0) <> l.received_quantity
        OR COALESCE(m.broken, 0) <> l.damaged_quantity
        OR l.shipped_quantity < l.received_quantity + l.damaged_quantity + l.lost_quantity
        OR (t.status <> 'in_transit' AND l.in_transit_quantity <> 0)
        OR (t.status NOT IN ('in_transit', 'received') AND l.shipped_quantity <> 0)"""


@check("transfers-moved", _("Every movement between locations belongs to a line of a transfer, at its end of the way."))
def moved() -> str:
    return """
    SELECT m.id, m.kind, m.cause, m.variant_id, m.location_id, m.quantity
      FROM inventory_stockmovement m
      LEFT JOIN (SELECT l.id, l.variant_id, t.from_location_id, t.to_location_id
                   FROM inventory_transferline l JOIN inventory_transfer t ON t.id = l.transfer_id) l
        ON m.cause = 'transfer-line:' || l.id
     WHERE m.kind IN ('transfer_out', 'transfer_in')
       AND (l.id IS NULL OR l.variant_id <> m.variant_id
            OR m.location_id <> CASE m.kind WHEN 'transfer_out' THEN l.from_location_id ELSE l.to_location_id END)"""


@check("transfers-reserved", _("What a transfer keeps at its sender is reserved there, and nothing else is."))
def reserved() -> str:
    return """
    SELECT COALESCE('transfer-line:' || l.id, r.demand_key) AS line, l.approved_quantity, l.picked_quantity,
           r.quantity AS reserved, r.off_shelf_quantity
      FROM (SELECT l.*, t.from_location_id FROM inventory_transferline l JOIN inventory_transfer t
                ON t.id = l.transfer_id WHERE t.status IN ('approved', 'picking') AND l.approved_quantity > 0) l
      FULL JOIN (SELECT * FROM inventory_reservation WHERE status = 'held' AND demand_key LIKE 'transfer-line:%') r
        ON r.demand_key = 'transfer-line:' || l.id
     WHERE l.id IS NULL OR r.id IS NULL OR r.quantity <> l.approved_quantity
        OR r.off_shelf_quantity <> l.picked_quantity OR r.location_id <> l.from_location_id"""


@check("transfers-scanned", _("What arrived of a transfer is what was scanned, and nothing is picked without a scan."))
def scanned() -> str:
    return """
    SELECT t.number, l.id AS line, l.picked_quantity, l.received_quantity, l.damaged_quantity, l.over_quantity,
           COALESCE(s.picked, 0) AS picks, COALESCE(s.arrived, 0) AS arrivals
      FROM inventory_transferline l JOIN inventory_transfer t ON t.id = l.transfer_id
      LEFT JOIN (SELECT line_id, sum(quantity) FILTER (WHERE kind = 'pick') AS picked,
                        sum(quantity) FILTER (WHERE kind <> 'pick') AS arrived,
                        sum(quantity) FILTER (WHERE kind = 'damaged') AS damaged,
                        sum(quantity) FILTER (WHERE kind = 'over') AS over
                   FROM inventory_transferscan WHERE undone_at IS NULL GROUP BY 1) s ON s.line_id = l.id
     WHERE l.picked_quantity > COALESCE(s.picked, 0)
        OR l.received_quantity + l.damaged_quantity <> COALESCE(s.arrived, 0)
        OR l.damaged_quantity <> COALESCE(s.damaged, 0) OR l.over_quantity <> COALESCE(s.over, 0)"""
