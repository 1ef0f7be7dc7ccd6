"""Find the customer an order belongs to, or make one; a guest without any contact stays nobody."""

from customers.models import Customer


def resolve(*, external_id: str | None, name: str, email: str, phone: str) -> Customer | None:
    """The customer with this external id, else e-mail, else phone; created when a key is new.

    An external id never adopts a row that carries another one: the site's identity is stronger than an address
    two people may share.
    """
    if not (external_id or email or phone):
        return None
    email = email.lower()
    found = list(Customer.objects.known_by(external_id=external_id, email=email, phone=phone).order_by("pk")[:20])
    by_id = [each for each in found if external_id and each.external_id == external_id]
    if by_id:
        return _refreshed(by_id[0], name=name, email=email, phone=phone)
    if not external_id and found:
        same_mail = [each for each in found if email and each.email == email]
        return (same_mail or found)[0]
    return _created(external_id=external_id, name=name, email=email, phone=phone)


def _refreshed(customer: Customer, **news: str) -> Customer:
    changed = [field for field, value in news.items() if value and getattr(customer, field) != value]
    for field in changed:
        setattr(customer, field, news[field])
    if changed:
        customer.save(update_fields=changed)
    return customer


def _created(*, external_id: str | None, **contact: str) -> Customer:
    if external_id is None:
        return Customer.objects.create(**contact)
    # Two first orders of one person at once: the upsert gives both the same row, without a savepoint.
    (customer,) = Customer.objects.bulk_create(
        [Customer(external_id=external_id, **contact)],
        update_conflicts=True,
        unique_fields=["external_id"],
        update_fields=["is_active"],
    )
    return customer
