"""What customers tell the rest of the house."""

CREATED = "customers.created"
CREDIT_ISSUED = "customers.credit_issued"
CREDIT_SPENT = "customers.credit_spent"
CREDIT_REFUNDED = "customers.credit_refunded"
CREDIT_EXPIRED = "customers.credit_expired"
