"""A real day of deliveries to one store, carton by carton on two devices: every total is the one of the file."""

import csv
import gzip
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.utils import timezone

from inventory.models import Delivery, DeliveryLine, PurchaseOrder, ReceiptScan, StockLevel
from inventory.operations.announce import Packed, announce_delivery
from inventory.operations.finish_delivery import finish_delivery
from inventory.operations.order_supply import Ordered, place_purchase_order
from inventory.operations.receive_scans import receive
from omni.core.actors import Actor
from tests.factories import LocationFactory, VariantFactory
from tests.shop import audit

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
BY = Actor.system("test")
STORE = "2959"  # 102 lines of 21 vendors: 952 bottles in 124 cartons


@pytest.fixture(scope="module")
def delivered(real_data) -> list[dict[str, str]]:
    path = real_data / "inbound" / "iowa_store_receipts_2012-01-31.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["store_number"] == STORE]


def wanted(rows) -> Counter[str]:
    total: Counter[str] = Counter()
    for row in rows:
        total[row["item_number"]] += int(row["bottles_sold"])
    return total


def cartons(row) -> list[int]:
    """Full cases of this pack, and an open one with the rest."""
    units, pack = int(row["bottles_sold"]), int(row["pack"])
    return [pack] * (units // pack) + ([units % pack] if units % pack else [])


def test_a_day_of_deliveries_by_cartons_and_two_devices(delivered):
    store, now = LocationFactory(code=STORE), timezone.now()
    variants = {item: VariantFactory(sku=f"IA-{item}") for item in wanted(delivered)}
    by_vendor = defaultdict(list)
    for row in delivered:
        by_vendor[row["vendor_name"]].append(row)
    scans = []
    for n, (vendor, rows) in enumerate(sorted(by_vendor.items())):
        units = wanted(rows)
        order = place_purchase_order(
            number=f"PO-{n}", supplier=vendor, location=store, by=BY, now=now,
            lines=[Ordered(variants[item].pk, quantity, now.date()) for item, quantity in units.items()],
        )  # fmt: skip
        packed = [
            Packed(f"{row['line']}-{box}", {variants[row["item_number"]].pk: inside})
            for row in rows for box, inside in enumerate(cartons(row))
        ]  # fmt: skip
        delivery = announce_delivery(number=f"ASN-{n}", supplier=vendor, location=store, expected_on=now.date(),
                                     purchase_order=order, cartons=packed, by=BY, now=now)  # fmt: skip
        scans += [(delivery.pk, each.code) for each in packed]

    def device(n: int) -> int:
        """Both walk the whole dock, one from either end, so that each carton is scanned by both."""
        repeats = 0
        for delivery_id, code in scans if n == 0 else scans[::-1]:
            done = receive(delivery_id=delivery_id, code=code, by=BY, now=timezone.now(), key=f"{n}:{code}")
            repeats += done.is_repeat
        connections.close_all()
        return repeats

    with ThreadPoolExecutor(2) as devices:
        assert sum(devices.map(device, range(2))) == len(scans)
    for delivery in Delivery.objects.all():
        finish_delivery(delivery_id=delivery.pk, by=BY, now=timezone.now())
    total = wanted(delivered)
    on_hand = dict(StockLevel.objects.values_list("variant__sku", "on_hand"))
    assert on_hand == {f"IA-{item}": quantity for item, quantity in total.items()}
    assert sum(on_hand.values()) == sum(int(row["bottles_sold"]) for row in delivered)
    assert ReceiptScan.objects.count() == len(scans)
    assert not [line for line in DeliveryLine.objects.all() if line.surplus]
    assert set(PurchaseOrder.objects.values_list("status", flat=True)) == {"received"}
    assert audit() == {}
