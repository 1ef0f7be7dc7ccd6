"""A customer as machines read and write them."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from customers.models import Consent, Customer, StoreCredit, StoreCreditEntry
from omni.core.api import PageQuery, StrictBoolean, StrictChar, StrictInteger, StrictSerializer
from omni.core.currencies import amount_text

ADA = {
    "id": "01980d4c-7a52-7f0e-9d4b-0d8f3b6d1c11", "external_id": "c-7", "name": "Ada Byron", "email": "ada@example.org",
    "phone": "+16125550100", "loyalty_code": "L1234567897", "tier": "gold", "created_at": "2026-05-01T10:00:00Z",
    "consents": [{"channel": "email", "purpose": "marketing", "given": True, "source": "site",
                  "said_at": "2026-05-01T10:00:00Z"}],
    "merged": [], "actions": ["update", "merge"],
}  # fmt: skip


CREDIT = {
    "code_end": "7KQM", "currency": "USD", "balance": "19.99", "held": "0.00", "available": "19.99", "expires_at": None,
    "created_at": "2026-05-01T10:00:00Z",
    "entries": [{"kind": "issue", "amount": "19.99", "balance_after": "19.99", "cause": "order:10000007",
                 "reason": "Return RMA 50000001", "at": "2026-05-01T10:00:00Z", "by": "Ana"}],
}  # fmt: skip


class CustomerQuery(PageQuery):
    """Each filter is exact; `q` finds as people do, with slips."""

    external_id = serializers.CharField(required=False, max_length=100)
    email = serializers.CharField(required=False, max_length=254)
    phone = serializers.CharField(required=False, max_length=40, help_text="As people type it; compared as E.164.")
    loyalty_code = serializers.CharField(required=False, max_length=20)
    q = serializers.CharField(
        required=False, max_length=200,
        help_text="A phone, e-mail, loyalty code or name, with slips; the likeliest first, one page.",
    )  # fmt: skip


class ConsentSerializer(serializers.Serializer[Any]):
    """The newest word per channel and purpose."""

    channel = serializers.ChoiceField(choices=Consent.Channel.choices)
    purpose = serializers.ChoiceField(choices=Consent.Purpose.choices)
    given = serializers.BooleanField(source="is_given")
    source = serializers.ChoiceField(choices=Consent.Source.choices)  # type: ignore[assignment]
    said_at = serializers.DateTimeField()


@extend_schema_serializer(examples=[OpenApiExample("A customer", value=ADA)])
class CustomerSerializer(serializers.Serializer[Any]):
    """A customer; the id stays good after a merge."""

    id = serializers.UUIDField(source="uid")
    external_id = serializers.CharField(allow_null=True)
    name = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    loyalty_code = serializers.CharField(allow_null=True)
    tier = serializers.ChoiceField(choices=Customer.Tier.choices, allow_blank=True)
    created_at = serializers.DateTimeField()
    consents = serializers.SerializerMethodField()
    merged = serializers.SerializerMethodField(help_text="Ids of records that were merged into this one.")
    actions = serializers.SerializerMethodField(help_text="Acts that are legal now.")

    @extend_schema_field(ConsentSerializer(many=True))
    def get_consents(self, customer: Customer) -> list[dict[str, Any]]:
        """Their own record's words; those of merged records are on the timeline."""
        holds: dict[tuple[str, str], Consent] = {}
        for consent in sorted(customer.consents.all(), key=lambda each: (each.said_at, each.pk)):
            holds[consent.channel, consent.purpose] = consent
        return [dict(ConsentSerializer(holds[key]).data) for key in sorted(holds)]

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_merged(self, customer: Customer) -> list[str]:
        """Oldest first."""
        return sorted(str(each.uid) for each in customer.merged.all())

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_actions(self, customer: Customer) -> list[str]:
        """All of the living can be changed and merged."""
        return ["update", "merge"]


class _Fields(StrictSerializer):
    name = StrictChar(max_length=200, required=False, allow_blank=True)
    email = StrictChar(max_length=254, required=False, allow_blank=True)
    phone = StrictChar(max_length=40, required=False, allow_blank=True, help_text="Kept as E.164.")
    external_id = StrictChar(max_length=100, required=False, allow_null=True)
    tier = StrictChar(max_length=20, required=False, allow_blank=True, help_text="silver, gold, or empty.")


@extend_schema_serializer(
    examples=[OpenApiExample("Somebody new", value={"name": "Ada Byron", "email": "ada@example.org"})]
)
class NewCustomer(_Fields):
    """At least one of external_id, email and phone."""


@extend_schema_serializer(examples=[OpenApiExample("Moved to another phone", value={"phone": "612 555 0100"})])
class CustomerChanges(_Fields):
    """Only what is given is changed."""


@extend_schema_serializer(
    examples=[OpenApiExample("Yes", value={"channel": "email", "purpose": "marketing", "given": True})]
)
class NewConsent(StrictSerializer):
    """What they said now."""

    channel = serializers.ChoiceField(choices=Consent.Channel.choices)
    purpose = serializers.ChoiceField(choices=Consent.Purpose.choices)
    given = StrictBoolean()
    source = serializers.ChoiceField(  # type: ignore[assignment]
        choices=Consent.Source.choices, default=Consent.Source.SITE
    )


