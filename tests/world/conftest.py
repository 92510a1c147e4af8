"""England as packaged, and a copy of its tables that a test may spoil."""

import shutil
from pathlib import Path

import pytest

from sim.world.world import DATA_DIRECTORY, World, load_england
from tests.world.editable import Tables


@pytest.fixture(scope="session")
def england() -> World:
    return load_england()


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    for path in DATA_DIRECTORY.glob("*.csv"):
        shutil.copy(path, tmp_path / path.name)
    return Tables(tmp_path)


@pytest.fixture(scope="session")
def packaged() -> Tables:
    return Tables(DATA_DIRECTORY)
