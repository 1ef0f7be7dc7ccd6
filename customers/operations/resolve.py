"""Find the customer an order belongs to, or make one; a guest without any contact stays nobody."""

from customers.models import Customer
from omni.core.prepared import Columns, prepared

# One statement each, since every order asks. A customer known by an external id is written only when the order
# brings news; two first orders of one person at once meet in the unique index and get the same row.
# Who was merged away is the one that stayed; their record is left as it is.
ROW = Columns(Customer)
BY_EXTERNAL_ID = f"""
WITH known AS (
    SELECT {ROW.of()} FROM customers_customer WHERE external_id = %(external_id)s::text
), have AS (
    SELECT {ROW.of("kept")} FROM customers_customer kept, known WHERE kept.id = COALESCE(known.merged_into_id, known.id)
), written AS (
    INSERT INTO customers_customer AS c (external_id, name, email, phone, is_active, created_at)
    SELECT %(external_id)s::text, %(name)s::text, %(email)s::text, %(phone)s::text, true, now()
     WHERE NOT EXISTS (
        SELECT 1 FROM known WHERE merged_into_id IS NOT NULL OR (is_active AND %(name)s::text IN ('', name)
           AND %(email)s::text IN ('', email) AND %(phone)s::text IN ('', phone)))
    ON CONFLICT (external_id) DO UPDATE
       SET name = COALESCE(NULLIF(excluded.name, ''), c.name), email = COALESCE(NULLIF(excluded.email, ''), c.email),
           phone = COALESCE(NULLIF(excluded.phone, ''), c.phone), is_active = true
    RETURNING {ROW.of()}
)
SELECT {ROW.of()} FROM written UNION ALL SELECT {ROW.of()} FROM have WHERE NOT EXISTS (SELECT 1 FROM written)
"""  # noqa: S608 - texts of our own
BY_CONTACT = f"""
WITH known AS (
    SELECT id, merged_into_id FROM customers_customer
     WHERE (is_active OR merged_into_id IS NOT NULL)
       AND ((email <> '' AND email = %(email)s::text) OR (phone <> '' AND phone = %(phone)s::text))
     ORDER BY is_active DESC, (email <> '' AND email = %(email)s::text) DESC, id LIMIT 1
), have AS (
    SELECT {ROW.of("kept")} FROM customers_customer kept, known WHERE kept.id = COALESCE(known.merged_into_id, known.id)
), written AS (
    INSERT INTO customers_customer (name, email, phone, is_active, created_at)
    SELECT %(name)s::text, %(email)s::text, %(phone)s::text, true, now() WHERE NOT EXISTS (SELECT 1 FROM have)
    RETURNING {ROW.of()}
)
SELECT {ROW.of()} FROM written UNION ALL SELECT {ROW.of()} FROM have
"""  # noqa: S608 - texts of our own


def resolve(*, external_id: str | None, name: str, email: str, phone: str) -> Customer | None:
    """The customer with this external id, else e-mail, else phone; created when a key is new.

    An external id never adopts a row that carries another one: the site's identity is stronger than an address
    two people may share.
    """
    if not (external_id or email or phone):
        return None
    known = {"external_id": external_id, "name": name, "email": email.lower(), "phone": phone}
    with prepared() as cursor:
        cursor.execute(BY_EXTERNAL_ID if external_id else BY_CONTACT, known)
        return ROW.row(cursor.fetchone())