@extend_schema_serializer(examples=[OpenApiExample("Remember it", value={"sku": "TEE-RED-M"})])
class NewWish(StrictSerializer):
    """An item they want one day; a SKU that the catalog does not know yet is fine."""

    sku = StrictChar(max_length=64)


@extend_schema_serializer(
    examples=[
        OpenApiExample("On the list", value={"sku": "TEE-RED-M", "added_at": "2026-05-01T10:00:00Z", "added_by": "Ana"})
    ]
)
class WishSerializer(serializers.Serializer[Any]):
    """One item on the list."""

    sku = serializers.CharField()
    added_at = serializers.DateTimeField()
    added_by = serializers.CharField()


class WishlistSerializer(serializers.Serializer[Any]):
    """The newest first."""

    results = WishSerializer(many=True)


@extend_schema_serializer(
    examples=[
        OpenApiExample("Earned", value={"points": 120, "reason": "Order 10000007", "reference": "order:10000007"})
    ]
)
class NewPoints(StrictSerializer):
    """Points earned, or spent below zero; the same reference counts once."""

    points = StrictInteger(min_value=-1_000_000, max_value=1_000_000)
    reason = StrictChar(max_length=200)
    reference = StrictChar(max_length=100, required=False, allow_blank=True, default="")


class LoyaltyEntrySerializer(serializers.Serializer[Any]):
    """One line of the ledger."""

    points = serializers.IntegerField()
    reason = serializers.CharField()
    reference = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()
    by = serializers.CharField(source="actor")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "An account",
            value={"code": "L1234567897", "tier": "gold", "points": 120,
                   "entries": [{"points": 120, "reason": "Order 10000007", "reference": "order:10000007",
                                "at": "2026-05-01T10:00:00Z", "by": "key:web shop"}]},
        )
    ]
)  # fmt: skip
class LoyaltySerializer(serializers.Serializer[Any]):
    """Code, tier, balance, and the newest hundred lines of the ledger."""

    code = serializers.CharField(allow_null=True)
    tier = serializers.CharField(allow_blank=True)
    points = serializers.IntegerField(help_text="The sum of the ledger.")
    entries = LoyaltyEntrySerializer(many=True)


class CreditEntrySerializer(serializers.Serializer[Any]):
    """One line of the ledger; written once."""

    kind = serializers.ChoiceField(choices=StoreCreditEntry.Kind.choices)
    amount = serializers.SerializerMethodField()
    balance_after = serializers.SerializerMethodField()
    cause = serializers.CharField(allow_blank=True, help_text="Such as order:10000001.")
    reason = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()
    by = serializers.CharField(source="actor")

    def get_amount(self, entry: StoreCreditEntry) -> str:
        """Above zero; the kind says what it does to the balance, and to what is held."""
        return amount_text(entry.amount, entry.credit.currency)

    def get_balance_after(self, entry: StoreCreditEntry) -> str:
        """What the account was worth then."""
        return amount_text(entry.balance_after, entry.credit.currency)


class StoreCreditSerializer(serializers.Serializer[Any]):
    """One account. Its code is as good as money: only the end is told."""

    code_end = serializers.SerializerMethodField()
    currency = serializers.CharField()
    balance = serializers.SerializerMethodField()
    held = serializers.SerializerMethodField()
    available = serializers.SerializerMethodField()
    expires_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    entries = CreditEntrySerializer(many=True, source="entries.all")

    def get_code_end(self, credit: StoreCredit) -> str:
        """The last four."""
        return credit.code[-4:]

    def get_balance(self, credit: StoreCredit) -> str:
        """The sum of the ledger."""
        return amount_text(credit.balance_amount, credit.currency)

    def get_held(self, credit: StoreCredit) -> str:
        """Promised to orders, not yet taken."""
        return amount_text(credit.held_amount, credit.currency)

    def get_available(self, credit: StoreCredit) -> str:
        """What can be spent now."""
        return amount_text(credit.available_amount, credit.currency)


@extend_schema_serializer(examples=[OpenApiExample("After a return", value={"results": [CREDIT]})])
class StoreCreditsSerializer(serializers.Serializer[Any]):
    """The newest account first."""

    results = StoreCreditSerializer(many=True)


class ToldSerializer(serializers.Serializer[Any]):
    """One thing that happened."""

    kind = serializers.CharField(help_text="order, return, consent, note, wish, points, merge ...")
    at = serializers.DateTimeField()
    title = serializers.CharField(help_text="For people, in the language asked for.")
    by = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    reference = serializers.CharField(allow_blank=True)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "What happened",
            value={"results": [{"kind": "order", "at": "2026-05-01T10:00:00Z", "title": "Order 10000007, Web shop",
                                "by": "", "note": "57.42 USD · Open", "reference": "10000007"}]},
        )
    ]
)  # fmt: skip
class TimelineSerializer(serializers.Serializer[Any]):
    """The newest hundred things, newest first."""

    results = ToldSerializer(many=True)


@extend_schema_serializer(
    examples=[
        OpenApiExample("One person", value={"customer": "01980d4c-7a52-7f0e-9d4b-0d8f3b6d1c12", "reason": "same card"})
    ]
)
class MergeRequest(StrictSerializer):
    """Which other record is the same person; the one in the address stays."""

    customer = serializers.UUIDField()
    reason = StrictChar(max_length=200)
