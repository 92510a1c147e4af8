"""Places and their units: complete, sorted, and refused where they cannot be right."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.places import LEVEL_COLUMNS, Places, deprivation_fifth, deprivation_rank, load_places
from sim.world.tables import DataError
from sim.world.world import World
from tests.world.editable import Tables


def load(tables: Tables) -> Places:
    return load_places(tables.directory / "places.csv", tables.directory / "footprints.csv")


def refused(tables: Tables) -> DataError:
    with pytest.raises(DataError) as caught:
        load(tables)
    return caught.value


def test_places_stand_in_order_of_their_codes(tables: Tables) -> None:
    tables.edit("places.csv", lambda rows: rows[::-1])
    places = load(tables)
    assert list(places.codes) == sorted(places.codes)
    by_code = {row["place_code"]: row for row in tables.rows("places.csv")}
    assert places.population.tolist() == [int(by_code[code]["population"]) for code in places.codes]


def test_the_order_of_footprints_does_not_matter(tables: Tables, england: World) -> None:
    tables.edit("footprints.csv", lambda rows: rows[::-1])
    shuffled = load(tables)
    for level in LEVEL_COLUMNS:
        assert (shuffled.unit_of[level] == england.places.unit_of[level]).all()


def test_units_are_sorted_by_code_and_named(england: World) -> None:
    places = england.places
    assert places.unit_codes["nation"] == ("England",)
    for level, codes in places.unit_codes.items():
        assert list(codes) == sorted(codes)
        assert len(places.unit_names[level]) == len(codes)
    region = places.unit_codes["nhs_region_2022"].index("E40000003")
    assert places.unit_names["nhs_region_2022"][region] == "London"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("population", "-5"),
        ("population", ""),
        ("population", "12.5"),
        ("lat", "north"),
        ("lon", "181"),
        ("area_km2", "-1"),
        ("rural_share", "1.2"),
        ("place_name", " "),
    ],
)
def test_a_wrong_cell_is_named_with_its_line(tables: Tables, column: str, value: str) -> None:
    tables.set("places.csv", 3, column, value)
    error = refused(tables)
    assert (error.line, error.column, error.value) == (5, column, value.strip())
    assert error.path.endswith("places.csv")


def test_age_shares_of_more_than_everybody_are_refused(tables: Tables) -> None:
    tables.set("places.csv", 0, "age65plus_share", "0.9")
    assert refused(tables).column == "age65plus_share"


def test_an_empty_country_is_refused(tables: Tables) -> None:
    tables.edit("places.csv", lambda rows: [row | {"population": "0"} for row in rows])
    assert "somebody" in str(refused(tables))


def test_a_place_that_stands_twice_is_refused(tables: Tables) -> None:
    tables.edit("places.csv", lambda rows: [*rows, rows[0]])
    error = refused(tables)
    assert (error.line, error.column) == (359, "place_code")


def test_a_place_without_a_footprint_is_refused(tables: Tables) -> None:
    gone = tables.rows("footprints.csv")[7]["place_code"]
    tables.edit("footprints.csv", lambda rows: rows[:7] + rows[8:])
    error = refused(tables)
    assert error.path.endswith("footprints.csv")
    assert error.value == f"no row for {gone}"


def test_a_footprint_without_a_place_is_refused(tables: Tables) -> None:
    tables.edit("footprints.csv", lambda rows: [*rows, rows[0] | {"place_code": "E99"}])
    error = refused(tables)
    assert (error.line, error.value, error.allowed) == (359, "E99", "a place of places.csv")


def test_a_place_in_no_unit_of_a_level_is_refused(tables: Tables) -> None:
    tables.set("footprints.csv", 2, "ccg_2013", "")
    error = refused(tables)
    assert (error.line, error.column) == (4, "ccg_2013")


def test_a_unit_with_two_names_is_refused(tables: Tables) -> None:
    tables.set("footprints.csv", 2, "sha_2006_name", "Wessex")
    assert "one name for" in str(refused(tables))


def test_everything_wrong_in_a_table_is_reported_at_once(tables: Tables) -> None:
    tables.set("places.csv", 1, "population", "-1")
    tables.set("places.csv", 2, "lat", "x")
    assert [problem.line for problem in refused(tables).problems] == [3, 4]


def test_rank_is_the_share_of_people_in_less_deprived_places() -> None:
    rank = deprivation_rank(np.array([10.0, 30.0, 20.0]), np.array([50, 25, 25]))
    assert rank.tolist() == [0.25, 0.875, 0.625]


def test_places_with_equal_scores_share_a_rank() -> None:
    rank = deprivation_rank(np.array([5.0, 5.0, 9.0]), np.array([10, 30, 60]))
    assert rank.tolist() == [0.2, 0.2, 0.7]


@given(st.lists(st.tuples(st.floats(0, 80), st.integers(1, 10**6)), min_size=1, max_size=40))
def test_mean_rank_is_one_half_and_fifths_run_against_it(pairs: list[tuple[float, int]]) -> None:
    score, people = np.array([s for s, _ in pairs]), np.array([p for _, p in pairs])
    rank = deprivation_rank(score, people)
    assert np.average(rank, weights=people) == pytest.approx(0.5)
    fifth = deprivation_fifth(rank)
    assert ((fifth >= 1) & (fifth <= 5)).all()
    assert (np.diff(fifth[np.argsort(rank, kind="stable")]) <= 0).all()


def test_a_fifth_of_the_people_stands_in_each_fifth(england: World) -> None:
    places = england.places
    people = np.bincount(places.deprivation_fifth, weights=places.population)[1:]
    # a place is not divided, so a fifth is met to within one large place
    assert np.abs(people / people.sum() - 0.2).max() < places.population.max() / people.sum()
    means = [np.average(places.imd_score[places.deprivation_fifth == f]) for f in range(1, 6)]
    assert means == sorted(means, reverse=True)
