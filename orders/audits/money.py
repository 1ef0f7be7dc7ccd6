"""What must always hold about money: taken, given back, promised."""

from django.utils.translation import gettext_lazy as _

from omni.core.checks import Violators, check
from omni.core.settings_store import setting
from orders import preferences


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
