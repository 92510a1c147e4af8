"""Studies with any number of regimes whose rows are made from luck alone, and their figures."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.paired import compare_regimes
from sim.figures.sheet import PRESETS
from sim.figures.style import styled
from sim.measures.outcomes import OUTCOMES
from sim.model.result import REASONS
from sim.report.figures import FIGURES, FigureData
from sim.report.table import measured_ones
from sim.specification.load import load_study
from sim.specification.run import Study
from tests.study.tables import full_table

FONT = "DejaVu Sans"  # comes with matplotlib, so the tests see one layout on every machine
NAMES = (
    "national_2013",
    "scg_2006",
    "ccg_cocommission_of_listed_services_2014",
    "area_teams_2012",
    "ics_2022",
    "equal_access",
)


def study_of(names: tuple[str, ...]) -> Study:
    """Return the demo with regimes of these names; only equal_access is a benchmark."""
    shipped = load_study("regional_2013").scenarios
    compare = [replace(shipped.get(name, shipped["scg_2006"]), id=name) for name in names]
    return replace(load_study("regional_2013"), compare=tuple(compare), baseline=names[0])


def frame_of(names: tuple[str, ...], replicates: int) -> pd.DataFrame:
    """Return rows in which each regime is a little less even and dearer than the one before it."""
    tables = []
    for place, name in enumerate(names):
        for replicate in range(replicates):
            table = pd.DataFrame(full_table((place, replicate), share=0.7, tau=0.3 + 0.1 * place))
            cost = (table["measure"] == "cost_total_gbp") & (table["geography"] == "nation")
            table.loc[cost, "value"] = 1.6e10 * (1 + 0.002 * place) + 1e7 * np.sin(replicate + place)
            tables.append(_with_reasons(table, place).assign(regime=name, replicate=replicate))
    return pd.concat(tables, ignore_index=True)


def _with_reasons(table: pd.DataFrame, place: int) -> pd.DataFrame:
    """Give the reasons shares that sum to one, nobody refused."""
    shares = dict.fromkeys(REASONS, 0.03) | {"treated_in_time": 0.8 - 0.02 * place, "request_refused": 0.0}
    shares["no_slot"] = 1.0 - sum(share for name, share in shares.items() if name != "no_slot")
    for name, share in shares.items():
        table.loc[table["measure"] == f"reason_from_diagnosis_{name}", "value"] = share
    return table


def data_of(names: tuple[str, ...] = NAMES[:3], replicates: int = 5, frame: pd.DataFrame | None = None) -> FigureData:
    """Return what the figures of such a study are made from."""
    rows = frame_of(names, replicates) if frame is None else frame
    compared = measured_ones(compare_regimes(rows, names[0]))
    return FigureData(study_of(names), rows, compared, ("00" * 8,))


def drawn(name: str, data: FigureData, preset: str = "wide") -> Any:
    """Draw one figure of a study; None where there is nothing to draw."""
    with styled(FONT):
        return FIGURES[name](data, PRESETS[preset])


def without(frame: pd.DataFrame, *measures: str) -> pd.DataFrame:
    """Take the values of some measures away, as if nobody could be measured."""
    assert all(measure in OUTCOMES for measure in measures)
    frame = frame.copy()
    frame.loc[frame["measure"].isin(measures), ["value", "numerator", "denominator"]] = np.nan
    return frame
