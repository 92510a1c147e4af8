"""Regimes compared year by year: what a change of hands does at once, and what is left of it later."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis.paired import Comparison, compare_regimes
from sim.measures.rows import ALL_YEARS

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class YearRow:
    """One national outcome of the people of one year, which begins in the month ``year`` (2026-04)."""

    year: str
    compared: Comparison


def yearly_differences(years: "pd.DataFrame", baseline: str) -> list[YearRow]:
    """Return the comparison of every year in turn; ``years`` is what ``collect_years`` returns.

    A year in which the baseline has nobody is left out. Raises as ``compare_regimes``.
    """
    rows = []
    for year in sorted(set(years["period_start"])):
        of_year = years[years["period_start"] == year]
        if not (of_year["regime"] == baseline).any():
            continue
        compared = compare_regimes(of_year.assign(period_start=ALL_YEARS), baseline)
        rows += [YearRow(year, row) for row in compared]
    return rows
