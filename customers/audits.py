"""What must always hold about customers' money; `manage.py audit` asks."""

from django.utils.translation import gettext_lazy as _

from omni.core.checks import check


@check("credit-ledger", _("A store credit's balance is the sum of its ledger, and so is what is held of it."))
def ledger() -> str:
    return """
    SELECT c.id, c.balance_amount, c.held_amount, e.balance, e.held FROM customers_storecredit c
      LEFT JOIN (SELECT credit_id, sum(balance_change) AS balance, sum(held_change) AS held
                   FROM customers_storecreditentry GROUP BY 1) e ON e.credit_id = c.id
     WHERE c.balance_amount <> COALESCE(e.balance, 0) OR c.held_amount <> COALESCE(e.held, 0)
        OR c.held_amount < 0 OR c.balance_amount < c.held_amount"""


@check("credit-holds", _("What is held of a store credit is the sum of its open holds."))
def holds() -> str:
    return """
    SELECT c.id, c.held_amount, COALESCE(h.open, 0) AS open FROM customers_storecredit c
      LEFT JOIN (SELECT credit_id, sum(amount - captured_amount - released_amount) AS open
                   FROM customers_storecredithold GROUP BY 1) h ON h.credit_id = c.id
     WHERE c.held_amount <> COALESCE(h.open, 0)"""
