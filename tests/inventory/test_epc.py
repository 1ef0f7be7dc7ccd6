"""Radio tags: what GS1's own example says, and a set of them counted once."""

import pytest
from django.utils import timezone

from inventory.epc import decode
from inventory.operations.count_tags import count_tags
from omni.core.actors import Actor
from tests.factories import BarcodeFactory, LocationFactory, stocked
from tests.factories.counts import counting


def test_the_example_of_the_standard():
    tag = decode("3074257BF7194E4000001A85")
    assert (tag.gtin, tag.serial) == ("80614141123458", 6789)


@pytest.mark.parametrize("text", ["", "3174257BF7194E4000001A85", "307C257BF7194E4000001A85", "30742", "x" * 24])
def test_what_is_no_sgtin_is_nothing(text):
    assert decode(text) is None


@pytest.mark.django_db
def test_tags_are_a_set_and_foreign_ones_are_told_by_line():
    store = LocationFactory()
    tee = stocked(store, 3, variant=BarcodeFactory(code="80614141123458").variant)
    session = counting(store)
    tag = "3074257BF7194E40000000%02X"
    epcs = [tag % 1, tag % 2, tag % 1, "hello", "3034257BF400000000000001"]
    act = {"area_id": session.areas.get().pk, "by": Actor.system("rfid"), "now": timezone.now()}
    read = count_tags(epcs=epcs, **act)
    assert (read.counted, read.known, [line for line, _epc, _why in read.problems]) == (2, 1, [4, 5])
    assert (lambda again: (again.counted, again.known))(count_tags(epcs=[tag % 2, tag % 3], **act)) == (1, 1)
    assert sum(session.scans.filter(variant=tee).values_list("quantity", flat=True)) == 3
