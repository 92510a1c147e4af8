"""Single years of a study in which hands change: the change itself, and what is left of it later."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from sim.analysis.paired import Comparison
from sim.analysis.yearly import YearRow, yearly_differences
from sim.measures.rows import ALL_PATIENTS, ALL_SERVICES
from sim.report.files import write_csv
from sim.report.lines import SET_LABELS
from sim.report.table import number_texts
from sim.specification.run import Study
from sim.study.plan import NamedRun
from sim.study.store import Store
from sim.study.years import collect_years

if TYPE_CHECKING:
    from sim.figures.years_words import YearsContent

MEASURE = "access_from_diagnosis"
SHOWN = (ALL_PATIENTS, ALL_SERVICES)
FILE = "years.csv"
COLUMNS = ("year", *(field.name for field in fields(Comparison)))
PER_CENT = 100.0
BESIDE = 2
"""Regimes that stand beside the baseline in one table, so that it fits a terminal."""


@dataclass(frozen=True)
class Years:
    """The paired comparisons of single years, and the months in which hands change, by regime."""

    rows: Sequence[YearRow]
    changes: Mapping[str, Sequence[str]]

    def of(self, service: str, regime: str) -> list[tuple[str, Comparison]]:
        """Return one regime's years in order, each with its comparison."""
        found = [(row.year, row.compared) for row in self.rows]
        return [(year, one) for year, one in found if (one.service, one.regime) == (service, regime) and one.pairs]


def changes_of(study: Study) -> dict[str, list[str]]:
    """Return the simulated months in which another regime comes into force, by scenario; none where nothing changes."""
    found = {one.id: [month for month, _ in one.within(study.horizon)[1:]] for one in study.compare}
    return {regime: months for regime, months in found.items() if months}


def years_of(study: Study, runs: Sequence[NamedRun], store: Store) -> Years | None:
    """Compare single years; None where no hands change, where values are varied, or where the baseline has no run."""
    changes = changes_of(study)
    if study.axes or not changes:
        return None
    frame = collect_years(runs, store, MEASURE)
    if not (frame["regime"] == study.baseline).any():
        return None
    return Years(yearly_differences(frame, study.baseline), changes)


def write_years(years: Years, path: Path) -> None:
    """Write one row for each year, set of services and regime."""
    write_csv([{"year": row.year} | asdict(row.compared) for row in years.rows], COLUMNS, path)


def year_lines(years: Years, study: Study) -> Iterator[str]:
    """Yield the section: tables of the baseline in each year, and of every regime less it."""
    yield "YEAR BY YEAR: TREATED IN TIME, FROM DIAGNOSIS, %"
    regimes = [one.id for one in study.compare if not one.benchmark and one.id != study.baseline]
    for service in SHOWN:
        base = dict(years.of(service, study.baseline))
        others = {regime: dict(years.of(service, regime)) for regime in regimes}
        for some in _side_by_side(regimes):
            heads = [SET_LABELS[service], study.baseline, *(f"{regime} less it" for regime in some)]
            rows = [
                [year, _told(one, of_baseline=True), *(_told(others[regime].get(year)) for regime in some)]
                for year, one in base.items()
            ]
            yield from _table([heads, *rows]) if rows else ()
    changed = "; ".join(f"{regime} in {', '.join(months)}" for regime, months in years.changes.items())
    yield (
        f"Hands change: {changed}. The years after it hold what the change itself costs (mechanism 17: wrong "
        "baselines, missing staff), which --set handover.enabled=false leaves out, beside what the next regime "
        f"does. Each year is that of diagnosis. By service and tier: {FILE}."
    )
    yield ""


def _side_by_side(regimes: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the regimes that stand beside the baseline in one table; only the baseline where there is no other."""
    if not regimes:
        yield ()
    for first in range(0, len(regimes), BESIDE):
        yield regimes[first : first + BESIDE]


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows as lines whose columns stand below one another."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _told(one: Comparison | None, of_baseline: bool = False) -> str:
    if one is None:
        return "–"
    numbers = (one.mean, one.mean_low, one.mean_high)
    if not of_baseline:
        numbers = (one.difference, one.difference_low, one.difference_high)
    value, interval = number_texts(*numbers, PER_CENT, signed=not of_baseline, most_decimals=1)
    return f"{value} {interval}" if math.isfinite(numbers[1]) else value


def years_content(study: Study, years: Years, keys: Sequence[str]) -> "YearsContent | None":
    """Gather what the figure of single years shows; None where nobody was measured."""
    from sim.figures.tile_content import measured_period
    from sim.figures.words import Estimate
    from sim.figures.years_words import Panel, Point, YearsContent

    panels = []
    for service in SHOWN:
        points = {
            (regime, year): Point(
                Estimate(one.mean, one.mean_low, one.mean_high),
                Estimate(one.difference, one.difference_low, one.difference_high),
            )
            for regime in study.scenarios
            for year, one in years.of(service, regime)
        }
        if points:
            panels.append(Panel(SET_LABELS[service], points))
    if not panels:
        return None
    there = {regime for panel in panels for regime, _ in panel.points}
    return YearsContent(
        regimes=[regime for regime in study.scenarios if regime in there],
        baseline=study.baseline,
        benchmarks=[one.id for one in study.compare if one.benchmark],
        years=sorted({year for panel in panels for _, year in panel.points}),
        panels=panels,
        changes=years.changes,
        period=measured_period(study.horizon),
        replicates=study.replicates,
        descriptions=[(one.id, one.title) for one in study.compare if one.id in there],
        run_keys=keys,
    )
