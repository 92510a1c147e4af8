"""From the rows of a study to where patients are lost: of 1,000 in need, how many for each reason."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis.paired import Comparison
from sim.figures.tile_content import measured_period
from sim.figures.words import Estimate
from sim.governance.matrix import GROUPS
from sim.measures.intervals import EQUIVALENT
from sim.model.result import REASONS
from sim.specification.run import Scenario, Study

if TYPE_CHECKING:
    import pandas as pd

PREFIX = "reason_from_diagnosis"
TREATED = "treated_in_time"
OF_PEOPLE = 1000.0


@dataclass(frozen=True)
class Loss:
    """People of 1,000 in need: the mean, and the paired difference from the baseline with its verdict.

    ``change`` is +1 or -1 where the difference is clear and not too small to matter, else 0.
    """

    people: Estimate
    difference: Estimate
    verdict: str
    change: int


@dataclass(frozen=True)
class LossRow:
    """One regime and group of services: people of 1,000 by ending."""

    regime: str
    benchmark: bool
    group: str
    losses: Mapping[str, Loss]


@dataclass(frozen=True)
class LossesContent:
    """All that the figure shows and says; ``reasons`` are those that anyone was lost for."""

    rows: Sequence[LossRow]
    reasons: Sequence[str]
    regimes: Sequence[str]
    descriptions: Sequence[tuple[str, str]]
    baseline: str
    years: str
    replicates: int
    run_keys: Sequence[str]

    @property
    def groups(self) -> list[str]:
        """Return the groups of services that anyone needed, in their order."""
        return list(dict.fromkeys(row.group for row in self.rows))

    def row(self, regime: str, group: str) -> LossRow | None:
        """Return one row, None where nobody was measured."""
        return next((row for row in self.rows if (row.regime, row.group) == (regime, group)), None)


def losses_content(
    study: Study, frame: "pd.DataFrame", rows: Sequence[Comparison], run_keys: Sequence[str]
) -> LossesContent | None:
    """Gather the rows by group, in each the regimes of the study, the benchmark last; None without any."""
    found = {(row.measure, row.service, row.regime): row for row in rows}
    scenarios = sorted(study.compare, key=lambda scenario: scenario.benchmark)
    told = [row for group in GROUPS for s in scenarios if (row := _row(s, group, found)) is not None]
    if not told:
        return None
    lost = [name for name in REASONS if name != TREATED and any(row.losses[name].people.value > 0 for row in told)]
    return LossesContent(
        rows=told,
        reasons=lost,
        regimes=list(study.scenarios),
        descriptions=[(s.id, s.title) for s in scenarios if any(row.regime == s.id for row in told)],
        baseline=study.baseline,
        years=measured_period(study.horizon),
        replicates=int(frame["replicate"].nunique()),
        run_keys=run_keys,
    )


def _row(scenario: Scenario, group: str, found: Mapping[tuple[str, str, str], Comparison]) -> LossRow | None:
    there = {name: found.get((f"{PREFIX}_{name}", group, scenario.id)) for name in REASONS}
    losses = {name: _loss(row) for name, row in there.items() if row is not None and math.isfinite(row.mean)}
    return LossRow(scenario.id, scenario.benchmark, group, losses) if len(losses) == len(REASONS) else None


def _loss(row: Comparison) -> Loss:
    clear = row.distinguishable and row.verdict != EQUIVALENT
    sign = (row.difference > 0) - (row.difference < 0)
    return Loss(
        people=Estimate(OF_PEOPLE * row.mean, OF_PEOPLE * row.mean_low, OF_PEOPLE * row.mean_high),
        difference=Estimate(
            OF_PEOPLE * row.difference, OF_PEOPLE * row.difference_low, OF_PEOPLE * row.difference_high
        ),
        verdict=row.verdict,
        change=sign if clear else 0,
    )
