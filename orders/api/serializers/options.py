"""A cart, and how it could reach its customer."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.serializers import ListSerializer

from inventory.atp import Site
from omni.core.api import StrictChar, StrictInteger, StrictSerializer
from omni.core.channels import Channel
from orders.api.serializers import examples
from orders.models import Order
from orders.operations.check_request import MAX_QUANTITY
from orders.operations.fulfillment_options import Options, PickupOption
from orders.operations.later_options import LaterUnits, PickupLater
from orders.operations.ship_options import SERVICES, ShipOption, ShipParcel

MAX_OPTION_LINES = 50


class OptionLineBody(StrictSerializer):
    """Units of one item."""

    reference = StrictChar(max_length=100, help_text="Unique within the cart.")
    sku = StrictChar(max_length=64)
    quantity = StrictInteger(min_value=1, max_value=MAX_QUANTITY)


class DestinationBody(StrictSerializer):
    """Where it goes; a US ZIP code is enough."""

    country = StrictChar(min_length=2, max_length=2, required=False, default="US")
    postal_code = StrictChar(max_length=20)


@extend_schema_serializer(
    examples=[OpenApiExample("Two mugs to Minneapolis", value=examples.OPTIONS_REQUEST, request_only=True)]
)
class OptionsBody(StrictSerializer):
    """A cart that nobody has paid yet."""

    channel = serializers.ChoiceField(choices=Channel.choices, required=False, default=Channel.WEB)
    currency = StrictChar(min_length=3, max_length=3, required=False, default="USD")
    lines: ListSerializer[Any] = ListSerializer(child=OptionLineBody(), min_length=1, max_length=MAX_OPTION_LINES)
    ship_to = DestinationBody()
    services = serializers.ListField(
        child=StrictChar(max_length=20), required=False, min_length=1, max_length=6,
        help_text=f"Asked one by one; without it {', '.join(SERVICES)}.",
    )  # fmt: skip
    tags = serializers.ListField(child=StrictChar(max_length=40), required=False, max_length=20)


class OptionUnitsSerializer(serializers.Serializer[Any]):
    """Units of a line."""

    reference = serializers.CharField()
    quantity = serializers.IntegerField()


class ShipParcelSerializer(serializers.Serializer[Any]):
    """One parcel of a plan; `is_late`: it comes later than its service says."""

    location = serializers.CharField(allow_null=True, help_text="Null for a location that the key may not see.")
    name = serializers.CharField(allow_null=True)
    ships_on = serializers.DateField()
    arrives_on = serializers.DateField()
    is_late = serializers.BooleanField()
    lines = OptionUnitsSerializer(many=True)
    split_kits = serializers.ListField(
        child=serializers.CharField(),
        help_text="Kits of which only some parts are in this parcel; its `lines` count them whole, as others do.",
    )


class BroughtUnitsSerializer(OptionUnitsSerializer):
    """Units that a supplier brings."""

    order_kind = serializers.ChoiceField(choices=["backorder", "preorder"])
    expected_on = serializers.DateField(help_text="When they can leave, or be collected: the line's `expected_on`.")


class ShipLaterSerializer(serializers.Serializer[Any]):
    """All units that are missing now, as suppliers bring them; the others leave as the parcels say."""

    expected_on = serializers.DateField(help_text="When the last of them can leave.")
    on_shortage = serializers.ChoiceField(
        choices=Order.OnShortage.choices, help_text="What the order has to say to get it."
    )
    lines = BroughtUnitsSerializer(many=True)


class ShipOptionSerializer(serializers.Serializer[Any]):
    """By one service. `arrives_on` is when the last parcel is there, null while units are `missing`; `later` is null
    where nothing is missing, or suppliers do not bring all of it."""

    service = serializers.CharField()
    arrives_on = serializers.DateField(allow_null=True)
    parcels = ShipParcelSerializer(many=True)
    missing = OptionUnitsSerializer(many=True)
    later = ShipLaterSerializer(allow_null=True)


class PickupOptionSerializer(serializers.Serializer[Any]):
    """A store that has all of it."""

    location = serializers.CharField()
    name = serializers.CharField()
    distance_km = serializers.FloatField(allow_null=True)
    ready_by = serializers.DateTimeField(allow_null=True)


class LaterUnitsSerializer(OptionUnitsSerializer):
    """Units of a line, and how the store gets them."""

    how = serializers.ChoiceField(choices=["stock", "transfer", "supply"])
    order_kind = serializers.ChoiceField(choices=["backorder", "preorder"], allow_null=True)
    expected_on = serializers.DateField(allow_null=True, help_text="Of what a supplier brings.")


class PickupLaterSerializer(serializers.Serializer[Any]):
    """A store that lacks some of it now. `ready_by` is about when all of it can be collected; null where a supplier
    brings some of it, on `expected_on`."""

    location = serializers.CharField()
    name = serializers.CharField()
    distance_km = serializers.FloatField(allow_null=True)
    ready_by = serializers.DateTimeField(allow_null=True)
    expected_on = serializers.DateField(allow_null=True)
    on_shortage = serializers.ChoiceField(choices=Order.OnShortage.choices, help_text="What the order has to say.")
    lines = LaterUnitsSerializer(many=True)


@extend_schema_serializer(examples=[OpenApiExample("Two mugs", value=examples.OPTIONS, response_only=True)])
class OptionsSerializer(serializers.Serializer[Any]):
    """Nothing is kept: what was free may be sold a moment later. `POST /holds` keeps it."""

    ship = ShipOptionSerializer(many=True)
    pickup = PickupOptionSerializer(many=True)
    pickup_later = PickupLaterSerializer(many=True)


def options_answer(found: Options, seen: frozenset[int] | None) -> dict[str, Any]:
    """As `OptionsSerializer` documents it; `seen` are the locations that the caller may see, None: all."""
    return {
        "ship": [_ship(each, seen) for each in found.ship], "pickup": [_pickup(each) for each in found.pickup],
        "pickup_later": [_pickup_later(each) for each in found.pickup_later],
    }  # fmt: skip


def _units(units: dict[str, int]) -> list[dict[str, Any]]:
    return [{"reference": reference, "quantity": quantity} for reference, quantity in units.items()]


def _ship(option: ShipOption, seen: frozenset[int] | None) -> dict[str, Any]:
    def told(each: ShipParcel) -> dict[str, str | None]:
        is_seen = seen is None or each.location.pk in seen
        return {"location": each.location.code if is_seen else None, "name": each.location.name if is_seen else None}

    return {
        "service": option.service, "arrives_on": option.arrives_on,
        "parcels": [
            told(each) | {"ships_on": each.ships_on, "arrives_on": each.arrives_on, "is_late": each.is_late,
                          "lines": _units(each.units), "split_kits": each.split}
            for each in option.parcels
        ],
        "missing": _units(option.missing), "later": _later(option.later) if option.later else None,
    }  # fmt: skip


def _later(units: list[LaterUnits]) -> dict[str, Any]:
    return {
        "expected_on": max(each.expected_on for each in units if each.expected_on),
        "on_shortage": Order.OnShortage.SUPPLY.value,
        "lines": [{"reference": each.reference, "quantity": each.quantity, "order_kind": each.kind,
                   "expected_on": each.expected_on} for each in units],
    }  # fmt: skip


def _pickup_later(option: PickupLater) -> dict[str, Any]:
    return _store(option.site) | {
        "ready_by": option.ready_at, "expected_on": option.expected_on, "on_shortage": option.on_shortage,
        "lines": [{"reference": each.reference, "quantity": each.quantity, "how": each.how,
                   "order_kind": each.kind or None, "expected_on": each.expected_on} for each in option.units],
    }  # fmt: skip


def _pickup(option: PickupOption) -> dict[str, Any]:
    return _store(option.site) | {"ready_by": option.ready_at}


def _store(site: Site) -> dict[str, Any]:
    return {
        "location": site.location.code, "name": site.location.name,
        "distance_km": None if site.distance_km is None else round(site.distance_km, 1),
    }  # fmt: skip
