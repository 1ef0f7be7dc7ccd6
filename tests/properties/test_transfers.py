"""Transfers in any order of acts, also senseless ones: no unit is lost, doubled or sold while it is on the road."""

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.models import StockHeld, StockLevel, Transfer, TransferLine, TransferScan
from inventory.operations.answer_transfer import approve_transfer, cancel_transfer, decline_transfer
from inventory.operations.move_stock import Move, move_stock
from inventory.operations.owed_units import give_way
from inventory.operations.pick_transfer import pick_for_transfer, ship_transfer, unpick_for_transfer
from inventory.operations.receive_transfer import finish_receiving, receive_scan, unreceive_scan
from inventory.operations.request_transfer import request_transfer
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from tests.factories import LocationFactory, stocked
from tests.shop import audit

BY = Actor.system("test")
ACTS = (
    "request", "approve", "decline", "cancel", "pick", "pick", "unpick", "ship", "ship missing", "arrive", "arrive",
    "damaged", "over", "undo arrival", "finish", "lost", "sell",
)  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 5)), min_size=4, max_size=30)


class Road(TestCase):
    """Not pytest's functions, because hypothesis needs the database anew for each example."""

    @given(STEPS)
    def test_every_unit_is_in_one_place(self, steps):
        self.a, self.b = LocationFactory(), LocationFactory()
        self.tee, self.units, self.sold = stocked(self.a, 12), 12, 0
        self._request(3)
        for act, n in steps:
            try:
                with transaction.atomic():
                    self._act(act, n)
            except Refusal:
                pass
            self.assertEqual(self._everywhere() + self.sold, self.units, (act, n))
        self.assertEqual(audit(), {})

    def _everywhere(self) -> int:
        shelves = StockLevel.objects.filter(variant=self.tee).aggregate(n=Sum("on_hand", default=0))["n"]
        apart = StockHeld.objects.filter(variant=self.tee).aggregate(n=Sum("quantity", default=0))["n"]
        road = TransferLine.objects.filter(variant=self.tee).aggregate(
            n=Sum("in_transit_quantity", default=0) + Sum("lost_quantity", default=0)
        )["n"]
        return shelves + apart + road

    def _request(self, units: int) -> None:
        request_transfer(from_location_id=self.a.pk, to_location_id=self.b.pk, units={self.tee.pk: units}, by=BY)

    def _act(self, act: str, n: int) -> None:
        if act == "request":
            self._request(n)
            return
        if act == "sell":
            move_stock(moves=[Move(self.tee.pk, self.a.pk, "pos_sale", -n)], by=BY, now=timezone.now()) if n else None
            self.sold += n
            give_way(variant_id=self.tee.pk, location_id=self.a.pk, now=timezone.now(), for_orders=False)
            return
        transfers = list(Transfer.objects.order_by("pk"))
        transfer = transfers[n % len(transfers)]
        who = {"number": transfer.number, "by": BY, "now": timezone.now()}
        scans = transfer.scans.order_by("-pk")
        if act == "approve":
            approve_transfer(**who, units=None if n else {line.pk: 1 for line in transfer.lines.all()})
        elif act == "decline":
            decline_transfer(**who, reason="no")
        elif act == "cancel":
            cancel_transfer(**who, reason="no")
        elif act == "pick":
            pick_for_transfer(**who, code=self.tee.sku, key=f"{n}" if n else "")
        elif act == "unpick" and (scan := scans.filter(kind="pick").first()):
            unpick_for_transfer(**who, scan_id=scan.pk)
        elif act in ("ship", "ship missing"):
            ship_transfer(**who, is_rest_missing=act != "ship")
        elif act in ("arrive", "damaged", "over"):
            kind = {"arrive": "good"}.get(act, act)
            receive_scan(**who, code=self.tee.sku, kind=kind, key=f"in-{n}" if n else "")
        elif act == "undo arrival" and (scan := scans.exclude(kind=TransferScan.Kind.PICK).first()):
            unreceive_scan(**who, scan_id=scan.pk)
        elif act in ("finish", "lost"):
            finish_receiving(**who, is_rest_lost=act == "lost")
