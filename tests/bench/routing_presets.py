"""The routing benchmark's day as other systems send it: each order by itself when it comes, by a rule that knows no
other order. Distances are those of the benchmark's generator, which keeps only their zones."""

from collections.abc import Callable
from typing import Any

import numpy as np

from orders.routing.batch import UNIT, Ints, Network, Orders
from orders.routing.book import empty_book, empty_plan, put_in
from orders.routing.pricing import price
from orders.routing.work import room

PARCEL = 100_000 * UNIT  # what a parcel costs where their number counts first
SERVED = 10_000_000 * UNIT  # and a line that is left out


def destinations(generator: Any, nodes: int) -> Callable[[int], Ints]:
    """By ZIP index the distance of each node, in integers, as the generator (its module) places them."""
    sites = [each for each in generator.json.loads(generator.gzip.open(generator.STORES).read())
             if each["state"] not in generator.NOT_CONTINENTAL]  # fmt: skip
    sites = sorted(sites, key=lambda each: each["id"])[: nodes - len(generator.DC_SITES)]
    lat = np.r_[[each["location"]["lat"] for each in sites], generator.DC_SITES[:, 0]]
    lon = np.r_[[each["location"]["lon"] for each in sites], generator.DC_SITES[:, 1]]
    ends = np.array([
        (float(each["lat"]), float(each["long"])) for each in generator.zipcodes.list_all()
        if each["zip_code_type"] == "STANDARD" and each["state"] not in generator.NOT_CONTINENTAL
        and each["lat"] and each["active"]
    ])  # fmt: skip
    return lambda end: np.rint(generator.miles(*ends[end], lat, lon) * 100).astype(np.int64)


def nearest(net: Network, orders: Orders, far: Callable[[int], Ints]) -> Ints:
    """Each line from the nearest node that has it."""
    return _each(_bare(net), orders, lambda order: (None, far(int(orders.zip[order]))))


def fewest_then_nearest(net: Network, orders: Orders, far: Callable[[int], Ints]) -> Ints:
    """As few parcels as can be, of these the nearest."""
    return _each(_bare(net), orders, lambda order: (PARCEL + far(int(orders.zip[order])), None))


def fewest_then_cheapest(net: Network, orders: Orders, far: Callable[[int], Ints]) -> Ints:
    """As few parcels as can be, of these the cheapest at full cost."""
    return _each(net._replace(fee=net.fee + PARCEL), orders, lambda order: (None, None))


def fewest_then_postage(net: Network, orders: Orders, far: Callable[[int], Ints]) -> Ints:
    """As few parcels as can be, of these those of the least postage and work: what a unit is worth where it lies is
    nobody's concern."""
    known = net._replace(fee=net.fee + PARCEL, unit_value=np.zeros_like(net.unit_value))
    return _each(known, orders, lambda order: (None, None))


def _bare(net: Network) -> Network:
    return net._replace(
        tariff=np.zeros_like(net.tariff), fee=np.zeros_like(net.fee), line_fee=np.zeros_like(net.line_fee),
        unit_value=np.zeros_like(net.unit_value),
    )  # fmt: skip


def _each(net: Network, orders: Orders, costs: Callable[[int], tuple[Ints | None, Ints | None]]) -> Ints:
    """The node of each line where orders come one after the other, each at costs of its own by parcel and line."""
    orders = orders._replace(lost=orders.lost + SERVED)
    book, work, plan, bids = empty_book(net, orders), room(net), empty_plan(), np.zeros(8, np.int64)
    for order in range(len(orders.start) - 1):
        parcel, line = costs(order)
        if parcel is not None:
            net.fee[0, :] = parcel
        if line is not None:
            net.line_fee[:] = line
        price(net, orders, order, book, False, work, plan)
        put_in(net, orders, book, order, plan, bids, bids)
    return np.where(book.line_row >= 0, net.row_node[book.line_row], -1).astype(np.int32)
