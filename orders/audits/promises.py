"""What must always hold about orders, the work that was promised and who collected it."""

from django.utils.translation import gettext_lazy as _

from omni.core.checks import check


@check("order-units", _("Every unit of a line is open, fulfilled or cancelled, and allocated units have their work."))
def units() -> str:
    return """
    SELECT o.number, l.reference, l.quantity, l.cancelled_quantity, l.allocated_quantity, l.fulfilled_quantity,
           COALESCE(w.open, 0) AS in_work, COALESCE(w.issued, 0) AS issued
      FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
      LEFT JOIN (SELECT order_line_id,
                        sum(quantity - short_quantity - cancelled_quantity - issued_quantity) AS open,
                        sum(issued_quantity) AS issued
                   FROM orders_fulfillmentline GROUP BY 1) w ON w.order_line_id = l.id
     WHERE l.quantity < l.cancelled_quantity + l.allocated_quantity + l.fulfilled_quantity
        OR l.allocated_quantity <> COALESCE(w.open, 0) OR l.fulfilled_quantity <> COALESCE(w.issued, 0)"""


@check("order-promises", _("The open units of a work are exactly what is reserved for it, or on a transfer to it."))
def promises() -> str:
    return """
    SELECT w.number, l.id AS line, l.quantity - l.short_quantity - l.cancelled_quantity - l.issued_quantity AS open,
           COALESCE(r.quantity, 0) AS reserved, COALESCE(t.owed, 0) AS on_transfer
      FROM orders_fulfillmentline l JOIN orders_fulfillmentorder w ON w.id = l.fulfillment_order_id
      LEFT JOIN inventory_reservation r
        ON r.demand_key = 'fulfillment-line:' || l.id AND r.status = 'held' AND r.location_id = w.location_id
      LEFT JOIN (SELECT demand_key, sum(owed_quantity) AS owed FROM inventory_transferline
                  WHERE owed_quantity > 0 GROUP BY 1) t ON t.demand_key = 'fulfillment-line:' || l.id
     WHERE l.quantity - l.short_quantity - l.cancelled_quantity - l.issued_quantity
           <> COALESCE(r.quantity, 0) + COALESCE(t.owed, 0)"""


@check("order-orphan-promises", _("No reservation is held for work that does not exist."))
def orphans() -> str:
    return """
    SELECT r.id, r.demand_key FROM inventory_reservation r
     WHERE r.status = 'held' AND r.demand_key LIKE 'fulfillment-line:%' AND NOT EXISTS (
        SELECT 1 FROM orders_fulfillmentline l WHERE r.demand_key = 'fulfillment-line:' || l.id)
    UNION ALL
    SELECT t.id, t.demand_key FROM inventory_transferline t
     WHERE t.owed_quantity > 0 AND NOT EXISTS (
        SELECT 1 FROM orders_fulfillmentline l JOIN orders_fulfillmentorder w ON w.id = l.fulfillment_order_id
         WHERE t.demand_key = 'fulfillment-line:' || l.id AND w.transfer_id = t.transfer_id)"""


@check("order-kits", _("The lines of a kit are its units and add up to its price, discounts and taxes."))
def kits() -> str:
    return """
    SELECT k.id, k.reference, k.quantity, l.lines, l.worth, k.unit_price_amount * k.quantity AS price
      FROM orders_orderkit k LEFT JOIN (
        SELECT l.kit_id, count(*) AS lines, sum(l.unit_price_amount * l.quantity) AS worth,
               sum(l.discount_amount) AS off, sum(l.tax_amount) AS tax,
               bool_and(l.quantity % l.kit_units = 0) AS whole, min(l.quantity / l.kit_units) AS least,
               max(l.quantity / l.kit_units) AS most
          FROM orders_orderline l WHERE l.kit_id IS NOT NULL GROUP BY 1) l ON l.kit_id = k.id
     WHERE (l.lines, l.worth, l.off, l.tax, l.whole, l.least, l.most) IS DISTINCT FROM
           (k.line_count::bigint, k.unit_price_amount * k.quantity, k.discount_amount, k.tax_amount, true, k.quantity,
            k.quantity)"""


@check("order-off-shelf", _("Units off the shelf are the units in staging."))
def off_shelf() -> str:
    return """
    SELECT w.number, l.id AS line, l.picked_quantity - l.issued_quantity AS staged, r.off_shelf_quantity
      FROM orders_fulfillmentline l JOIN orders_fulfillmentorder w ON w.id = l.fulfillment_order_id
      JOIN inventory_reservation r ON r.demand_key = 'fulfillment-line:' || l.id AND r.status = 'held'
     WHERE r.off_shelf_quantity <> l.picked_quantity - l.issued_quantity"""


@check("order-label", _("An order's label is what its lines add up to."))
def label() -> str:
    return """
    SELECT number, status, derived FROM (
        SELECT o.number, o.status, CASE
               WHEN sum(l.quantity - l.cancelled_quantity - l.fulfilled_quantity) > 0
               THEN CASE WHEN sum(l.fulfilled_quantity) > 0 THEN 'partly_fulfilled' ELSE 'open' END
               WHEN sum(l.fulfilled_quantity) > 0 THEN 'fulfilled' ELSE 'cancelled' END AS derived
          FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id GROUP BY o.id) labelled
     WHERE status <> derived"""


