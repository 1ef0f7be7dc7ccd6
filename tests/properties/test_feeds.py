"""Reports and snapshots of one shelf, late, doubled and in any order: the ledger ends where the shelf is."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.feed_files import SHELVES, read_slice
from inventory.models import Feed, Location, StockMovement
from inventory.operations.apply_movements import Reported, apply_movements
from inventory.operations.receive_snapshot import receive_snapshot
from inventory.operations.reconcile import reconcile
from omni.core.actors import Actor
from tests.factories import LocationFactory, stocked
from tests.shop import audit, level

BY = Actor.system("test")
OPENING = 50


@st.composite
def days(draw):
    """What happens on a shelf minute by minute ("snapshot", or units in or out), and the order in which it is heard."""
    happens = draw(st.lists(st.one_of(st.just("snapshot"), st.integers(-5, 5).filter(bool)), min_size=1, max_size=8))
    heard = draw(st.permutations(list(range(len(happens)))))
    doubled = draw(st.lists(st.sampled_from(heard), max_size=3))
    return happens, [*heard, *doubled]


class Shelf(TestCase):
    """Not pytest's functions, because hypothesis needs the database anew for each example."""

    @given(days())
    def test_whatever_is_heard_when_the_ledger_ends_at_what_lies_there(self, day):
        happens, heard = day
        place = LocationFactory(code="1004")
        tee = stocked(place, OPENING)
        feed = Feed.objects.create(code="wms", name="WMS", kind="wms", tolerance_units=999,
                                   tolerance_value=Decimal(10**9))  # fmt: skip
        opened = StockMovement.objects.get().occurred_at
        lies = [OPENING + sum(each for each in happens[: n + 1] if each != "snapshot") for n in range(len(happens))]
        now = opened + timedelta(hours=1)
        for n in heard:
            at = opened + timedelta(minutes=n + 1)
            if happens[n] == "snapshot":
                text = f"sku,location,quantity\n{tee.sku},1004,{lies[n]}\n".encode()
                receive_snapshot(feed=feed, chunks=[text], name="s.csv", as_of=at, key=str(n), by=BY, now=now)
                reconcile(now=now)
            else:
                report = Reported(f"e-{n}", tee.sku, "1004", "adjust", happens[n], at)
                apply_movements(reported=[report], source="till", locations=Location.objects.all(), by=BY, now=now)
        self.assertEqual(level(tee, place)[0], lies[-1])
        self.assertEqual(audit(), {})


rows = st.lists(
    st.tuples(
        st.text(alphabet='AB "\n,é', max_size=6), st.sampled_from(["1004", ""]), st.sampled_from(["1", "x", "2.0"])
    ),
    max_size=12,
)  # fmt: skip


@given(rows, st.integers(1, 5))
def test_a_file_says_the_same_in_slices_of_any_size(rows, most):
    """Also where a quoted cell holds line ends: a slice begins behind a row, never in one."""
    quoted = ['"{}","{}","{}"'.format(*(cell.replace('"', '""') for cell in row)) for row in rows]
    file = BytesIO("\n".join(["sku,location,quantity", *quoted, ""]).encode())
    whole = read_slice(file, shape=SHELVES, form="csv", columns={}, offset=0, line=0, most=10**6)
    found, bad, offset, line, is_last = [], [], 0, 0, False
    while not is_last:
        part = read_slice(file, shape=SHELVES, form="csv", columns={}, offset=offset, line=line, most=most)
        found, bad, offset, line, is_last = found + part.rows, bad + part.bad, part.offset, part.line, part.is_last
    assert (found, bad) == (whole.rows, whole.bad)
    assert len(found) + len(bad) == len(rows)
