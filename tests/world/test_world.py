"""Loading England: complete, quick, in canonical order, and the same whatever the order of the rows."""

import subprocess
import sys
from hashlib import sha256

import numpy as np
import pytest

from sim.world.tables import DataError
from sim.world.travel import TravelParameters
from sim.world.world import TABLES, World, load_england
from tests.world.editable import Tables


def test_shapes_agree(england: World) -> None:
    p, s, k = len(england.places.codes), len(england.services.ids), len(england.providers.ids)
    assert england.travel_hours.shape == (p, k)
    assert england.expected_need.shape == (p, s)
    assert england.providers.offers.shape == (k, s)
    assert all(len(index) == p for index in england.places.unit_of.values())


def test_the_order_of_rows_changes_nothing_but_the_hash(tables: Tables, england: World) -> None:
    for name in TABLES:
        tables.edit(name, lambda rows: rows[1::2] + rows[::2])
    shuffled = load_england(tables.directory)
    assert shuffled.providers.ids == england.providers.ids
    assert (shuffled.travel_hours == england.travel_hours).all()
    assert (shuffled.expected_need == england.expected_need).all()
    assert (shuffled.offers.capacity == england.offers.capacity).all()
    assert (shuffled.life_table.cumulative_hazard == england.life_table.cumulative_hazard).all()
    assert shuffled.sources_hash != england.sources_hash


def test_renaming_units_moves_no_number(tables: Tables, england: World) -> None:
    tables.edit("footprints.csv", lambda rows: [row | {"icb_2022": "X" + row["icb_2022"]} for row in rows])
    renamed = load_england(tables.directory)
    assert (renamed.places.unit_of["icb_2022"] == england.places.unit_of["icb_2022"]).all()
    assert (renamed.expected_need == england.expected_need).all()
    assert (renamed.offers.capacity == england.offers.capacity).all()


def test_the_hash_is_that_of_the_bytes_in_order_of_file_names(packaged: Tables, england: World) -> None:
    joined = b"".join((packaged.directory / name).read_bytes() for name in sorted(TABLES))
    assert england.sources_hash == sha256(joined).hexdigest()


def test_one_changed_byte_changes_the_hash(tables: Tables, england: World) -> None:
    path = tables.directory / "places.csv"
    path.write_bytes(path.read_bytes().replace(b"Barnsley", b"Barnslex", 1))
    assert load_england(tables.directory).sources_hash != england.sources_hash


@pytest.mark.parametrize("name", TABLES)
def test_a_missing_table_is_named(tables: Tables, name: str) -> None:
    (tables.directory / name).unlink()
    with pytest.raises(DataError) as caught:
        load_england(tables.directory)
    assert caught.value.path.endswith(name)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("places.csv", "area_km2"),
        ("footprints.csv", "icb_2026"),
        ("services.csv", "centres_england"),
        ("services_derived.csv", "onset_age_sd_low"),
        ("technologies.csv", "available_date"),
        ("providers.csv", "lon"),
        ("life_table.csv", "qx"),
    ],
)
def test_a_missing_column_is_named(tables: Tables, name: str, column: str) -> None:
    tables.without_column(name, column)
    with pytest.raises(DataError, match=f"{name}:1: {column} is 'missing'; allowed: a column of this name"):
        load_england(tables.directory)


def test_travel_can_be_set_and_moves_no_provider(england: World) -> None:
    slow = load_england(travel=TravelParameters(speed_km_per_hour=40.0))
    assert slow.providers.ids == england.providers.ids
    fixed = TravelParameters().fixed_minutes / 60
    assert slow.travel_hours - fixed == pytest.approx((england.travel_hours - fixed) * 55 / 40)
    assert np.array_equal(slow.expected_need, england.expected_need)


def test_loading_is_quick_and_brings_no_heavy_library() -> None:
    script = (
        "import sys, numpy, pydantic, time; start = time.process_time();"
        "from sim.world.world import load_england; load_england();"
        "print(time.process_time() - start);"
        "print([name for name in ('pandas', 'scipy', 'numba', 'mesa') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    seconds, heavy = done.stdout.splitlines()
    assert float(seconds) < 1.0
    assert heavy == "[]"
