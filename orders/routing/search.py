"""A scarce batch once more: some orders go out together and come back in another sequence, again and again.

Where nearly everything is wanted by several, orders that bid one by one end some percent above the best plan. Prices
that certify a batch (`bound.py`) say which orders stand far from what they would take at these prices, and who holds
it: these go out together and each takes the best of what is left, now at true cost, now at these prices. What costs
more is kept with a chance that falls to nothing (simulated annealing; Kirkpatrick, Gelatt, Vecchi 1983; ruin and
recreate: Schrimpf and others 2000). The best plan of all is the result, so it never costs more than before.

All chance comes from integers that follow from each other, and the same batch gives the same plan.
"""

from typing import NamedTuple

import numpy as np

from orders.routing.auction import true_cost
from orders.routing.batch import MOST_LINES, NEVER, Ints, Network, Orders
from orders.routing.book import AT_COST, HEAD, ROW, Book, empty_plan, put_in, take_out
from orders.routing.bound import Bound, ascend, values_at
from orders.routing.kernel import any_flag, by_kernel, compiled, woven
from orders.routing.pricing import Work, price

EFFORT = 800  # tries for each order of a batch
MOST_TRIES = 160_000
GROUP = 8  # orders that go out together at most
HOT, COLD = 40_000, 1_000  # hundredths of a cent that a try may cost more on average: in the beginning, in the end
LOOKS = 8  # orders that are looked at for one that stands far from its best
PRICED = 30  # percent of the tries that come back at prices
DIRECTED = 75  # percent of the tries in which who holds what another wants goes out
PUSH, STEPS = 40_000, 150  # of the prices
MOST_PRICED = 100_000  # orders, in all steps
NEAR_ENOUGH = 5_000  # a plan within one of so many parts of what is served is left as it is
CHANCES = 1024
AT_PRICES, WITHOUT_PRICES = any_flag(True), any_flag(False)
LOGS = np.rint(-np.log((np.arange(CHANCES) + 0.5) / CHANCES) * CHANCES).astype(np.int64)


class Search(NamedTuple):
    """Room for a search, and what it goes by."""

    row_price: Ints  # int64[R]
    node_price: Ints  # int64[N]
    low: Ints  # int64[O]: what an order would cost at these prices
    chance: Ints  # int64[1]
    logs: Ints
    group: Ints  # orders that go out
    inside: Ints  # int8[O]
    sequence: Ints
    olds: Ints  # their plans
    plan: Ints
    no_bids: Ints
    best_row: Ints
    best_head: Ints


def search(net: Network, orders: Orders, book: Book, work: Work, row_price: Ints, node_price: Ints, effort: int) -> int:
    """Better the plan in the book, starting from these prices; returns what that saves."""
    many = len(orders.start) - 1
    if many < 2 or not effort:
        return 0
    cost = int(_whole_cost(net, orders, book, empty_plan()))
    left = int(orders.lost[book.line_row < 0].sum())  # however much nobody can serve, what is served should be near
    enough, steps = cost - abs(cost - left) // NEAR_ENOUGH, max(min(STEPS, MOST_PRICED // many), 1)
    found = ascend(net, orders, row_price, node_price, steps=steps, push=PUSH, enough=enough)
    if found.least >= enough:
        return 0
    return anneal(net, orders, book, work, found, min(many * effort, MOST_TRIES))


def anneal(net: Network, orders: Orders, book: Book, work: Work, found: Bound, tries: int) -> int:
    """Better the plan in the book by so many tries at these prices; returns what that saves."""
    many = len(orders.start) - 1
    values = values_at(net, orders, found.row_price, found.node_price)
    state = Search(
        row_price=found.row_price, node_price=found.node_price, low=np.zeros(many, np.int64),
        chance=np.array([many], np.int64), logs=LOGS, group=np.zeros(GROUP, np.int64), inside=np.zeros(many, np.int8),
        sequence=np.zeros(GROUP, np.int64), olds=np.empty((GROUP, 2, MOST_LINES), np.int64), plan=empty_plan(),
        no_bids=np.zeros(MOST_LINES, np.int64), best_row=book.line_row.copy(), best_head=book.line_head.copy(),
    )  # fmt: skip
    return int(_search(net, orders, book, values, _priced(net, book, values, state), work, state, tries))


