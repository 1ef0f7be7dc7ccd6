"""The real files lie beside the repository and are never part of it."""

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data, or a skip that says where it was looked for."""
    folder = Path(os.environ.get("REAL_DATA", BESIDE))
    if not (folder / "stores").is_dir():
        pytest.skip(f"no real data at {folder} (set REAL_DATA)")
    return folder


@pytest.fixture
def write(tmp_path):
    """`write("name.csv", "text")`: a file to import."""

    def make(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return make
