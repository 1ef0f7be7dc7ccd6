"""What customers tell the rest of the house."""

CREATED = "customers.created"
UPDATED = "customers.updated"
CONSENT_CHANGED = "customers.consent_changed"
MERGED = "customers.merged"
UNMERGED = "customers.unmerged"
ERASED = "customers.erased"
VIEWED = "customers.viewed"  # somebody looked at personal data, and said why
CREDIT_ISSUED = "customers.credit_issued"
CREDIT_SPENT = "customers.credit_spent"
CREDIT_REFUNDED = "customers.credit_refunded"
CREDIT_EXPIRED = "customers.credit_expired"
