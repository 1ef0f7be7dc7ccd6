"""The whole of every real stream as movement files, twice: every unit is on a shelf or told by its line."""

import json
import sys
import time
from collections import Counter

import pytest

from inventory.models import MovementFile, StockLevel
from omni.replay.movements import STREAMS
from tests.campaign.test_replay import DATA
from tests.data.conserved import Source, replayed, require_balance
from tests.shop import audit

pytestmark = [pytest.mark.campaign, pytest.mark.django_db(transaction=True)]


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")


@pytest.fixture
def told(request):
    if not (DATA / "orders").is_dir():
        pytest.skip(f"no real data at {DATA} (set REAL_DATA)")
    return list(STREAMS[request.param](DATA))


@pytest.mark.parametrize(("name", "told"), [(name, name) for name in STREAMS], indirect=["told"], ids=list(STREAMS))
def test_a_whole_stream_twice_balances(name, told):
    source = Source(name, told, DATA)
    began = time.monotonic()
    files = replayed(source)
    seconds = time.monotonic() - began
    require_balance(source)
    if name == "uci":
        _require_known_totals(source, files[0])
    assert audit() == {}
    for file in files:
        kinds = dict(Counter(file.problems.values_list("kind", flat=True)))
        say(f"{name}: {file.all_rows:,} rows: {file.row_count:,} booked, {file.repeated_count:,} known, "
            f"{file.bad_count:,} told by line {kinds}")  # fmt: skip
    rows = sum(file.all_rows for file in files) + len(source.opened)
    say(f"{name}: {rows:,} rows in {seconds:.1f} s, {rows / seconds:,.0f} rows/s; "
        f"{StockLevel.objects.count():,} shelves, {len(source.opened):,} with an opening")  # fmt: skip


def _require_known_totals(source: Source, file: MovementFile) -> None:
    """What was booked and what was told by line are together what the record is known to hold."""
    known = json.loads((DATA / "orders" / "expected_totals.json").read_text())
    rows, units, charges = Counter(), Counter(), Counter()
    for each in source.told:
        problem = source.problem(each)
        if problem == "kind":
            charges[each.kind] += 1
        else:
            rows[each.kind] += 1
            units[each.kind] += each.units
    assert (rows["pos_sale"], units["pos_sale"]) == (known["sale_lines"], known["sale_units"])
    assert (rows["pos_return"], units["pos_return"]) == (known["return_lines"], known["return_units"])
    assert (rows["adjust"], units["adjust"]) == (known["adjust_rows"], known["adjust_net_units"])
    goods = {"sale", "free_item", "return"}
    assert charges == {kind: count for kind, count in known["kinds"].items() if kind not in goods}
    assert sum(rows.values()) + sum(charges.values()) == known["rows"] + known["adjust_rows"]
    told = {(raw["event_id"]) for raw in file.problems.values_list("raw", flat=True)}
    assert told == {each.event_id for each in source.told if source.problem(each)}
