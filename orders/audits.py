"""What must always hold about orders; `manage.py audit` asks."""

from django.utils.translation import gettext_lazy as _

from omni.core.checks import Violators, check
from omni.core.settings_store import setting
from orders import preferences


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


@check("order-promises", _("The open units of a work are exactly what is reserved for it."))
def promises() -> str:
    return """
    SELECT w.number, l.id AS line, l.quantity - l.short_quantity - l.cancelled_quantity - l.issued_quantity AS open,
           COALESCE(r.quantity, 0) AS reserved
      FROM orders_fulfillmentline l JOIN orders_fulfillmentorder w ON w.id = l.fulfillment_order_id
      LEFT JOIN inventory_reservation r ON r.demand_key = 'fulfillment-line:' || l.id AND r.status = 'held'
     WHERE l.quantity - l.short_quantity - l.cancelled_quantity - l.issued_quantity <> COALESCE(r.quantity, 0)"""


@check("order-orphan-promises", _("No reservation is held for work that does not exist."))
def orphans() -> str:
    return """
    SELECT r.id, r.demand_key FROM inventory_reservation r
     WHERE r.status = 'held' AND r.demand_key LIKE 'fulfillment-line:%' AND NOT EXISTS (
        SELECT 1 FROM orders_fulfillmentline l WHERE r.demand_key = 'fulfillment-line:' || l.id)"""


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
    "order-waiting-is-visible", _("Units that nobody promised are on the exception list, or their customer is asked.")
)
def waiting_is_visible() -> str:
    return """
    SELECT o.number, l.reference, l.waiting_quantity FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
     WHERE l.waiting_quantity > 0
       AND NOT EXISTS (SELECT 1 FROM orders_orderexception e WHERE e.order_id = o.id AND e.resolved_at IS NULL)
       AND NOT EXISTS (SELECT 1 FROM orders_pickupchoice c WHERE c.order_line_id = l.id AND c.answer = '')"""


@check("order-captures", _("Captured money is the sum of its captures, and stays within the authorization."))
def captures() -> str:
    return """
    SELECT p.id, p.authorized_amount, p.captured_amount, p.refunded_amount, sum(c.amount) AS captures
      FROM orders_payment p JOIN orders_capture c ON c.payment_id = p.id AND c.captured_at IS NOT NULL
     GROUP BY p.id HAVING p.captured_amount < sum(c.amount) OR p.captured_amount > p.authorized_amount
        OR p.refunded_amount > p.captured_amount"""


@check("order-captured-value", _("No more is asked for than the goods that left are worth."))
def captured_value() -> str:
    return """
    SELECT o.number, asked.total AS asked, o.total_amount FROM orders_order o
      JOIN (SELECT p.order_id, sum(c.amount) AS total FROM orders_capture c JOIN orders_payment p ON p.id = c.payment_id
             WHERE c.failed_at IS NULL GROUP BY 1) asked ON asked.order_id = o.id
     WHERE asked.total > o.total_amount"""


@check("order-refunds", _("Refunded money is the sum of its refunds, and stays within what each tender was charged."))
def refunds() -> str:
    return """
    SELECT p.id, p.captured_amount, p.refunded_amount, COALESCE(r.total, 0) AS refunds FROM orders_payment p
      LEFT JOIN (SELECT payment_id, sum(amount) AS total FROM orders_refund WHERE failed_at IS NULL GROUP BY 1) r
             ON r.payment_id = p.id
     WHERE p.refunded_amount <> COALESCE(r.total, 0) OR p.refunded_amount > p.captured_amount"""


@check("order-refunded", _("What an order says was given back is the sum of its refunds, within its total."))
def refunded() -> str:
    return """
    SELECT o.number, o.total_amount, o.refunded_amount, COALESCE(r.total, 0) AS refunds FROM orders_order o
      LEFT JOIN (SELECT order_id, sum(amount) AS total FROM orders_refund WHERE failed_at IS NULL GROUP BY 1) r
             ON r.order_id = o.id
     WHERE o.refunded_amount <> COALESCE(r.total, 0) OR o.refunded_amount > o.total_amount"""


@check("order-refused-refunds", _("A refused refund was decided by a person, or is on the exception list."))
def refused_refunds() -> str:
    return """
    SELECT r.id, o.number, r.amount FROM orders_refund r JOIN orders_order o ON o.id = r.order_id
     WHERE r.failed_at IS NOT NULL AND r.settled_by_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM orders_orderexception e
         WHERE e.order_id = r.order_id AND e.kind = 'refund' AND e.raised_at >= r.failed_at - interval '1 day')"""


@check("order-money-kept", _("Once nothing is open, what was taken less what was given back for cancellations is the "
                             "worth of what left."))  # fmt: skip
