"""A return as it is told to whoever announced or receives it."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from omni.core.api import AmountField, PageQuery
from returns.api.serializers import examples
from returns.models import Disposition, Grade, Payout, ReturnLabel, ReturnOrder, ReturnPolicy, ReturnUnit
from returns.models.return_order import Status
from returns.models.return_unit import UnitStatus
from returns.words import of_rows

ACTS = ["receive", "cancel"]


class ReturnQuery(PageQuery):
    """Filters of the list."""

    status = serializers.ChoiceField(choices=Status.choices, required=False)
    order = serializers.RegexField(r"^[0-9]{1,18}$", required=False, help_text="The order's number.")
    location = serializers.CharField(max_length=40, required=False)


def shown(returns: QuerySet[ReturnOrder]) -> QuerySet[ReturnOrder]:
    """With everything that `ReturnSerializer` tells: three queries."""
    units = ReturnUnit.objects.select_related("order_line", "variant", "reason").order_by("pk")
    payouts = Payout.objects.select_related("replacement").order_by("pk")
    return returns.select_related("order", "location", "label").prefetch_related(
        Prefetch("units", queryset=units, to_attr="shown_units"),
        Prefetch("payouts", queryset=payouts, to_attr="shown_payouts"),
    )


class ReturnUnitSerializer(serializers.Serializer[Any]):
    """One unit: its condition, what becomes of it, and its money."""

    id = serializers.IntegerField()
    reference = serializers.CharField(source="order_line.reference", default=None, allow_null=True)
    sku = serializers.CharField(source="variant.sku")
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=UnitStatus.choices)
    reason = serializers.CharField(source="reason.code", default=None, allow_null=True)
    grade = serializers.ChoiceField(choices=Grade.choices, allow_blank=True)
    disposition = serializers.ChoiceField(choices=Disposition.choices, allow_blank=True)
    serial = serializers.CharField()
    paid = AmountField(source="value_amount", currency="return_order.currency")
    fee = AmountField(source="fee_amount", currency="return_order.currency")
    refund = AmountField(source="refund_amount", currency="return_order.currency")
    refund_to = serializers.ChoiceField(choices=ReturnPolicy.RefundTo.choices)
    against = serializers.SerializerMethodField(help_text="What of the policy is not met.")

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_against(self, unit: ReturnUnit) -> list[str]:
        """In words."""
        return of_rows(unit.exceptions)


class ReturnRefundSerializer(serializers.Serializer[Any]):
    """Money that went back; `amount` is the sum of the three."""

    amount = AmountField(currency="return_order.currency")
    to_tenders = AmountField(source="tender_amount", currency="return_order.currency")
    store_credit = AmountField(source="credit_amount", currency="return_order.currency")
    exchanged = AmountField(source="exchange_amount", currency="return_order.currency")
    replacement = serializers.CharField(source="replacement.number", default=None, allow_null=True)
    made_at = serializers.DateTimeField()


class LabelStateSerializer(serializers.Serializer[Any]):
    """How far the label is; the label itself is at `links.label`."""

    status = serializers.ChoiceField(choices=ReturnLabel.Status.choices)
    carrier = serializers.CharField()
    tracking_number = serializers.CharField()
    refusal = serializers.CharField(required=False)


class LabelSerializer(LabelStateSerializer):
    """To print: `pdf` is base64, `zpl` is for label printers."""

    service = serializers.CharField()
    pdf = serializers.CharField()
    zpl = serializers.CharField()


class ReturnLinksSerializer(serializers.Serializer[Any]):
    """Where to go on."""

    self = serializers.CharField()
    order = serializers.CharField(allow_null=True)
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]


@extend_schema_serializer(examples=[OpenApiExample("By mail", value=examples.RETURN, response_only=True)])
class ReturnSerializer(serializers.Serializer[Any]):
    """A return, its units and what may be done with it."""

    rma = serializers.CharField()
    order = serializers.CharField(source="order.number", default=None, allow_null=True)
    channel = serializers.ChoiceField(choices=ReturnOrder.Channel.choices)
    status = serializers.ChoiceField(choices=Status.choices)
    location = serializers.CharField(source="location.code", default=None, allow_null=True)
    currency = serializers.CharField()
    units = serializers.SerializerMethodField()
    refunds = serializers.SerializerMethodField()
    label = serializers.SerializerMethodField()  # type: ignore[assignment]
    approval = serializers.SerializerMethodField(help_text="What a second person has to decide on, in words.")
    opened_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    actions = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()

    @extend_schema_field(ReturnUnitSerializer(many=True))
    def get_units(self, found: Any) -> Any:
        """Each knows its return without asking again."""
        for unit in found.shown_units:
            unit.return_order = found
        return ReturnUnitSerializer(found.shown_units, many=True).data

    @extend_schema_field(ReturnRefundSerializer(many=True))
    def get_refunds(self, found: Any) -> Any:
        """Newest last."""
        for payout in found.shown_payouts:
            payout.return_order = found
        return ReturnRefundSerializer(found.shown_payouts, many=True).data

    @extend_schema_field(LabelStateSerializer(allow_null=True))
    def get_label(self, found: ReturnOrder) -> dict[str, str] | None:
        """Null where none is needed, or not asked for yet."""
        label = getattr(found, "label", None)
        if label is None:
            return None
        state = {"status": label.status, "carrier": label.carrier, "tracking_number": label.tracking_number}
        return state | ({"refusal": label.refusal} if label.refusal else {})

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_approval(self, found: ReturnOrder) -> list[str]:
        """Empty where nobody has to."""
        return of_rows(found.approval)

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=ACTS)))
    def get_actions(self, found: Any) -> list[str]:
        """What would not be refused now."""
        expected = any(unit.status == UnitStatus.AUTHORIZED for unit in found.shown_units)
        if found.status in (Status.AUTHORIZED, Status.RECEIVED) and expected:
            return ["receive", "cancel"]
        return ["cancel"] if found.status == Status.WAITING else []

    @extend_schema_field(ReturnLinksSerializer)
    def get_links(self, found: ReturnOrder) -> dict[str, str | None]:
        """Paths."""
        label = getattr(found, "label", None)
        has_label = label is not None and label.status == ReturnLabel.Status.BOUGHT
        return {
            "self": reverse("api-return", args=[found.rma_number]),
            "order": reverse("api-order", args=[found.order.number]) if found.order else None,
            "label": reverse("api-return-label", args=[found.rma_number]) if has_label else None,
        }
