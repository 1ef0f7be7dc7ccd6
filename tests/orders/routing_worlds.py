"""Small made-up networks and orders with everything that an order may ask, and what their plans cost, counted anew."""

import itertools

import numpy as np

from orders.routing.batch import ALONE, NEVER, build_network, build_orders

NODES, SKUS, ZIPS, PROFILES, TABLES = 5, 5, 4, 3, 2


def whole_world(seed, *, orders=40, nodes=NODES, most_lines=4, slots=40, twins=False):
    """A network of few nodes and orders of up to `most_lines` lines that use every feature now and then."""
    rng = np.random.default_rng(seed)
    holds = [np.flatnonzero(rng.random(nodes) < 0.7) for _ in range(SKUS)]
    row_node = np.concatenate(holds)
    quantity = rng.integers(0, 7, len(row_node))
    value = [np.sort(rng.integers(-9_000, 30_000, each)) for each in quantity]
    lane = rng.integers(-1, TABLES, (PROFILES, nodes))
    tariff = np.sort(rng.integers(40_000, 200_000, (TABLES, 3, 21)), axis=2)
    if rng.random() < 0.3:
        tariff[0, :, -1] = NEVER  # nobody takes such a weight
    net = build_network(
        zone=rng.integers(0, 3, (ZIPS, nodes)), tariff=tariff, lane=lane,
        fee=rng.integers(0, 60_000, (PROFILES, nodes)),
        line_fee=rng.integers(0, 15_000, nodes), capacity=rng.integers(max(slots // 2, 1), slots + 1, nodes),
        sku_start=np.concatenate(([0], np.cumsum([len(each) for each in holds]))), row_node=row_node,
        row_quantity=quantity, unit_start=np.concatenate(([0], np.cumsum(quantity))),
        unit_value=np.concatenate([*value, []]),
    )  # fmt: skip
    lines = rng.integers(1, most_lines + 1, orders)
    count = int(lines.sum())
    sku = [
        rng.integers(0, SKUS, each) if twins and rng.random() < 0.3 else rng.permutation(SKUS)[:each] for each in lines
    ]
    some = rng.random(8) < 0.5
    return net, build_orders(
        start=np.concatenate(([0], np.cumsum(lines))), sku=np.concatenate(sku), zip=rng.integers(0, ZIPS, orders),
        pounds=rng.uniform(0.2, 8, count), lost=rng.integers(20_000, 600_000, count),
        quantity=rng.choice([1, 1, 2, 3], count) if some[0] else None, profile=rng.integers(0, PROFILES, orders),
        size_pounds=rng.uniform(0.2, 12, count) if some[1] else None, worth=rng.integers(10_000, 500_000, count),
        bond=rng.choice([0, 0, 0, 1, 1, ALONE], count) if some[2] else None,
        most=rng.integers(0, 4, orders) if some[3] else None,
        least=rng.choice([0, 200_000], orders) if some[4] else None,
        split=rng.choice([0, 15_000], orders) if some[5] else None,
        shut={line: rng.permutation(nodes)[: rng.integers(1, 3)] for line in range(count) if rng.random() < 0.2}
        if some[6] else None,
    )  # fmt: skip


def partitions(lines):
    """Every way to divide some lines into parcels."""
    if not lines:
        yield []
        return
    first, rest = lines[0], lines[1:]
    for smaller in partitions(rest):
        yield [[first], *smaller]
        for at, part in enumerate(smaller):
            yield [*smaller[:at], [first, *part], *smaller[at + 1 :]]


def cheapest(net, orders, order):
    """The least cost over every plan of an order by itself: which lines are left out, how the others are divided, and
    from where each parcel comes."""
    first, last = orders.start[order], orders.start[order + 1]
    mine = list(range(first, last))
    best = int(orders.lost[first:last].sum())
    for size in range(1, len(mine) + 1):
        for served in itertools.combinations(mine, size):
            if not keeps_together(orders, mine, served):
                continue
            lost = int(sum(orders.lost[line] for line in mine if line not in served))
            for parts in partitions(list(served)):
                if breaks_rules(orders, order, parts):
                    continue
                prices = [
                    [parcel_cost(net, orders, order, part, node) for node in range(len(net.line_fee))] for part in parts
                ]
                cost = sum(min(each) for each in prices) + orders.split[order] * (len(parts) - 1) + lost
                best = min(best, int(cost))
    return best


def keeps_together(orders, mine, served):
    for line in mine:
        if orders.bond[line] > 0:
            bound = [other for other in mine if orders.bond[other] == orders.bond[line]]
            if len({other in served for other in bound}) > 1:
                return False
    return True


def breaks_rules(orders, order, parts):
    if orders.most[order] and len(parts) > orders.most[order]:
        return True
    for part in parts:
        if len(parts) > 1 and orders.worth[part].sum() < orders.least[order]:
            return True
        if len(part) > 1 and (orders.bond[part] == ALONE).any():
            return True
        for line in part:
            first, last = orders.start[order], orders.start[order + 1]
            if orders.bond[line] > 0 and any(
                orders.bond[other] == orders.bond[line] and other not in part for other in range(first, last)
            ):
                return True
    return False


def parcel_cost(net, orders, order, part, node):
    """Money for these lines from this node out of untouched stock; NEVER where that cannot be."""
    profile = orders.profile[order]
    if net.lane[profile, node] < 0 or net.capacity[node] < 1:
        return NEVER
    weight = max(sum(orders.pounds[line] for line in part), sum(orders.size_pounds[line] for line in part))
    pounds = min(int(np.ceil(weight)), net.tariff.shape[2] - 1)
    cost = net.fee[profile, node] + net.tariff[net.lane[profile, node], net.zone[orders.zip[order], node], pounds]
    wanted = {}
    for line in part:
        if node in orders.shut_node[orders.shut_start[line] : orders.shut_start[line + 1]]:
            return NEVER
        wanted[orders.sku[line]] = wanted.get(orders.sku[line], 0) + orders.quantity[line]
    for sku, units in wanted.items():
        rows = [row for row in range(net.sku_start[sku], net.sku_start[sku + 1]) if net.row_node[row] == node]
        if not rows or net.row_quantity[rows[0]] < units:
            return NEVER
        start = net.unit_start[rows[0]]
        cost += net.unit_value[start : start + units].sum() + net.line_fee[node] * units
    return min(int(cost), NEVER)


def cost_of(net, orders, node, parcel):
    """The cost of a plan of all orders, counted anew; asserts that it breaks nothing.

    `node` int[M] has the node of each line (-1: none), `parcel` int[M] the first line of its parcel.
    """
    total, taken, slots = 0, {}, np.zeros(len(net.line_fee), int)
    for order in range(len(orders.start) - 1):
        mine = list(range(orders.start[order], orders.start[order + 1]))
        served = [line for line in mine if node[line] >= 0]
        assert keeps_together(orders, mine, served), "what belongs together is sent together or not at all"
        heads = sorted({parcel[line] for line in served})
        parts = [[line for line in served if parcel[line] == head] for head in heads]
        assert not breaks_rules(orders, order, parts), "bonds, the most shipments and the least worth are kept"
        total += sum(orders.lost[line] for line in mine if line not in served)
        total += orders.split[order] * max(len(parts) - 1, 0)
        for part in parts:
            (here,) = {node[line] for line in part}
            slots[here] += 1
            profile = orders.profile[order]
            assert net.lane[profile, here] >= 0, "a node that may not serve the profile does not"
            weight = max(orders.pounds[part].sum(), orders.size_pounds[part].sum())
            pounds = min(int(np.ceil(weight)), net.tariff.shape[2] - 1)
            total += net.fee[profile, here]
            total += net.tariff[net.lane[profile, here], net.zone[orders.zip[order], here], pounds]
            for line in part:
                assert here not in orders.shut_node[orders.shut_start[line] : orders.shut_start[line + 1]]
                total += net.line_fee[here] * orders.quantity[line]
                key = orders.sku[line], here
                taken[key] = taken.get(key, 0) + orders.quantity[line]
    assert (slots <= net.capacity).all(), "no node sends more than it can"
    for (sku, here), units in taken.items():
        (row,) = [row for row in range(net.sku_start[sku], net.sku_start[sku + 1]) if net.row_node[row] == here]
        assert units <= net.row_quantity[row], "nothing is sold twice"
        total += net.unit_value[net.unit_start[row] : net.unit_start[row] + units].sum()
    return int(total)
