"""What a tornado of sensitivity indices says in words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.analysis.chance import ABOVE_CHANCE
from sim.analysis.sensitivity import FIRST, MU_STAR, TOTAL, Index, Sensitivity
from sim.figures.numbers import factor_of, number, shown_unit
from sim.figures.words import Estimate, spoken, with_interval
from sim.measures.outcomes import outcome
from sim.measures.rows import ALL, ALL_PATIENTS, ALL_SERVICES
from sim.settings.plural import counted

MOST_DRAWN = 20
SETS = {ALL: "", ALL_PATIENTS: "each patient alike", ALL_SERVICES: "each service alike"}


@dataclass(frozen=True)
class TornadoContent:
    """All that the figure shows and says; without a baseline it is about one regime's own level."""

    measure: str
    service: str
    regime: str
    baseline: str
    found: Sensitivity
    years: str
    run_keys: Sequence[str]

    @property
    def leading(self) -> str:
        """Return the index by which inputs are sorted: the total, or the mean size of effects."""
        return MU_STAR if self.found.of(MU_STAR) else TOTAL

    @property
    def drawn(self) -> list[Index]:
        """Return the leading index of the inputs that have a row, the largest first."""
        return self.found.of(self.leading)[:MOST_DRAWN]

    @property
    def alone(self) -> dict[str, Index]:
        """Return the first-order index by input, none of a screening."""
        return {one.input: one for one in self.found.of(FIRST)}

    @property
    def factor(self) -> float:
        """Return what an index is multiplied by when it is shown: effects are in the outcome's unit, shares are not."""
        return factor_of(outcome(self.measure)) if self.leading == MU_STAR else 1.0

    @property
    def unit(self) -> str:
        """Return the words for the axis."""
        if self.leading != MU_STAR:
            return "share of the variance"
        unit = shown_unit(outcome(self.measure))
        return f"mean size of effect over the whole range, μ* ({'% points' if unit == '%' else unit})"


def subject(content: TornadoContent) -> str:
    """Name the output: what it is, for whom, under which regimes."""
    sets = SETS.get(content.service, content.service.replace("_", " "))
    what = ", ".join(word for word in (outcome(content.measure).label, sets) if word)
    whose = f"{spoken(content.regime)} less {spoken(content.baseline)}" if content.baseline else spoken(content.regime)
    return f"{what}; {whose}"


def message(content: TornadoContent) -> str:
    """Name the input that matters most, if any can be told from chance."""
    told = [one for one in content.drawn if one.verdict == ABOVE_CHANCE]
    about = f"the difference between {spoken(content.regime)} and {spoken(content.baseline)}"
    what = about if content.baseline else f"the outcome under {spoken(content.regime)}"
    if not told:
        return f"No input’s effect on {what} can be told from chance"
    rest = f"; {len(told) - 1} more can be told from chance" if len(told) > 1 else "; no other can be told from chance"
    return f"{told[0].input} matters most for {what}: {amount(content, told[0])}{rest}"


def amount(content: TornadoContent, one: Index) -> str:
    """Write an index with its name and interval."""
    name = {MU_STAR: "μ*", TOTAL: "ST", FIRST: "S1"}[one.index]
    return f"{name} {with_interval(Estimate(one.value, one.low, one.high), content.factor, most_decimals=3)}"


def subtitle(content: TornadoContent) -> str:
    """Name the output, place and period."""
    return f"{subject(content)}; England, {content.years}"


def note_lines(content: TornadoContent) -> list[str]:
    """Explain indices, hollow bars, chance and the source."""
    found = content.found
    kinds = (
        "μ* is the mean size of what an input changes over its whole range, the others as they were."
        if content.leading == MU_STAR
        else "ST: share of the variance that remains if all other inputs are known; S1 (diamond): share that goes if "
        "this one alone is known."
    )
    left = len(found.of(content.leading)) - len(content.drawn)
    more = f" {counted(left, 'smaller input')} not drawn." if left else ""
    luck = found.chance
    shares = "not known from one replicate"
    if not math.isnan(luck.of_means):
        shares = f"{number(100 * luck.of_means, 1)} % of the variance of what is analysed"
    emulator = ""
    if found.emulated is not None:
        emulator = f" By an emulator that explains {number(100 * found.emulated.held_out_r2, 1)} % of points not seen."
    return [
        f"{kinds} Lines are 95 % intervals. Grey line: what chance gives; hollow bars cannot be told from it.{more}",
        f"Luck is {shares}.{emulator} Source: this model. Simulated, not observed; most inputs are graded as "
        f"assumptions. {counted(found.points, 'point')}, {counted(luck.replicates, 'replicate')} each.",
    ]


def alt_text(content: TornadoContent, title: str) -> str:
    """Describe the figure for a reader who does not see it."""
    first = content.alone
    told = []
    for one in content.drawn:
        beside = f", {amount(content, first[one.input])}" if one.input in first else ""
        told.append(f"{one.input} {amount(content, one)}{beside}, {one.verdict}")
    return f"Horizontal bars, one for each input, the largest on top. {title}. {subject(content)}. {'; '.join(told)}."
