"""All that one call for advice found out, for every page and table of it, and the grid in which it is printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from sim.analysis.adviser import Advice
from sim.analysis.adviser_effects import JUDGED, Effects, FloatArray
from sim.analysis.adviser_factors import Factors
from sim.analysis.adviser_frontier import Checked, regret, regret_in_steps
from sim.analysis.adviser_scores import Weights
from sim.analysis.adviser_verdicts import Effect, ServiceAdvice
from sim.measures.intervals import Interval
from sim.report.table import GUTTER

_NONE = Interval(float("nan"), float("nan"), float("nan"), 0)


@dataclass(frozen=True)
class Advised:
    """Everything that one call found out; ``choice`` is the assignment worth most at the weights, of the frontier.

    It is None where nothing can be told at them, and then no regret has a value.
    ``effects`` is the rows of the mean over points; ``terms`` the tolerance of cost and the loss of expertise;
    ``people`` are those of every unit by level.
    """

    advice: Advice
    found: Effects
    effects: Sequence[Effect]
    told: Sequence[ServiceAdvice]
    checked: Sequence[Checked]
    choice: Checked | None
    factors: Sequence[Factors]
    weights: Weights
    terms: tuple[float, float]
    people: Mapping[str, FloatArray]

    def of(self, name: str) -> Checked | None:
        """Return a checked assignment by id, None where it was not looked at."""
        return next((one for one in self.checked if one.candidate.id == name), None)

    def regret(self, one: Checked) -> tuple[Interval, ...]:
        """Return what an assignment forgoes against the choice in each outcome, more is worse."""
        if self.choice is None:
            return (_NONE,) * len(JUDGED)
        return regret(self.advice, self.found, self.choice, one)

    def regret_in_steps(self, one: Checked) -> Interval:
        """Return the same at the weights, in steps of the whole."""
        if self.choice is None:
            return _NONE
        return regret_in_steps(self.advice, self.found, (self.choice, one), self.weights)

    def case(self, service: str, level: str) -> list[Effect]:
        """Return the effects that speak for or against a level: own ones and those elsewhere."""
        return [row for row in self.effects if (row.service, row.level) == (service, level) and row.scope != "whole"]


def share_large_enough(advised: Advised, level: str, safe: float) -> float:
    """Return the share of units of a level with at least so many people."""
    return float((advised.people[level] >= safe).mean())


def mean_people(advised: Advised) -> Mapping[str, float]:
    """Return the mean population of a unit of each level, people."""
    return {level: float(units.mean()) for level, units in advised.people.items()}


def grid(widths: Sequence[int], rows: Sequence[Sequence[str]]) -> Table:
    """Return rows of text in columns of these widths."""
    table = Table.grid(padding=(0, GUTTER, 0, 0))
    for width in widths:
        table.add_column(width=width)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
