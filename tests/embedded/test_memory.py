"""How much of the memory PostgreSQL keeps for its pages: of the container's where that is less."""

import pytest

from omni.embedded import memory
from omni.embedded.memory import cache_settings, memory_megabytes


@pytest.mark.parametrize(
    ("megabytes", "shared", "counted_on"),
    [(512, 256, 1024), (4096, 512, 2048), (24_576, 3072, 12_288), (512_000, 4096, 256_000)],
)
def test_an_eighth_within_limits(megabytes, shared, counted_on):
    said = {"shared_buffers": f"{shared}MB", "effective_cache_size": f"{counted_on}MB"}
    assert cache_settings(megabytes) == said


def test_a_container_has_what_it_was_given(tmp_path, monkeypatch):
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(memory, "LIMIT", limit)
    of_the_machine = memory_megabytes()
    for said, found in (("max\n", of_the_machine), (f"{300 << 20}\n", 300), (f"{1 << 62}\n", of_the_machine)):
        limit.write_text(said)
        assert memory_megabytes() == found