def _priced(net: Network, book: Book, values: Book, state: Search) -> Book:
    """The book with each unit that is left at its price, or at its value where that is more."""
    sums = book.unit_sum
    if len(sums):
        each = np.maximum(np.repeat(state.row_price, np.diff(net.unit_start)), net.unit_value)
        sums = np.concatenate(([0], np.cumsum(each, dtype=np.int64)))
    row = np.where(book.row_free < NEVER, np.maximum(values.row_free, book.row_free), NEVER)
    node = np.where(book.node_free < NEVER, values.node_free, NEVER)
    return book._replace(row_free=row, node_free=node, unit_sum=sums)


@compiled
def _read(orders: Orders, book: Book, order: int, plan: Ints) -> None:
    """Write the plan that the order has."""
    first = orders.start[order]
    for i in range(orders.start[order + 1] - first):
        plan[ROW, i], plan[HEAD, i] = book.line_row[first + i], book.line_head[first + i]


@compiled
def _whole_cost(net: Network, orders: Orders, book: Book, plan: Ints) -> int:
    """What all orders cost as they stand."""
    cost = 0
    for order in range(len(orders.start) - 1):
        _read(orders, book, order, plan)
        cost += _cost(net, orders, order, plan, book.row_free, book.node_free, WITHOUT_PRICES)
    for row in range(len(net.row_node)):
        for unit in range(net.unit_start[row], net.unit_start[row] + book.row_taken[row]):
            cost += net.unit_value[unit]
    return cost


@compiled
def _cost(
    net: Network, orders: Orders, order: int, plan: Ints, row_price: Ints, node_price: Ints, at_prices: bool
) -> int:
    """What a plan of an order costs with its units and slots at these prices, or without them."""
    first = orders.start[order]
    count = orders.start[order + 1] - first
    zone, profile, most = net.zone[orders.zip[order]], orders.profile[order], net.tariff.shape[2] - 1
    cost, shipments = 0, 0
    for i in range(count):
        row = plan[ROW, i]
        if row < 0:
            cost += orders.lost[first + i]
            continue
        node, units = net.row_node[row], orders.quantity[first + i]
        cost += net.line_fee[node] * units
        if at_prices:
            cost += row_price[row] * units
        if plan[HEAD, i] == i:
            weight, size = 0.0, 0.0
            for other in range(i, count):
                if plan[HEAD, other] == i:
                    weight += orders.pounds[first + other]
                    size += orders.size_pounds[first + other]
            pounds = min(int(np.ceil(max(weight, size))), most)
            cost += net.fee[profile, node] + net.tariff[net.lane[profile, node], zone[node], pounds]
            if at_prices:
                cost += node_price[node]
            shipments += 1
    return cost + orders.split[order] * max(shipments - 1, 0)


def _keep_by_loops(book: Book, state: Search) -> None:
    for line in range(len(book.line_row)):
        state.best_row[line], state.best_head[line] = book.line_row[line], book.line_head[line]


def _keep_by_arrays(book: Book, state: Search) -> None:
    state.best_row[:], state.best_head[:] = book.line_row, book.line_head


_keep = by_kernel(_keep_by_loops, _keep_by_arrays)


@compiled
def _draw(chance: Ints) -> int:
    """The next whole number, for a remainder."""
    chance[0] = (chance[0] * 1103515245 + 12345) & 0x7FFFFFFF
    return chance[0] >> 8


