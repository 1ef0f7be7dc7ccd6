"""What stock tells: shortfalls always, gains only when there is something new to sell."""

import pytest

from inventory.models import Location
from inventory.operations.apply_movements import Reported, apply_movements
from omni.core.models import Event
from tests.factories import LocationFactory, line, placed, stocked
from tests.shop import SITE, now

pytestmark = pytest.mark.django_db


def report(variant, store, kind: str, quantity: int) -> list[str]:
    """Topics about stock that one report from outside leads to."""
    Event.objects.all().delete()
    event = Reported(f"{kind}-{quantity}", variant.sku, store.code, kind, quantity, now())
    apply_movements(reported=[event], source="till", locations=Location.objects.all(), by=SITE, now=now())
    return list(Event.objects.order_by("pk").values_list("topic", flat=True))


def test_stock_tells_of_gains_and_shortfalls_only():
    store = LocationFactory()
    variant = stocked(store, 5)
    placed(line(variant, 3, at=store))

    assert report(variant, store, "pos_sale", 1) == []
    assert report(variant, store, "receipt", 2) == ["inventory.stock_increased"]
    assert report(variant, store, "pos_sale", 5) == ["inventory.shortfall"]
    assert report(variant, store, "receipt", 1) == [], "it heals the shortfall, nothing is left to sell"
