"""The cumulative hazard and its inverse."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.life_table import LAST_AGE, LifeTable, age_at_hazard, hazard_at_age, load_life_table
from sim.world.tables import DataError
from sim.world.world import World
from tests.world.editable import Tables


def load(tables: Tables) -> LifeTable:
    return load_life_table(tables.directory / "life_table.csv")


def test_survival_is_that_of_the_table(england: World, packaged: Tables) -> None:
    persons = [row for row in packaged.rows("life_table.csv") if row["sex"] == "persons"]
    alive = np.exp(-england.life_table.cumulative_hazard)
    assert alive == pytest.approx([float(row["lx"]) / 100_000 for row in persons], abs=1e-6, rel=2e-3)


def test_life_expectancy_is_that_of_the_table(england: World, packaged: Tables) -> None:
    months = np.arange(0, LAST_AGE, 1 / 12)
    life = england.life_table
    alive = np.exp(-np.interp(months, life.ages, life.cumulative_hazard))
    published = float(packaged.rows("life_table.csv")[0]["ex"])
    assert np.trapezoid(alive, months) == pytest.approx(published, abs=0.05)


@given(st.floats(0, LAST_AGE, exclude_max=True))
def test_age_and_hazard_undo_each_other(age: float) -> None:
    hazard = np.cumsum(np.linspace(0.001, 0.7, LAST_AGE + 1))
    hazard -= hazard[0]
    assert age_at_hazard(hazard, hazard_at_age(hazard, age)) == pytest.approx(age, abs=1e-9)


def test_a_constant_hazard_gives_a_straight_line() -> None:
    hazard = 0.02 * np.arange(LAST_AGE + 1)
    assert age_at_hazard(hazard, 0.55) == pytest.approx(27.5)
    assert hazard_at_age(hazard, 27.5) == pytest.approx(0.55)


def test_nobody_lives_beyond_the_last_age() -> None:
    hazard = 0.02 * np.arange(LAST_AGE + 1)
    assert age_at_hazard(hazard, hazard[-1]) == LAST_AGE
    assert age_at_hazard(hazard, 1e9) == LAST_AGE
    assert hazard_at_age(hazard, 130.0) == hazard[-1]


def test_years_without_hazard_are_lived_through() -> None:
    hazard = np.concatenate([np.zeros(50), np.arange(LAST_AGE - 49) * 0.1])
    assert age_at_hazard(hazard, 0.0) == 50.0
    assert age_at_hazard(np.zeros(LAST_AGE + 1), 0.0) == LAST_AGE


def test_a_zero_target_is_no_age_at_all() -> None:
    assert age_at_hazard(0.02 * np.arange(LAST_AGE + 1), 0.0) == 0.0


def test_the_yearly_hazard_is_minus_the_log_of_survival(england: World, packaged: Tables) -> None:
    at_64 = float(next(r["qx"] for r in packaged.rows("life_table.csv") if r["age"] == "64"))
    hazard = england.life_table.cumulative_hazard
    assert hazard[65] - hazard[64] == pytest.approx(-math.log(1 - at_64))


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("qx", "1.2", "a number, 0 to 1"),
        ("qx", "0.9", "its own range"),
        ("qx", "", "a number, 0 to 1"),
        ("age", "3", "each age once among persons"),
        ("sex", "both", "female, male, persons"),
    ],
)
def test_a_wrong_cell_is_refused(tables: Tables, column: str, value: str, said: str) -> None:
    tables.set("life_table.csv", 10, column, value)
    with pytest.raises(DataError, match=said):
        load(tables)


def test_certain_death_before_the_last_age_is_refused(tables: Tables) -> None:
    tables.edit(
        "life_table.csv",
        lambda rows: [r | ({"qx": "1", "qx_high": "1"} if r["age"] == "30" else {}) for r in rows],
    )
    with pytest.raises(DataError, match="below 1 before age 110"):
        load(tables)


def test_a_missing_age_is_named(tables: Tables) -> None:
    tables.edit("life_table.csv", lambda rows: rows[:20] + rows[21:])
    with pytest.raises(DataError, match="no row for persons aged 20"):
        load(tables)
