"""What was compiled before a change of any source is not used after it."""

from orders.routing.kernel import cache_of


def test_each_state_of_the_sources_has_a_cache_of_its_own(tmp_path):
    sources, base = tmp_path / "routing", tmp_path / "cache"
    sources.mkdir()
    (sources / "auction.py").write_text("calls = 1")
    (sources / "parcels.py").write_text("step = 1")
    before = cache_of(base, sources)
    assert (before.parent, cache_of(base, sources)) == (base, before)
    (sources / "parcels.py").write_text("step = 2")
    assert cache_of(base, sources) != before
