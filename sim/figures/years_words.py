"""What the figure of single years shows and says in words."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sim.figures.numbers import number
from sim.figures.words import Estimate, capital, descriptions, source_line, spoken
from sim.settings.plural import counted

PER_CENT = 100.0


@dataclass(frozen=True)
class Point:
    """One regime in one year: its share of people treated in time, and the paired difference from the baseline."""

    own: Estimate
    less_baseline: Estimate


@dataclass(frozen=True)
class Panel:
    """One set of services, spoken of as ``label``: every regime's points by year."""

    label: str
    points: Mapping[tuple[str, str], Point]  # by regime and year


@dataclass(frozen=True)
class YearsContent:
    """All that the figure shows. ``changes`` are the months in which hands change, by regime."""

    regimes: Sequence[str]
    baseline: str
    benchmarks: Collection[str]
    years: Sequence[str]
    panels: Sequence[Panel]
    changes: Mapping[str, Sequence[str]]
    period: str
    replicates: int
    descriptions: Sequence[tuple[str, str]] = ()
    run_keys: Sequence[str] = ()


def message(content: YearsContent) -> str:
    """State for the first panel how many regimes differ from the baseline for sure, in the first year and the last."""
    base, panel = spoken(content.baseline), content.panels[0]
    others = [r for r in content.regimes if r != content.baseline and r not in content.benchmarks]
    start = f"People treated in time, {panel.label}"
    if not others or content.replicates == 1:
        return f"{start}, year by year" + ("" if others else f" under {base}")
    first, last = (_against(_signs(panel, others, year), others) for year in (content.years[0], content.years[-1]))
    if len(content.years) == 1:
        return f"{start}: against {base}, {first}"
    if first == last:
        return f"{start}: against {base}, {first}, in the first year as in the last"
    return f"{start}: against {base}, {first} in the first year, {last} in the last"


def _signs(panel: Panel, regimes: Sequence[str], year: str) -> list[int]:
    points = [panel.points.get((regime, year)) for regime in regimes]
    return [0 if p is None else (p.less_baseline.low > 0.0) - (p.less_baseline.high < 0.0) for p in points]


def _against(signs: Sequence[int], others: Sequence[str]) -> str:
    """Say how many regimes have clearly fewer or more people treated in time."""
    counts = [(signs.count(-1), "fewer"), (signs.count(1), "more")]
    told = [(many, word) for many, word in counts if many]
    if len(others) == 1:
        return f"{spoken(others[0])} has {told[0][1] if told else 'no clear difference'}"
    if not told:
        return f"none of {len(others)} other regimes is clearly apart"
    many, word = told[0]
    first = f"{many} of {len(others)} other regimes {'has' if many == 1 else 'have'} {word}"
    return first + "".join(f" and {more} {other}" for more, other in told[1:])


def subtitle(content: YearsContent) -> str:
    """Name the outcome, place and period."""
    return (
        "People treated within their service’s own access window from diagnosis, %, by the year of diagnosis; "
        f"England, {content.period}"
    )


def note_lines(content: YearsContent) -> list[str]:
    """Explain bands, upright lines and what a change of hands does."""
    parts = []
    if content.replicates > 1:
        parts.append(
            "Bands: 95 % interval of each regime alone. The title counts a difference when the interval of the paired "
            "difference (same people and luck) leaves out zero."
        )
    if content.changes:
        told = "; ".join(f"{spoken(regime)} in {', '.join(months)}" for regime, months in content.changes.items())
        parts.append(
            f"Dotted upright lines: hands change under {told}. The years after it hold what the change itself costs "
            "(wrong baselines, missing staff) as well as the regime that follows."
        )
    return [" ".join(parts), *descriptions(content.descriptions), source_line(content.replicates)]


def alt_text(content: YearsContent, title: str) -> str:
    """Describe the figure for a reader who does not see it."""
    sentences = [
        f"{counted(len(content.panels), 'line chart')} of people treated in time by year, one line with a band for "
        f"each regime. {title}."
    ]
    for panel in content.panels:
        parts = [_course(panel, regime, content.years) for regime in content.regimes]
        sentences.append(f"{capital(panel.label)}: {'; '.join(part for part in parts if part)}.")
    return " ".join(sentences)


def _course(panel: Panel, regime: str, years: Sequence[str]) -> str:
    found = [(year, panel.points[(regime, year)].own.value) for year in years if (regime, year) in panel.points]
    values = [f"{number(PER_CENT * value, 1)} in {year}" for year, value in found if math.isfinite(value)]
    return f"{spoken(regime)} {', '.join(values)} %" if values else ""