@check("order-closed-work", _("Closed work has no open units."))
def closed_work() -> str:
    return """
    SELECT w.number, w.status FROM orders_fulfillmentorder w
      JOIN orders_fulfillmentline l ON l.fulfillment_order_id = w.id
     WHERE w.status IN ('handed_over', 'shipped', 'declined', 'short', 'cancelled', 'expired')
       AND l.quantity - l.short_quantity - l.cancelled_quantity - l.issued_quantity > 0"""


@check(
    "order-waiting-is-visible",
    _("Units that nobody promised are on the exception list, come from a supplier, or their customer is asked."),
)
def waiting_is_visible() -> str:
    return """
    SELECT o.number, l.reference, l.waiting_quantity FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
     WHERE l.waiting_quantity > 0
       AND NOT EXISTS (SELECT 1 FROM orders_orderexception e WHERE e.order_id = o.id AND e.resolved_at IS NULL)
       AND NOT EXISTS (SELECT 1 FROM orders_pickupchoice c WHERE c.order_line_id = l.id AND c.answer = '')
       AND l.waiting_quantity > COALESCE((SELECT sum(p.quantity) FROM inventory_supplypromise p
            WHERE p.demand_key = 'order-line:' || l.id AND (p.status IN ('waiting', 'arrived')
               OR (p.status = 'lost' AND p.closed_at > now() - interval '10 minutes'))), 0)"""


@check("order-capacity", _("Used capacity of a day is the work that holds it."))
def capacity() -> str:
    return """
    SELECT d.location_id, d.day, d.kind, d.used, COALESCE(w.n, 0) AS works
      FROM inventory_locationday d
      LEFT JOIN (SELECT location_id, capacity_day AS day, method AS kind, count(*) AS n FROM orders_fulfillmentorder
                  WHERE capacity_day IS NOT NULL GROUP BY 1, 2, 3) w USING (location_id, day, kind)
     WHERE d.used <> COALESCE(w.n, 0)"""


@check("order-hand-overs", _("Every unit handed over is in a hand-over that was not undone."))
def hand_overs() -> str:
    return """
    SELECT w.number, l.id AS line, l.issued_quantity, COALESCE(h.given, 0) AS given
      FROM orders_fulfillmentline l JOIN orders_fulfillmentorder w ON w.id = l.fulfillment_order_id
      LEFT JOIN (SELECT key::bigint AS line, sum(value::int) AS given
                   FROM orders_handover, jsonb_each_text(lines) WHERE undone_at IS NULL GROUP BY 1) h ON h.line = l.id
     WHERE w.method IN ('pickup', 'carry_out') AND l.issued_quantity <> COALESCE(h.given, 0)"""


@check("order-arrivals", _("Nobody is waited for at work that is over, and every wait that ended has its length."))
def arrivals() -> str:
    return """
    SELECT w.number, a.id AS arrival, a.arrived_at, a.served_at, a.waited_seconds
      FROM orders_arrival a JOIN orders_fulfillmentorder w ON w.id = a.fulfillment_order_id
     WHERE (a.served_at IS NULL AND a.cancelled_at IS NULL
            AND w.status NOT IN ('awaiting', 'planned', 'released', 'accepted', 'picking', 'staged'))
        OR (a.served_at IS NOT NULL AND a.arrived_at IS NOT NULL AND w.staged_at IS NOT NULL
            AND a.waited_seconds IS NULL)
        OR a.waited_seconds > extract(epoch FROM a.served_at - a.arrived_at) + 1"""


@check("order-serials", _("A serial number stands for one picked unit, and leaves and comes back with it."))
def serials() -> str:
    return """
    SELECT w.number, l.id AS line, l.picked_quantity, l.issued_quantity, s.held, s.gone
      FROM orders_fulfillmentline l JOIN orders_fulfillmentorder w ON w.id = l.fulfillment_order_id
      JOIN (SELECT fulfillment_line_id, count(*) FILTER (WHERE status = 'picked') AS held,
                   count(*) FILTER (WHERE status IN ('out', 'returned')) AS gone
              FROM orders_serialnumber GROUP BY 1) s ON s.fulfillment_line_id = l.id
     WHERE s.gone > l.issued_quantity OR s.held > l.picked_quantity - l.issued_quantity
        OR (w.status IN ('staged', 'handed_over') AND s.held + s.gone < l.picked_quantity)"""


@check("order-supply", _("No more of a line is promised from suppliers than it waits for."))
def supply() -> str:
    return """
    SELECT p.demand_key, p.total, l.waiting_quantity FROM
      (SELECT demand_key, sum(quantity) AS total FROM inventory_supplypromise
        WHERE status IN ('waiting', 'arrived') AND demand_key LIKE 'order-line:%' GROUP BY 1) p
      LEFT JOIN orders_orderline l ON p.demand_key = 'order-line:' || l.id
     WHERE p.total > COALESCE(l.waiting_quantity, 0)"""
