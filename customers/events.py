"""What customers tell the rest of the house."""

CREATED = "customers.created"
