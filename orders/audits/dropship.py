"""What must always hold about the orders of dropship partners."""

from django.utils.translation import gettext_lazy as _

from omni.core.checks import check


@check("partner-answers", _("No partner confirmed more than it was given, and what is accepted is confirmed wholly."))
def answers() -> str:
    return """
    SELECT w.number, w.status, sum(l.quantity) AS given, sum(c.quantity) AS confirmed
      FROM orders_confirmation c JOIN orders_fulfillmentline l ON l.id = c.line_id
      JOIN orders_fulfillmentorder w ON w.id = l.fulfillment_order_id
     GROUP BY w.id
    HAVING bool_or(c.quantity > l.quantity)
        OR (w.status = 'accepted'
            AND NOT EXISTS (SELECT 1 FROM orders_fulfillmentline o
                             WHERE o.fulfillment_order_id = w.id AND o.issued_quantity > 0)
            AND sum(LEAST(c.quantity, l.quantity - l.short_quantity - l.cancelled_quantity))
                < sum(l.quantity - l.short_quantity - l.cancelled_quantity))
        OR (w.status = 'released' AND sum(l.quantity - l.short_quantity - l.cancelled_quantity - l.issued_quantity) > 0
            AND bool_and(c.quantity >= l.quantity - l.short_quantity - l.cancelled_quantity)
            AND count(*) = (SELECT count(*) FROM orders_fulfillmentline o WHERE o.fulfillment_order_id = w.id))"""


@check("partner-parcels", _("What a partner shipped left with a carrier, a number, and from its own stock."))
def parcels() -> str:
    return """
    SELECT h.number, h.status, h.carrier, h.tracking_number FROM orders_shipment h
      JOIN orders_fulfillmentorder w ON w.id = h.fulfillment_order_id
      JOIN inventory_location p ON p.id = w.location_id AND p.kind = 'dropship'
     WHERE h.status <> 'unpacked' AND h.sender_reference <> ''
       AND (h.handed_over_at IS NULL OR h.tracking_number = '' OR NOT EXISTS (
            SELECT 1 FROM orders_shipmentline s JOIN inventory_reservation r
                ON r.demand_key = 'fulfillment-line:' || s.fulfillment_line_id AND r.status = 'consumed'
               AND r.location_id = w.location_id WHERE s.shipment_id = h.id))"""


@check("partner-alarms", _("Every open alarm about a partner still holds, and was raised for something late."))
def alarms() -> str:
    return """
    SELECT a.id, a.kind, w.number, w.status FROM orders_partneralarm a
      JOIN orders_partner p ON p.id = a.partner_id
      LEFT JOIN orders_fulfillmentorder w ON w.id = a.fulfillment_order_id
      LEFT JOIN inventory_feed f ON f.id = p.feed_id
     WHERE a.cleared_at IS NULL AND p.is_active AND a.raised_at < now() - interval '15 minutes'
       AND (a.since > a.raised_at OR CASE a.kind
            WHEN 'silent' THEN f.silent_since IS NULL
            ELSE w.closed_at < now() - interval '15 minutes' END)"""
