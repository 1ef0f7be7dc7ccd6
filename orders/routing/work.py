"""Room for the pricing of an order, so that nothing is made anew for each."""

from typing import NamedTuple

import numpy as np

from orders.routing.batch import MOST_LINES, Ints, Network

SUBSETS = 1 << MOST_LINES


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

    return Work(
        mask=np.zeros(nodes, np.int16), shut=zeros(nodes), nodes=zeros(nodes + 1),
        line_cost=zeros(MOST_LINES, max(nodes, 1)), carriage=zeros(net.tariff.shape[1], SUBSETS), sums=zeros(SUBSETS),
        low=np.array([(subset & -subset).bit_length() - 1 for subset in range(SUBSETS)]),
        bans=zeros(1 + 2 * MOST_LINES), out=zeros(SUBSETS), pounds=zeros(SUBSETS), lost=zeros(SUBSETS),
        worth=zeros(SUBSETS), best=zeros(SUBSETS), node=zeros(SUBSETS), second=zeros(SUBSETS), group=zeros(MOST_LINES),
        value=zeros((MOST_LINES + 1) * SUBSETS), choice=zeros((MOST_LINES + 1) * SUBSETS),
    )  # fmt: skip
