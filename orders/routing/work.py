"""Room for the pricing of an order, so that nothing is made anew for each."""

from typing import Any, NamedTuple

import numpy as np

from orders.routing.batch import MOST_LINES, Ints, Network
from orders.routing.kernel import COMPILED, KERNEL

SUBSETS = 1 << MOST_LINES
LOWEST = np.array([(subset & -subset).bit_length() - 1 for subset in range(SUBSETS)])


class Work(NamedTuple):
    """Room for one pricing; subsets of the order's lines are bit sets."""

    mask: Ints  # int16[N]: which lines a node has
    shut: Ints  # int64[N]: lines to which a node is shut
    nodes: Ints
    line_cost: Ints  # int64[lines, N]
    carriage: Ints  # int64[zones, subsets]
    sums: Ints  # int64[subsets]
    low: Ints  # int64[subsets]: the lowest line of each
    bans: Ints  # int64[1 + 2 * lines]: how many; node and lines of each parcel that this pricing must do without
    out: Ints
    pounds: Ints  # int64[subsets]: billed
    lost: Ints
    worth: Ints
    best: Ints
    node: Ints  # of the best parcel
    second: Ints  # the best parcel from another node
    group: Ints  # int64[lines]: the lines that are left out with one
    value: Ints  # int64[(lines + 1) * subsets]: by number of parcels where that is limited
    choice: Ints


def room(net: Network) -> Work:
    """Room for any order of this network."""
    nodes = len(net.line_fee)

    def zeros(*shape: int) -> Ints:
        return np.zeros(shape, np.int64)

    def numbers(count: int) -> Any:
        """As `zeros`; as a list where Python itself reads one number after the other: it does that much faster."""
        return zeros(count) if KERNEL == COMPILED else [0] * count

    return Work(
        mask=np.zeros(nodes, np.int16), shut=zeros(nodes), nodes=zeros(nodes + 1),
        line_cost=zeros(MOST_LINES, max(nodes, 1)), carriage=zeros(net.tariff.shape[1], SUBSETS), sums=zeros(SUBSETS),
        low=LOWEST, bans=numbers(1 + 2 * MOST_LINES), out=zeros(SUBSETS), pounds=numbers(SUBSETS),
        lost=numbers(SUBSETS), worth=numbers(SUBSETS), best=numbers(SUBSETS), node=numbers(SUBSETS),
        second=numbers(SUBSETS), group=numbers(MOST_LINES), value=numbers((MOST_LINES + 1) * SUBSETS),
        choice=numbers((MOST_LINES + 1) * SUBSETS),
    )  # fmt: skip
