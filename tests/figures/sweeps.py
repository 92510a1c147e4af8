"""Rows of made-up sweeps."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from sim.figures.sweep_words import SweepFacts
from sim.measures.outcomes import outcome

MEASURES = {"access_from_diagnosis": 0.8, "tau_icb": 0.4, "cost_total_gbp": 1.6e10, "twin_discordance": 0.1}
REGIMES = ("national_2013", "scg_2006", "equal_access")


def facts(regimes: Sequence[str] = REGIMES, replicates: int = 6, **changes: Any) -> SweepFacts:
    given: dict[str, Any] = {
        "regimes": regimes,
        "baseline": regimes[0],
        "benchmarks": ["equal_access"],
        "years": "April 2015 to March 2018",
        "replicates": replicates,
        "value_in_study": 1.0,
    }
    return SweepFacts(**(given | changes))


def sweep_frame(
    gap: Sequence[float] = (0.1, 0.1, 0.1),
    regimes: Sequence[str] = REGIMES,
    values: Sequence[Any] = (0.9, 1.0, 1.1),
    half: float = 0.01,
) -> pd.DataFrame:
    """Return rows in which the second regime lies ``gap`` (a share of the level) above the first at each value."""
    rows = [
        {
            "parameter": "budget.plan_share_of_expected",
            "unit": "share",
            "value": value,
            "regime": regime,
            "measure": measure,
            "label": outcome(measure).label,
            "mean": (mean := level * (1 + (gap[place] if number == 1 else 0.002 * number * place))),
            "low": mean - half * level if half else math.nan,
            "high": mean + half * level if half else math.nan,
        }
        for measure, level in MEASURES.items()
        for number, regime in enumerate(regimes)
        for place, value in enumerate(values)
    ]
    return pd.DataFrame(rows)
