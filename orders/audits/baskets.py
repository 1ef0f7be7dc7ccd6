"""What must always hold about baskets and what is carried out of them."""

from django.utils.translation import gettext_lazy as _

from omni.core.checks import check


@check("basket-kept", _("What is kept for a basket is what its hold says, and no more than its lines want."))
def basket_kept() -> str:
    return """
    WITH parts AS (
        SELECT b.id AS basket, (part->>'line')::int AS position, (part->>'quantity')::int AS quantity,
               'hold:' || h.id || ':' || COALESCE(part->>'n', (nth - 1)::text) AS demand_key, part->'parts' AS of_kit
          FROM orders_basket b JOIN inventory_hold h ON h.id = b.hold_id AND h.status = 'open',
               jsonb_array_elements(h.lines) WITH ORDINALITY AS each(part, nth)
         WHERE b.status IN ('open', 'parked')
    ), kept AS (
        SELECT basket, demand_key, quantity FROM parts WHERE of_kit IS NULL
        UNION ALL
        SELECT basket, demand_key || ':' || (nth - 1), quantity * (part->>'units')::int
          FROM parts, jsonb_array_elements(of_kit) WITH ORDINALITY AS each(part, nth))
    SELECT p.basket, p.demand_key, p.quantity, r.quantity AS reserved FROM kept p
      LEFT JOIN inventory_reservation r ON r.demand_key = p.demand_key AND r.status = 'held'
     WHERE COALESCE(r.quantity, 0) <> p.quantity
    UNION ALL
    SELECT k.basket, 'line ' || k.position, k.quantity, l.quantity
      FROM (SELECT basket, position, sum(quantity)::int AS quantity FROM parts GROUP BY 1, 2) k
      LEFT JOIN orders_basketline l ON l.basket_id = k.basket AND l.position = k.position
     WHERE k.quantity > COALESCE(l.quantity, 0)"""


@check("basket-ended", _("A basket that was placed or given up keeps nothing and waits for no money."))
def basket_ended() -> str:
    return """
    SELECT b.id, b.status, h.status AS hold FROM orders_basket b JOIN inventory_hold h ON h.id = b.hold_id
     WHERE b.status = 'placed' AND h.status = 'open'
    UNION ALL
    SELECT b.id, b.status, i.status FROM orders_basket b JOIN orders_paymentintent i ON i.owner_key = 'basket:' || b.id
     WHERE b.status IN ('placed', 'dropped') AND i.status = 'approved'"""


@check("carried-out-at-once", _("What is carried out left its shelf with its order, and was asked for."))
def carried_out() -> str:
    return """
    SELECT o.number, l.reference, l.quantity, l.fulfilled_quantity, l.settled_quantity
      FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
     WHERE l.method = 'carry_out' AND (l.fulfilled_quantity <> l.quantity OR l.settled_quantity <> l.quantity)"""
