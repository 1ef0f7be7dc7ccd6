"""Days of a small chain, their plans' cost counted anew, and the best plan there is, by HiGHS."""

import itertools

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix

SCARCE = list(itertools.product((0.7, 1.0, 1.5, 3.0), (0.8, 1.1, 1.5, 2.5)))  # stock and slots, of what is wanted


def day(seed, *, orders=200, nodes=30, skus=40):
    """Orders of one to five lines as shops have them, popular items, zones by distance; what is there, from far too
    little to enough, goes by the seed."""
    stock, slots = SCARCE[seed % len(SCARCE)]
    rng = np.random.default_rng(seed)
    lines = rng.choice([1, 2, 3, 4, 5], orders, p=[0.62, 0.2, 0.1, 0.05, 0.03])
    popular = np.arange(1, skus + 1) ** -0.85
    popular /= popular.sum()
    line_sku = np.concatenate([rng.choice(skus, each, replace=False, p=popular) for each in lines])
    units = rng.poisson(stock * len(line_sku) * np.outer(popular, np.ones(nodes) / nodes))
    sku, row_node = np.nonzero(units)
    quantity = units[sku, row_node]
    value = np.concatenate([np.sort(rng.uniform(-1, 3, each)) for each in quantity])
    here, there = rng.uniform(0, 1, (nodes, 2)), rng.uniform(0, 1, (50, 2))
    far = np.sqrt(((there[:, None] - here[None]) ** 2).sum(2))
    first = np.array([6.6, 7.1, 7.5, 8.1, 8.9, 9.8, 10.8, 11.9])[:, None]
    each_pound = np.array([0.22, 0.27, 0.33, 0.45, 0.6, 0.76, 0.93, 1.12])[:, None]
    return {
        "zone": np.minimum((far * 7).astype(np.uint8), 7),
        "tariff": first + each_pound * np.maximum(np.arange(41) - 1, 0),
        "row_node": row_node, "row_quantity": quantity, "unit_start": np.concatenate(([0], np.cumsum(quantity))),
        "unit_value": value, "sku_start": np.searchsorted(sku, np.arange(skus + 1)),
        "node_fee": rng.uniform(0.9, 2.4, nodes), "line_fee": rng.uniform(0.4, 1.3, nodes),
        "capacity": rng.poisson(slots * orders / nodes, nodes),
        "order_start": np.concatenate(([0], np.cumsum(lines))), "order_zip": rng.integers(0, 50, orders),
        "line_sku": line_sku, "weight": np.exp(rng.normal(0.5, 0.8, skus)).clip(0.1, 40),
        "lost_sale": rng.uniform(15, 60, skus),
    }  # fmt: skip


def parcels(net, orders, order, nodes):
    """Money for the parcels of a plan, without stock: its nodes by line."""
    first, total = orders.start[order], 0
    for node in {each for each in nodes if each >= 0}:
        lines = [first + i for i, each in enumerate(nodes) if each == node]
        pounds = min(int(np.ceil(sum(orders.pounds[line] for line in lines))), net.tariff.shape[2] - 1)
        total += net.fee[0, node] + net.tariff[0, net.zone[orders.zip[order], node], pounds]
        total += net.line_fee[node] * len(lines)
    return total + sum(orders.lost[first + i] for i, node in enumerate(nodes) if node < 0)


def whole_cost(net, orders, node):
    """The cost of an assignment, counted anew from its arrays; asserts that it takes no more than there is."""
    taken, slots, total = {}, np.zeros(len(net.line_fee), int), 0
    for order in range(len(orders.start) - 1):
        mine = node[orders.start[order] : orders.start[order + 1]]
        total += parcels(net, orders, order, list(mine))
        for each in set(mine) - {-1}:
            slots[each] += 1
        for line, each in enumerate(mine, orders.start[order]):
            if each >= 0:
                sku = orders.sku[line]
                rows = range(net.sku_start[sku], net.sku_start[sku + 1])
                (row,) = [row for row in rows if net.row_node[row] == each]
                taken[row] = taken.get(row, 0) + 1
    assert (slots <= net.capacity).all(), "no node sends more than it can"
    for row, units in taken.items():
        assert units <= net.row_quantity[row], "nothing is sold twice"
        total += net.unit_value[net.unit_start[row] : net.unit_start[row] + units].sum()
    return int(total)


def best_by_mip(net, orders, *, within=1e-4, seconds=300):
    """The least cost over all plans, by HiGHS: one column for each parcel, each line left out and each unit taken. The
    solver stops `within` so much of the best."""
    cost, row, column, value, upper = [], [], [], [], []
    lines, rows, nodes = len(orders.sku), len(net.row_node), len(net.line_fee)
    of = [dict(zip(net.row_node[s:e], range(s, e), strict=True)) for s, e in itertools.pairwise(net.sku_start)]

    def add(price, entries, most=1):
        column.extend([len(cost)] * len(entries))
        row.extend(r for r, _ in entries)
        value.extend(v for _, v in entries)
        cost.append(price)
        upper.append(most)

    for order in range(len(orders.start) - 1):
        mine = range(orders.start[order], orders.start[order + 1])
        for node in range(nodes):
            held = [line for line in mine if node in of[orders.sku[line]]]
            for size in range(1, len(held) + 1):
                for some in itertools.combinations(held, size):
                    plan = [node if line in some else -1 for line in mine]
                    cost_of_it = parcels(net, orders, order, plan) - _left_out(orders, mine, plan)
                    taken = [(lines + of[orders.sku[line]][node], 1) for line in some]
                    add(cost_of_it, [(line, 1) for line in some] + taken
                        + [(lines + rows + node, 1)])  # fmt: skip
    for line in range(lines):
        add(int(orders.lost[line]), [(line, 1)])
    for each in range(rows):
        for unit in range(net.unit_start[each], net.unit_start[each + 1]):
            add(int(net.unit_value[unit]), [(lines + each, -1)])
    matrix = coo_matrix((value, (row, column)), shape=(lines + rows + nodes, len(cost)))
    low = np.concatenate([np.ones(lines), np.zeros(rows), np.full(nodes, -np.inf)])
    high = np.concatenate([np.ones(lines), np.zeros(rows), net.capacity])
    found = milp(cost, constraints=LinearConstraint(matrix, low, high), integrality=np.ones(len(cost)),
                 bounds=Bounds(0, upper), options={"mip_rel_gap": within, "time_limit": seconds})  # fmt: skip
    assert found.success, found.message
    return found.fun


def _left_out(orders, mine, plan):
    """`parcels` counts what a plan leaves out; here other columns do."""
    return sum(orders.lost[line] for line, node in zip(mine, plan, strict=True) if node < 0)
