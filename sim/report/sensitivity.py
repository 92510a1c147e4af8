"""What a sensitivity analysis says: which output, how much of it is chance, every index, and what they are not."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.analysis.chance import ABOVE_CHANCE, CHANCE_UNKNOWN, NOT_ABOVE_CHANCE
from sim.analysis.sensitivity import FIRST, MU_STAR, TOTAL, Index, Sensitivity
from sim.figures.numbers import factor_of, number, shown_unit
from sim.measures.outcomes import outcome
from sim.report.lines import set_label
from sim.report.table import GUTTER, number_texts
from sim.report.wrap import print_hanging
from sim.settings.plural import counted

SENSITIVITY_COLUMNS = (
    "measure",
    "service",
    "unit",
    "regime",
    "baseline",
    "method",
    "n",
    "points",
    "replicates",
    "input",
    "index",
    "value",
    "low",
    "high",
    "chance",
    "verdict",
    "mu",
    "sigma",
)
IN_TABLE = {ABOVE_CHANCE: "above", NOT_ABOVE_CHANCE: "not distinguishable", CHANCE_UNKNOWN: "chance not known"}
"""The verdicts as they stand under a heading that names chance."""


@dataclass(frozen=True)
class Output:
    """What is analysed: an outcome of one regime, or of a regime less another where ``baseline`` is named."""

    measure: str
    service: str
    regime: str
    baseline: str

    @property
    def unit(self) -> str:
        """Return the unit in which numbers are shown; what is added to a percentage counts in percentage points."""
        unit = shown_unit(outcome(self.measure))
        return "% points" if unit == "%" else unit

    @property
    def in_words(self) -> str:
        """Name the outcome, its services and its regimes."""
        whose = f"{self.regime} less {self.baseline}" if self.baseline else self.regime
        return f"{outcome(self.measure).label} ({set_label(self.service)}): {whose}"


def sensitivity_rows(output: Output, found: Sensitivity) -> list[dict[str, Any]]:
    """Return one tidy row for each index; mu_star, mu and sigma are in the unit of the measure."""
    return [
        {
            "measure": output.measure,
            "service": output.service,
            "unit": outcome(output.measure).unit if one.index == MU_STAR else "share of variance",
            "regime": output.regime,
            "baseline": output.baseline,
            "method": found.method,
            "n": found.n,
            "points": found.points,
            "replicates": found.chance.replicates,
            "input": one.input,
            "index": one.index,
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "chance": one.chance,
            "verdict": one.verdict,
            "mu": one.mu,
            "sigma": one.sigma,
        }
        for one in found.indices
    ]


def print_sensitivity(output: Output, found: Sensitivity, console: Console) -> None:
    """Print what was analysed, the indices by falling value, and the notes."""
    print_hanging([output.in_words, *head_lines(found)], console)
    console.print()
    console.print(_effects(output, found) if found.of(MU_STAR) else _shares(found))
    console.print()
    print_hanging(notes(found), console)


def head_lines(found: Sensitivity) -> Iterator[str]:
    """Say what the indices are made from and how much of the output is luck."""
    made = f"{counted(found.points, 'point')}, {counted(found.chance.replicates, 'replicate')} each"
    size = {"morris": f"{found.n} trajectories, ", "sobol": f"N = {found.n}, "}.get(found.method, "")
    yield f"Method: {found.method}; {size}{made}."
    if found.emulated is not None:
        known = found.emulated
        yield (
            f"The emulator explains {number(100 * known.held_out_r2, 1)} % of the variance of points it has not seen "
            f"(R² {number(known.held_out_r2, 2)}), and {number(100 * known.held_out_coverage)} % of them lie inside "
            "its 95 % intervals."
        )
    yield chance_line(found)


def chance_line(found: Sensitivity) -> str:
    """Say how much of the variance is luck."""
    if math.isnan(found.chance.of_runs):
        return "Chance: one replicate tells nothing about luck; run two or more before an index is believed."
    return (
        f"Chance: luck is {_per_cent(found.chance.of_runs)} of the variance of single runs, and "
        f"{_per_cent(found.chance.of_means)} of that of what is analysed, the means over replicates."
    )


def _per_cent(share: float) -> str:
    return "less than 0.1 %" if 0.0 <= share < 0.001 else f"{number(100 * share, 1)} %"


def _shares(found: Sensitivity) -> Table:
    """Lay out Sobol indices, the inputs by their total."""
    first = {one.input: one for one in found.of(FIRST)}
    totals = found.of(TOTAL)
    floor = totals[0].chance
    table = _grid("input", "alone, S1 [95 %]", "in all, ST [95 %]", "by chance", "S1: chance?", "ST: chance?")
    for total in totals:
        one = first[total.input]
        told = [_index(one), _index(total), "–" if math.isnan(floor) else number(floor, 3)]
        table.add_row(*map(Text, (total.input, *told, IN_TABLE[one.verdict], IN_TABLE[total.verdict])))
    return table


def _index(one: Index) -> str:
    return " ".join(number_texts(one.value, one.low, one.high, 1.0, most_decimals=3))


def _effects(output: Output, found: Sensitivity) -> Table:
    """Lay out elementary effects in the unit of the output."""
    factor = factor_of(outcome(output.measure))
    unit = output.unit.replace(" ", "\u00a0")  # a unit is not broken at the end of a line
    table = _grid("input", f"effect, μ* [95 %],\n{unit}", "by chance", "with sign, μ", "spread, σ", "chance?")
    for one in found.of(MU_STAR):
        size = " ".join(number_texts(one.value, one.low, one.high, factor))
        rest = [number_texts(each, math.nan, math.nan, factor, signed=sign)[0] for each, sign in _beside(one)]
        table.add_row(*map(Text, (one.input, size, *rest, IN_TABLE[one.verdict])))
    return table


def _beside(one: Index) -> Sequence[tuple[float, bool]]:
    return (one.chance, False), (one.mu, True), (one.sigma, False)


def _grid(*heads: str) -> Table:
    table = Table(box=None, padding=(0, GUTTER + 1, 0, 0), show_edge=False, header_style="")
    for place, head in enumerate(heads):
        table.add_column(Text(head), no_wrap=place == 0)
    return table


def notes(found: Sensitivity) -> Iterator[str]:
    """Say what an index is, and what it is not."""
    told = sorted({one.input for one in found.indices if one.verdict == ABOVE_CHANCE})
    yield (
        f"{len(told)} of {counted(len({one.input for one in found.indices}), 'input')} have an index above chance"
        + (f": {', '.join(told)}." if told else ".")
    )
    if found.of(MU_STAR):
        yield (
            "μ* is the mean size of what one input changes over its whole range, the others as they were; σ is large "
            "where that depends on the others or on where in the range. By chance: the μ* that luck gives an input "
            "that does nothing."
        )
    else:
        more = ", or what the emulator leaves unexplained if that is more" if found.emulated else ""
        yield (
            "S1 is the share of the output's variance that goes if the input is known; ST the share that remains if "
            "all others are known, joint effects included, so totals may sum to more than 1. By chance: the luck in "
            f"what is analysed{more}."
        )
    yield "An index counts as above chance where its whole interval lies above zero and above what chance gives."
    yield "Simulated, not observed. Shares hang on the ranges that the study gave its inputs."