@compiled
def _search(
    net: Network, orders: Orders, book: Book, values: Book, priced: Book, work: Work, state: Search, tries: int
) -> int:
    now, best = 0, 0
    for order in range(len(orders.start) - 1):
        state.low[order] = price(net, orders, order, values, AT_COST, work, state.plan)
    for done in range(tries):
        left = tries - done
        temperature = COLD + (HOT - COLD) * left * left // (tries * tries)
        size = _choose(net, orders, book, values, work, state)
        saved = _go_out(net, orders, book, priced, state, size)
        _shuffle(orders, state, size)
        at_prices = _draw(state.chance) % 100 < PRICED
        for each in range(size):
            order = state.group[state.sequence[each]]
            price(net, orders, order, priced if at_prices else book, AT_COST, work, state.plan)
            saved -= true_cost(net, orders, book, order, state.plan)
            put_in(net, orders, book, order, state.plan, state.no_bids, state.no_bids)
            _touch(net, orders, book, priced, state, order, state.plan)
        if saved + temperature * state.logs[_draw(state.chance) % CHANCES] // CHANCES >= 0:
            now += saved
            if now > best:
                best = now
                _keep(book, state)
        else:
            _go_back(net, orders, book, priced, state, size)
        for each in range(size):
            state.inside[state.group[each]] = 0
    _restore(net, orders, book, state)
    return best


@woven
def _choose(net: Network, orders: Orders, book: Book, values: Book, work: Work, state: Search) -> int:
    """Who goes out: one that stands far from what it would take at the prices, and who holds that, or is near it."""
    many, group, chance = len(orders.start) - 1, state.group, state.chance
    group[0], farthest = _draw(chance) % many, -NEVER
    for look in range(LOOKS):
        order = group[0] if look == 0 else _draw(chance) % many
        far = _distance(net, orders, book, state, order)
        if far > farthest:
            group[0], farthest = order, far
    state.inside[group[0]] = 1
    size, wanted = 1, 2 + _draw(chance) % (GROUP - 1)
    is_directed = _draw(chance) % 100 < DIRECTED
    for _ in range(4 * wanted):
        if size == wanted:
            break
        order = group[_draw(chance) % size]
        line = _in_its_way(net, orders, book, values, work, state, order) if is_directed else -1
        if line < 0 or state.inside[orders.of_line[line]]:
            line = _nearby(net, orders, book, state, order)
        if line < 0 or state.inside[orders.of_line[line]]:
            continue
        group[size] = orders.of_line[line]
        state.inside[group[size]] = 1
        size += 1
    return size


@woven
def _distance(net: Network, orders: Orders, book: Book, state: Search, order: int) -> int:
    """How much more an order costs where it stands than its best, at the prices."""
    _read(orders, book, order, state.plan)
    return _cost(net, orders, order, state.plan, state.row_price, state.node_price, AT_PRICES) - state.low[order]


@woven
def _in_its_way(
    net: Network, orders: Orders, book: Book, values: Book, work: Work, state: Search, order: int
) -> int:  # fmt: skip
    """A line that holds what one line of the order would take at the prices; -1 for none."""
    price(net, orders, order, values, AT_COST, work, state.plan)
    row = state.plan[ROW, _draw(state.chance) % (orders.start[order + 1] - orders.start[order])]
    if row < 0:
        return -1
    node = net.row_node[row]
    if book.row_held[row] > 0 and book.row_taken[row] >= net.row_quantity[row]:
        return book.row_heap[net.unit_start[row] + _draw(state.chance) % book.row_held[row]]
    if book.node_taken[node] > 0 and book.node_taken[node] >= net.capacity[node]:
        return book.node_heap[book.node_start[node] + _draw(state.chance) % book.node_taken[node]]
    return -1


