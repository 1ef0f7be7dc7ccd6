"""What the units of a batch's shelves are worth where they lie: of those that the orders could take at most."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from orders.operations.read_batch import Batch
from orders.operations.shelf_records import UNKNOWN, shelf_records
from orders.routing import cost
from orders.routing.batch import Ints
from orders.routing.cost import Costs, UnitValues

SURELY_ENOUGH = 800  # units that stay behind: nobody's demand reaches them (`cost.MOST_DEMAND`)


@dataclass(frozen=True)
class Rows:
    """Stock rows by SKU and node: what the orders can take (`units`) of what is there."""

    start: Ints
    node: Ints
    units: Ints
    there: Ints
    sku: Ints
    price: Ints
    unit_cost: Ints


def unit_values(batch: Batch, rows: Rows, variants: Sequence[int], costs: Costs, percent: int) -> UnitValues:
    """As `cost.unit_values`; a shelf of thousands costs no more room than what is wanted of it."""
    keys = [
        (variants[sku], batch.places[node].pk) for sku, node in zip(rows.sku.tolist(), rows.node.tolist(), strict=True)
    ]
    rate = np.array([batch.rates.get(key, 0.0) for key in keys], np.float64)
    chance = np.ones(len(keys))
    if batch.is_reliability_known:
        known = shelf_records(keys)
        chances = (known.get(key, UNKNOWN).chance for key in keys)
        chance = np.array([1.0 if each is None else round(each, 4) for each in chances])
    # Only so many are counted as lie there beyond what can be taken: more would change nothing.
    counted = np.minimum(rows.there, rows.units + np.where(rate > 0, SURELY_ENOUGH, 0))
    whole = cost.unit_values(
        costs,
        price=rows.price,
        unit_cost=rows.unit_cost,
        daily_rate=rate,
        units=counted,
        percent=percent,
        p_find=chance,
    )
    start = np.concatenate([[0], np.cumsum(rows.units)]).astype(np.int64)
    at = np.arange(start[-1]) - np.repeat(start[:-1], rows.units) + np.repeat(whole.start[:-1], rows.units)
    return UnitValues(start, whole.value[at])
