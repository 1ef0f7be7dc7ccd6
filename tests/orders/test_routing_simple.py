"""The first router against a brute force, and the behaviors people count on."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from orders.routing.simple import Plan, Share, Site, Want, plan


def test_the_nearest_that_holds_everything_wins_over_a_nearer_half():
    sites = [Site(1, {10: 1}), Site(2, {10: 1, 11: 1}), Site(3, {10: 9, 11: 9})]
    wants = [Want(0, 10, 1), Want(1, 11, 1)]
    assert plan(wants, sites).shares == [Share(0, 2, 1), Share(1, 2, 1)]


def test_nobody_has_all_so_the_fewest_sites_share_it():
    sites = [Site(1, {10: 1}), Site(2, {11: 1}), Site(3, {12: 1}), Site(4, {11: 1, 12: 1})]
    wants = [Want(0, 10, 1), Want(1, 11, 1), Want(2, 12, 1)]
    assert {share.site for share in plan(wants, sites).shares} == {1, 4}


def test_a_site_that_failed_a_line_is_not_asked_again():
    sites = [Site(1, {10: 5}), Site(2, {10: 5})]
    assert plan([Want(0, 10, 1, excluded=frozenset({1}))], sites).shares == [Share(0, 2, 1)]


def test_a_line_is_split_only_when_nobody_has_it_whole():
    sites = [Site(1, {10: 2}), Site(2, {10: 2})]
    assert plan([Want(0, 10, 3)], sites) == Plan([Share(0, 1, 2), Share(0, 2, 1)], {})


def test_what_nobody_has_is_missing():
    assert plan([Want(0, 10, 3)], [Site(1, {10: 1})]) == Plan([Share(0, 1, 1)], {0: 2})
    assert plan([Want(0, 10, 3)], []).missing == {0: 3}


networks = st.lists(
    st.dictionaries(st.integers(0, 3), st.integers(0, 4), max_size=4), min_size=1, max_size=6
).map(lambda stocks: [Site(n, stock) for n, stock in enumerate(stocks)])  # fmt: skip
baskets = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), min_size=1, max_size=4).map(
    lambda lines: [Want(n, item, quantity) for n, (item, quantity) in enumerate(lines)]
)


@given(networks, baskets)
def test_no_plan_takes_more_than_there_is_or_gives_other_than_wanted(sites, wants):
    result = plan(wants, sites)
    for site in sites:
        for item in range(4):
            wanting = {want.key for want in wants if want.item == item}
            taken = sum(share.quantity for share in result.shares if share.site == site.id and share.key in wanting)
            assert taken <= site.available.get(item, 0)
    for want in wants:
        given_units = sum(share.quantity for share in result.shares if share.key == want.key)
        assert given_units + result.missing.get(want.key, 0) == want.quantity


@given(networks, baskets)
def test_everything_that_exists_is_found(sites, wants):
    result = plan(wants, sites)
    for item in range(4):
        there = sum(site.available.get(item, 0) for site in sites)
        wanted = sum(want.quantity for want in wants if want.item == item)
        missing = sum(result.missing.get(want.key, 0) for want in wants if want.item == item)
        assert missing == max(0, wanted - there)


@given(networks, baskets)
def test_one_or_two_sites_are_found_when_they_suffice(sites, wants):
    total: dict[int, int] = {}
    for want in wants:
        total[want.item] = total.get(want.item, 0) + want.quantity
    used = {share.site for share in plan(wants, sites).shares}
    if any(all(site.available.get(item, 0) >= units for item, units in total.items()) for site in sites):
        assert len(used) == 1
    elif any(_whole(wants, pair) for pair in combinations(sites, 2)):
        assert len(used) <= 2


def _whole(wants, pair) -> bool:
    """True where greedy in order of preference fills every want from the pair."""
    left = [dict(site.available) for site in pair]
    for want in wants:
        stock = next((each for each in left if each.get(want.item, 0) >= want.quantity), None)
        if stock is None:
            return False
        stock[want.item] -= want.quantity
    return True


class Looked(dict):
    """Stock of a site that counts how often a plan looks at it."""

    count = 0

    def get(self, *args):
        Looked.count += 1
        return super().get(*args)

    def items(self):
        Looked.count += len(self)
        return super().items()


def test_a_wholesale_order_over_many_sites_is_planned_without_looking_at_everything_again_and_again():
    """704 lines over 600 sites kept a transaction idle for ten seconds once, and its locks with it."""
    items, places = 704, 600
    sites = [Site(n, Looked({(n * 31 + k * 7) % items: 1 + (n + k) % 9 for k in range(40)})) for n in range(places)]
    wants = [Want(k, k, 5) for k in range(items)]
    Looked.count = 0

    result = plan(wants, sites)

    there = {item: sum(site.available[item] for site in sites if item in site.available) for item in range(items)}
    assert sum(result.missing.values()) == sum(max(0, 5 - there[item]) for item in range(items))
    assert Looked.count < 10 * items * places
