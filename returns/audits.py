"""What must always hold about returns; `manage.py audit` asks."""

from django.utils.translation import gettext_lazy as _

from omni.core.checks import check


@check("return-units-counted", _("A line's returned units are the units in its returns, and never more than left."))
def counted() -> str:
    return """
    SELECT o.number, l.reference, l.fulfilled_quantity, l.returned_quantity, COALESCE(u.n, 0) AS in_returns
      FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
      LEFT JOIN (SELECT order_line_id, count(*) AS n FROM returns_returnunit
                  WHERE status IN ('authorized', 'received', 'refunded') GROUP BY 1) u ON u.order_line_id = l.id
     WHERE l.returned_quantity <> COALESCE(u.n, 0) OR l.returned_quantity > l.fulfilled_quantity"""


@check("return-unit-once", _("No unit of a line is in two returns, and none beyond what was ordered."))
def once() -> str:
    return """
    SELECT u.order_line_id, u.unit_index, l.quantity, count(*) AS times
      FROM returns_returnunit u JOIN orders_orderline l ON l.id = u.order_line_id
     WHERE u.status IN ('authorized', 'received', 'refunded')
     GROUP BY 1, 2, 3 HAVING count(*) > 1 OR u.unit_index > l.quantity"""


@check("return-refunded-once", _("Each refunded unit has one payout, which is the sum of its units' refunds."))
def refunded_once() -> str:
    return """
    SELECT p.key, p.amount, COALESCE(u.total, 0) AS units
      FROM returns_payout p
      LEFT JOIN (SELECT payout_id, sum(refund_amount) AS total, count(*) FILTER (WHERE status <> 'refunded') AS odd
                   FROM returns_returnunit WHERE payout_id IS NOT NULL GROUP BY 1) u ON u.payout_id = p.id
     WHERE p.amount <> COALESCE(u.total, 0) OR COALESCE(u.odd, 1) > 0
        OR p.amount <> p.tender_amount + p.credit_amount + p.exchange_amount"""


@check("return-money", _("What a payout says was given back is what was asked of tenders and store credit."))
def money() -> str:
    return """
    SELECT p.key, p.amount, COALESCE(r.total, 0) + COALESCE(c.total, 0) AS asked
      FROM returns_payout p JOIN returns_returnorder o ON o.id = p.return_order_id
      LEFT JOIN LATERAL (SELECT sum(amount) AS total FROM orders_refund
                          WHERE order_id = o.order_id AND settled_by_id IS NULL
                            AND act_key IN (p.key, p.key || ':exchange')) r ON true
      LEFT JOIN LATERAL (SELECT sum(amount) AS total FROM customers_storecreditentry
                          WHERE kind = 'issue' AND o.order_id IS NULL
                            AND key IN (p.key, p.key || ':exchange', p.key || ':rest')) c ON true
     WHERE p.amount <> COALESCE(r.total, 0) + COALESCE(c.total, 0)"""


@check("return-within-paid", _("No order gets back more for its returns than its units cost."))
def within_paid() -> str:
    return """
    SELECT o.number, o.total_amount, sum(u.refund_amount) AS given
      FROM returns_returnunit u
      JOIN orders_orderline l ON l.id = u.order_line_id JOIN orders_order o ON o.id = l.order_id
     WHERE u.status = 'refunded' GROUP BY o.id HAVING sum(u.refund_amount) > o.total_amount"""


@check("return-stock", _("Each returned unit lies where its disposition says, and the ledger says so."))
def stock() -> str:
    """A unit's entries add up to one in its bucket and to none anywhere else; refused and disposed ones to none."""
    return """
    WITH wanted AS (
        SELECT id, 'return-unit:' || id AS cause, location_id, variant_id, CASE disposition
               WHEN 'restock' THEN '' WHEN 'open_box' THEN 'open_box' WHEN 'refurbish' THEN 'refurbish'
               WHEN 'quarantine' THEN 'inspection' WHEN 'return_to_vendor' THEN 'vendor' ELSE 'damaged' END AS bucket,
               CASE WHEN status IN ('received', 'refunded') AND disposition <> 'dispose' THEN 1 ELSE 0 END AS units
          FROM returns_returnunit
    ), booked AS (
        SELECT cause, location_id, variant_id, bucket, sum(quantity) AS units FROM inventory_stockmovement
         WHERE cause LIKE 'return-unit:%' GROUP BY 1, 2, 3, 4 HAVING sum(quantity) <> 0
    )
    SELECT COALESCE(w.cause, b.cause) AS unit, w.bucket AS wanted, w.units, b.bucket AS booked, b.units AS in_ledger
      FROM (SELECT * FROM wanted WHERE units <> 0) w
      FULL JOIN booked b USING (cause, location_id, variant_id, bucket)
     WHERE COALESCE(w.units, 0) <> COALESCE(b.units, 0)"""


@check("return-closed", _("A closed return has nothing open, and an open one has something."))
def closed() -> str:
    return """
    SELECT r.rma_number, r.status, count(u.id) FILTER (WHERE u.status IN ('authorized', 'received')) AS open
      FROM returns_returnorder r LEFT JOIN returns_returnunit u ON u.return_order_id = r.id
     GROUP BY r.id
    HAVING (r.status IN ('completed', 'refused', 'cancelled')
            AND count(u.id) FILTER (WHERE u.status IN ('authorized', 'received')) > 0)
        OR (r.status = 'received' AND count(u.id) FILTER (WHERE u.status IN ('authorized', 'received')) = 0)"""


@check("exchange-linked", _("An exchange has its replacement, paid with exactly what the payout gave for it."))
def exchanges() -> str:
    return """
    SELECT e.id, e.replacement_id, p.exchange_amount, COALESCE(t.total, 0) AS paid
      FROM returns_exchange e
      JOIN returns_payout p ON p.replacement_id = e.replacement_id
      LEFT JOIN LATERAL (SELECT sum(authorized_amount) AS total FROM orders_payment
                          WHERE order_id = e.replacement_id AND reference = p.credit_code) t ON true
     WHERE e.status = 'done' AND p.exchange_amount <> COALESCE(t.total, 0)
    UNION ALL
    SELECT e.id, e.replacement_id, NULL, NULL FROM returns_exchange e
     WHERE e.status = 'done'
       AND NOT EXISTS (SELECT 1 FROM returns_payout p WHERE p.replacement_id = e.replacement_id)"""
