from customers.models.consent import Consent
from customers.models.customer import Customer
from customers.models.loyalty import LoyaltyEntry
from customers.models.merge import CustomerMerge
from customers.models.note import CustomerNote
from customers.models.store_credit import StoreCredit, StoreCreditEntry, StoreCreditHold
from customers.models.wishlist import Wish

__all__ = [
    "Consent", "Customer", "CustomerMerge", "CustomerNote", "LoyaltyEntry", "StoreCredit", "StoreCreditEntry",
    "StoreCreditHold", "Wish",
]  # fmt: skip
