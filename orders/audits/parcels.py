"""What must always hold about parcels, labels and manifests."""

from django.utils.translation import gettext_lazy as _

from omni.core.checks import check


@check("parcel-units", _("Every unit that is packed or gone by parcel is in exactly one parcel."))
def parcel_units() -> str:
    return """
    SELECT w.number, l.id AS line, l.packed_quantity, l.issued_quantity,
           COALESCE(p.packed, 0) AS in_parcels, COALESCE(p.gone, 0) AS gone
      FROM orders_fulfillmentline l JOIN orders_fulfillmentorder w ON w.id = l.fulfillment_order_id
      LEFT JOIN (SELECT s.fulfillment_line_id, sum(s.quantity) AS packed,
                        sum(s.quantity) FILTER (WHERE h.handed_over_at IS NOT NULL) AS gone
                   FROM orders_shipmentline s JOIN orders_shipment h ON h.id = s.shipment_id
                  WHERE h.status <> 'unpacked' GROUP BY 1) p ON p.fulfillment_line_id = l.id
     WHERE w.method = 'ship'
       AND (l.packed_quantity <> COALESCE(p.packed, 0) OR l.issued_quantity <> COALESCE(p.gone, 0))"""


@check("parcel-of-shipped-work", _("Shipped work has its parcels, and none of them is still here."))
def parcel_of_shipped_work() -> str:
    return """
    SELECT w.number, h.number AS parcel, h.status FROM orders_fulfillmentorder w
      LEFT JOIN orders_shipment h ON h.fulfillment_order_id = w.id AND h.status <> 'unpacked'
     WHERE w.status = 'shipped' AND (h.id IS NULL OR h.handed_over_at IS NULL)"""


@check("parcel-labels", _("A labelled parcel has exactly one bought label, which says the same, and no other has one."))
def parcel_labels() -> str:
    return """
    SELECT h.number, h.status, h.tracking_number, l.key, l.tracking_number AS on_label FROM orders_shipment h
      LEFT JOIN orders_label l ON l.shipment_id = h.id AND l.status = 'bought'
     WHERE (h.status = 'labelled' AND (l.id IS NULL OR l.tracking_number <> h.tracking_number
                                       OR l.carrier <> h.carrier))
        OR (h.status IN ('packing', 'packed', 'unpacked') AND l.id IS NOT NULL)"""


@check("label-bought-once", _("No label was bought twice: each live key of the simulator is a label that we hold."))
def label_bought_once() -> str:
    return """
    SELECT s.key, s.carrier, l.status FROM orders_simulatedlabel s LEFT JOIN orders_label l ON l.key = s.key
     WHERE s.voided_at IS NULL AND s.key LIKE '%-L%' AND s.bought_at < now() - interval '15 minutes'
       AND (l.id IS NULL OR l.status NOT IN ('bought', 'voiding', 'kept'))"""


@check("label-unresolved", _("No label waits for its carrier's answer for more than fifteen minutes."))
def label_unresolved() -> str:
    return """
    SELECT key, carrier, asked_at AS since FROM orders_label
     WHERE status = 'asked' AND asked_at < now() - interval '15 minutes'
    UNION ALL
    SELECT key, carrier, answered_at FROM orders_label
     WHERE status = 'voiding' AND answered_at < now() - interval '1 day'"""


@check("manifest-whole", _("A closed manifest holds only what has left, and none stays half closed."))
def manifest_whole() -> str:
    return """
    SELECT m.number, m.status, h.number AS parcel, h.status AS parcel_status FROM orders_manifest m
      LEFT JOIN orders_shipment h ON h.manifest_id = m.id AND h.handed_over_at IS NULL
     WHERE (m.status = 'closed' AND h.id IS NOT NULL)
        OR (m.status = 'closing' AND m.closed_at < now() - interval '15 minutes')"""
