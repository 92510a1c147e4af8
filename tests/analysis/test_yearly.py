"""Single years: each is compared by itself, over the replicates that have it."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis.yearly import yearly_differences

YEARS = ("2026-04", "2027-04")


def frame_of(values: dict[tuple[str, str], tuple[float, ...]]) -> pd.DataFrame:
    """Return the rows of one outcome by regime and year, a value for each replicate."""
    rows = [
        {
            "measure": "access_from_diagnosis",
            "geography": "nation",
            "area": "England",
            "service": "all_patients",
            "period_start": year,
            "value": value,
            "regime": regime,
            "replicate": replicate,
        }
        for (regime, year), found in values.items()
        for replicate, value in enumerate(found)
    ]
    return pd.DataFrame(rows)


def test_every_year_has_its_own_difference() -> None:
    frame = frame_of(
        {
            ("stays", YEARS[0]): (0.8, 0.9),
            ("stays", YEARS[1]): (0.8, 0.9),
            ("moves", YEARS[0]): (0.8, 0.9),
            ("moves", YEARS[1]): (0.7, 0.6),
        }
    )

    found = {(row.year, row.compared.regime): row.compared for row in yearly_differences(frame, "stays")}

    assert list(found) == [(year, regime) for year in YEARS for regime in ("stays", "moves")]
    assert found[YEARS[0], "moves"].difference == 0.0
    assert found[YEARS[1], "moves"].difference == pytest.approx(-0.2)
    assert found[YEARS[1], "moves"].pairs == 2


def test_a_year_without_the_baseline_is_left_out() -> None:
    frame = frame_of({("stays", YEARS[0]): (0.8,), ("moves", YEARS[0]): (0.7,), ("moves", YEARS[1]): (0.7,)})

    assert {row.year for row in yearly_differences(frame, "stays")} == {YEARS[0]}


def test_the_order_of_rows_changes_nothing() -> None:
    frame = frame_of({(regime, year): (0.5, 0.75, 0.625) for regime in ("stays", "moves") for year in YEARS})
    shuffled = frame.iloc[np.random.default_rng(3).permutation(len(frame))]

    assert yearly_differences(shuffled, "stays") == yearly_differences(frame, "stays")
