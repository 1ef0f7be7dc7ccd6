"""Counting is practiced like everything else."""

import pytest
from django.utils import timezone

from inventory.models import CycleCount, StockLevel
from inventory.operations.count import count_item, raise_counts
from omni.core.actors import Actor
from tests.practice.conftest import location_of, world_of

pytestmark = pytest.mark.django_db


def test_an_item_of_the_practice_store_is_counted(apprentice):
    by = Actor.of(apprentice.user)
    with world_of(apprentice):
        shelf = StockLevel.objects.filter(location=location_of(apprentice), reserved=0, on_hand__gt=0).first()
        raise_counts(items=[(shelf.variant_id, shelf.location_id)], reason="odd", cause="t", by=by, now=timezone.now())
        task = CycleCount.objects.get(variant=shelf.variant_id)
        count_item(cycle_count_id=task.pk, counted=shelf.on_hand + 2, by=by, now=timezone.now())
        shelf.refresh_from_db()
        assert shelf.on_hand == CycleCount.objects.get(pk=task.pk).counted_quantity
    assert not CycleCount.objects.exists()
