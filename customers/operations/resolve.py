"""Find the customer an order belongs to, or make one; a guest without any contact stays nobody."""

from customers.models import Customer

# One statement each, since every order asks. A customer known by an external id is written only when the order
# brings news; two first orders of one person at once meet in the unique index and get the same row.
# Who was merged away is the one that stayed; their record is left as it is.
BY_EXTERNAL_ID = """
WITH known AS (
    SELECT * FROM customers_customer WHERE external_id = %(external_id)s
), have AS (
    SELECT kept.* FROM customers_customer kept, known WHERE kept.id = COALESCE(known.merged_into_id, known.id)
), written AS (
    INSERT INTO customers_customer AS c (external_id, name, email, phone, is_active, created_at)
    SELECT %(external_id)s, %(name)s, %(email)s, %(phone)s, true, now()
     WHERE NOT EXISTS (
        SELECT 1 FROM known WHERE merged_into_id IS NOT NULL OR (is_active AND %(name)s IN ('', name)
           AND %(email)s IN ('', email) AND %(phone)s IN ('', phone)))
    ON CONFLICT (external_id) DO UPDATE
       SET name = COALESCE(NULLIF(excluded.name, ''), c.name), email = COALESCE(NULLIF(excluded.email, ''), c.email),
           phone = COALESCE(NULLIF(excluded.phone, ''), c.phone), is_active = true
    RETURNING *
)
SELECT * FROM written UNION ALL SELECT * FROM have WHERE NOT EXISTS (SELECT 1 FROM written)
"""
BY_CONTACT = """
WITH known AS (
    SELECT id, merged_into_id FROM customers_customer
     WHERE (is_active OR merged_into_id IS NOT NULL)
       AND ((email <> '' AND email = %(email)s) OR (phone <> '' AND phone = %(phone)s))
     ORDER BY is_active DESC, (email <> '' AND email = %(email)s) DESC, id LIMIT 1
), have AS (
    SELECT kept.* FROM customers_customer kept, known WHERE kept.id = COALESCE(known.merged_into_id, known.id)
), written AS (
    INSERT INTO customers_customer (name, email, phone, is_active, created_at)
    SELECT %(name)s, %(email)s, %(phone)s, true, now() WHERE NOT EXISTS (SELECT 1 FROM have)
    RETURNING *
)
SELECT * FROM written UNION ALL SELECT * FROM have
"""


def resolve(*, external_id: str | None, name: str, email: str, phone: str) -> Customer | None:
    """The customer with this external id, else e-mail, else phone; created when a key is new.

    An external id never adopts a row that carries another one: the site's identity is stronger than an address
    two people may share.
    """
    if not (external_id or email or phone):
        return None
    known = {"external_id": external_id, "name": name, "email": email.lower(), "phone": phone}
    (customer,) = Customer.objects.raw(BY_EXTERNAL_ID if external_id else BY_CONTACT, known)
    return customer