@woven
def _nearby(net: Network, orders: Orders, book: Book, state: Search, order: int) -> int:
    """A line that is served from a node that has an item of the order, rather a cheap one; -1 for none."""
    chance, first, profile = state.chance, orders.start[order], orders.profile[order]
    sku = orders.sku[first + _draw(chance) % (orders.start[order + 1] - first)]
    start, rows = net.sku_start[sku], net.sku_start[sku + 1] - net.sku_start[sku]
    if rows == 0:
        return -1
    row, least = -1, NEVER
    for _ in range(1 + min(rows // 8, 15)):
        other = start + _draw(chance) % rows
        node = net.row_node[other]
        if net.lane[profile, node] < 0 or net.capacity[node] == 0:
            continue
        cost = net.fee[profile, node] + net.tariff[net.lane[profile, node], net.zone[orders.zip[order], node], 0]
        if cost < least:
            row, least = other, cost
    if row < 0:
        return -1
    node = net.row_node[row]
    if book.row_held[row] > 0 and _draw(chance) % 2 == 0:
        return book.row_heap[net.unit_start[row] + _draw(chance) % book.row_held[row]]
    if book.node_taken[node] > 0:
        return book.node_heap[book.node_start[node] + _draw(chance) % book.node_taken[node]]
    return -1


@woven
def _go_out(net: Network, orders: Orders, book: Book, priced: Book, state: Search, size: int) -> int:
    """Take the group out; returns what it cost."""
    cost = 0
    for each in range(size):
        order = state.group[each]
        take_out(net, orders, book, order, state.olds[each])
        cost += true_cost(net, orders, book, order, state.olds[each])
        _touch(net, orders, book, priced, state, order, state.olds[each])
    return cost


@woven
def _go_back(net: Network, orders: Orders, book: Book, priced: Book, state: Search, size: int) -> None:
    for each in range(size):
        take_out(net, orders, book, state.group[each], state.plan)
        _touch(net, orders, book, priced, state, state.group[each], state.plan)
    for each in range(size):
        put_in(net, orders, book, state.group[each], state.olds[each], state.no_bids, state.no_bids)
        _touch(net, orders, book, priced, state, state.group[each], state.olds[each])


@compiled
def _touch(net: Network, orders: Orders, book: Book, priced: Book, state: Search, order: int, plan: Ints) -> None:
    """Write the prices of what a plan took or gave back."""
    for i in range(orders.start[order + 1] - orders.start[order]):
        row = plan[ROW, i]
        if row < 0:
            continue
        node, free = net.row_node[row], book.row_free[row]
        priced.row_free[row] = max(state.row_price[row], free) if free < NEVER else NEVER
        priced.node_free[node] = state.node_price[node] if book.node_free[node] < NEVER else NEVER


@woven
def _shuffle(orders: Orders, state: Search, size: int) -> None:
    """In which sequence the group comes back: by chance, or who would lose most for each line first."""
    sequence = state.sequence
    for each in range(size):
        sequence[each] = each
    for each in range(size - 1, 0, -1):
        other = _draw(state.chance) % (each + 1)
        sequence[each], sequence[other] = sequence[other], sequence[each]
    if _draw(state.chance) % 3:
        return
    for each in range(1, size):
        at = each
        while at > 0 and _loses_more(orders, state.group[sequence[at]], state.group[sequence[at - 1]]):
            sequence[at], sequence[at - 1] = sequence[at - 1], sequence[at]
            at -= 1


@compiled
def _loses_more(orders: Orders, one: int, other: int) -> bool:
    lost, others = 0, 0
    for line in range(orders.start[one], orders.start[one + 1]):
        lost += orders.lost[line]
    for line in range(orders.start[other], orders.start[other + 1]):
        others += orders.lost[line]
    return lost * (orders.start[other + 1] - orders.start[other]) > others * (orders.start[one + 1] - orders.start[one])


@woven
def _restore(net: Network, orders: Orders, book: Book, state: Search) -> None:
    """Give every order its plan of the best of all."""
    plan = state.plan
    for comes_back in (False, True):
        for order in range(len(orders.start) - 1):
            first, same = orders.start[order], True
            for line in range(first, orders.start[order + 1]):
                if comes_back:
                    same = same and state.inside[order] == 0
                elif book.line_row[line] != state.best_row[line] or book.line_head[line] != state.best_head[line]:
                    same = False
            if same:
                continue
            if not comes_back:
                take_out(net, orders, book, order, plan)
                state.inside[order] = 1
                continue
            for i in range(orders.start[order + 1] - first):
                plan[ROW, i], plan[HEAD, i] = state.best_row[first + i], state.best_head[first + i]
            put_in(net, orders, book, order, plan, state.no_bids, state.no_bids)
            state.inside[order] = 0