def money_kept() -> str:
    # The worth of the first units of a line, as `unit_money.first_units_total` divides it: by largest remainder.
    first = """(SELECT COALESCE(sum((div(minor, l.quantity) * l.settled_quantity
                                     + least(l.settled_quantity, mod(minor, l.quantity))) * m.unit), 0)
                  FROM jsonb_array_elements(l.{parts}) AS part,
                       LATERAL (SELECT (part ->> 'amount')::numeric / m.unit AS minor) AS a)"""
    # Nothing a user typed gets into it: two column names.
    return f"""
    WITH done AS (
        SELECT o.id, o.number, o.total_amount, o.prices_include_tax, o.shipping_amount, o.shipping_tax_amount,
               10::numeric ^ -CASE WHEN o.currency IN ('JPY', 'KRW', 'CLP', 'ISK', 'VND') THEN 0
                                   WHEN o.currency IN ('BHD', 'JOD', 'KWD', 'OMR', 'TND') THEN 3 ELSE 2 END AS unit
          FROM orders_order o
         WHERE NOT EXISTS (SELECT 1 FROM orders_orderline l
                            WHERE l.order_id = o.id AND l.quantity > l.cancelled_quantity + l.settled_quantity)
           AND NOT EXISTS (SELECT 1 FROM orders_orderexception e
                            WHERE e.order_id = o.id AND e.kind IN ('payment', 'refund'))
           AND NOT EXISTS (SELECT 1 FROM orders_capture c JOIN orders_payment p ON p.id = c.payment_id
                            WHERE p.order_id = o.id AND c.captured_at IS NULL)
    ), worth AS (
        SELECT m.id, sum(l.unit_price_amount * l.settled_quantity - {first.format(parts="discounts")}
                         + CASE WHEN m.prices_include_tax THEN 0 ELSE {first.format(parts="taxes")} END)
               + CASE WHEN sum(l.settled_quantity) = 0 THEN 0
                      ELSE max(m.shipping_amount) + CASE WHEN m.prices_include_tax THEN 0
                                                         ELSE max(m.shipping_tax_amount) END END AS total
          FROM done m JOIN orders_orderline l ON l.order_id = m.id GROUP BY m.id, m.prices_include_tax
    ), taken AS (
        SELECT order_id, sum(captured_amount) AS total FROM orders_payment GROUP BY 1
    ), cancelled AS (
        SELECT order_id, sum(amount) AS total FROM orders_refund
         WHERE failed_at IS NULL AND cause = 'cancellation' GROUP BY 1
    )
    SELECT m.number, taken.total AS taken, COALESCE(cancelled.total, 0) AS given_back, worth.total AS worth
      FROM done m JOIN worth USING (id) JOIN taken ON taken.order_id = m.id
      LEFT JOIN cancelled ON cancelled.order_id = m.id
     WHERE least(taken.total, m.total_amount) - COALESCE(cancelled.total, 0) <> worth.total"""  # noqa: S608


@check("money-answered", _("No capture, release or refund waits for its provider for more than an hour."))
def answered() -> str:
    return """
    SELECT 'capture' AS what, id, requested_at FROM orders_capture
     WHERE captured_at IS NULL AND failed_at IS NULL AND requested_at < now() - interval '1 hour'
    UNION ALL
    SELECT 'release', id, void_requested_at FROM orders_payment
     WHERE voided_at IS NULL AND void_requested_at < now() - interval '1 hour'
    UNION ALL
    SELECT 'refund', id, requested_at FROM orders_refund
     WHERE refunded_at IS NULL AND failed_at IS NULL AND requested_at < now() - interval '1 hour'"""


@check("money-intents", _("No payment made before an order stays unknown or unused longer than its time and an hour."))
def intents() -> Violators:
    return Violators(
        """
    SELECT key, status, asked_at FROM orders_paymentintent
     WHERE status NOT IN ('declined', 'used', 'voided') AND asked_at < now() - %s * interval '1 minute'""",
        (setting(preferences.INTENT_MINUTES) + 60,),
    )


@check("money-holds", _("Store credit is held for orders and payments that are still open, and for nothing else."))
def credit_holds() -> str:
    return """
    SELECT h.id, h.key, h.amount - h.captured_amount - h.released_amount AS open FROM customers_storecredithold h
     WHERE h.amount > h.captured_amount + h.released_amount
       AND NOT EXISTS (SELECT 1 FROM orders_payment p WHERE p.hold_key = h.key AND p.voided_at IS NULL)
       AND NOT EXISTS (SELECT 1 FROM orders_paymentintent i
                        WHERE h.key = 'intent:' || i.key AND i.status IN ('approved', 'voiding'))"""


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
            AND w.status NOT IN ('planned', 'released', 'accepted', 'picking', 'staged'))
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


@check("order-no-card-number", _("No card number is kept anywhere."))
def no_card_number() -> str:
    # The same rule as `card_number.is_card_number`: issuer's first digit, length, Luhn's check digit.
    return r"""
    WITH texts AS (
        SELECT id, 'payment' AS kept_in, reference AS digits FROM orders_payment WHERE reference ~ '^[2-6][0-9]{12,18}$'
        UNION ALL
        SELECT id, 'order', found[1]
          FROM orders_order, regexp_matches(metadata::text, '"([2-6][0-9]{12,18})"', 'g') AS found)
    SELECT id, kept_in FROM texts WHERE (
        SELECT sum(CASE WHEN n % 2 = 1 THEN d ELSE d * 2 - CASE WHEN d > 4 THEN 9 ELSE 0 END END) % 10 = 0
          FROM (SELECT n, substr(reverse(digits), n, 1)::int AS d FROM generate_series(1, length(digits)) AS n) AS e)"""


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


@check("basket-kept", _("What is kept for a basket is what its hold says, and no more than its lines want."))
def basket_kept() -> str:
    return """
    WITH parts AS (
        SELECT b.id AS basket, (part->>'line')::int AS position, (part->>'quantity')::int AS quantity,
               'hold:' || h.id || ':' || COALESCE(part->>'n', (nth - 1)::text) AS demand_key
          FROM orders_basket b JOIN inventory_hold h ON h.id = b.hold_id AND h.status = 'open',
               jsonb_array_elements(h.lines) WITH ORDINALITY AS each(part, nth)
         WHERE b.status IN ('open', 'parked'))
    SELECT p.basket, p.demand_key, p.quantity, r.quantity AS reserved FROM parts p
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
