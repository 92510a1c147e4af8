"""What stands below the comparison table: what the numbers are, and what they are not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.analysis.paired import Comparison
from sim.figures.numbers import number
from sim.measures.outcomes import outcome
from sim.measures.rows import ALL, ALL_PATIENTS, ALL_SERVICES
from sim.report.lines import SECTIONS
from sim.report.table import Compared, has_intervals
from sim.settings.plural import counted
from sim.specification.axes import LEVERS
from sim.specification.plausible import implausible
from sim.specification.run import Study
from sim.specification.switches import declared
from sim.world.evidence import service_facts

EVERYONE = (ALL, ALL_PATIENTS, ALL_SERVICES)
LARGEST_DRIFT_PER_YEAR = 0.10
"""A queue that changes faster than this was not settled when measurement began, or never will be."""


@dataclass(frozen=True)
class Queue:
    """People waiting on the first and on the last measured day under one regime, mean over replicates."""

    regime: str
    at_start: float
    at_end: float
    years: int

    @property
    def growth_per_year(self) -> float:
        """Return the yearly growth as a share, 0 for a queue that was empty throughout."""
        if self.at_start <= 0:
            return float("inf") if self.at_end > 0 else 0.0
        return float((self.at_end / self.at_start) ** (1 / self.years) - 1)


def queues(compared: Compared, years: int) -> list[Queue]:
    """Collect the queues of all regimes in the order of the study."""
    found = []
    for regime in compared.regimes:
        start, end = (compared.find(f"waiting_at_{when}", ALL, regime) for when in ("start", "end"))
        if start is not None and end is not None:
            found.append(Queue(regime, start.mean, end.mean, years))
    return found


def assumed_inputs(study: Study) -> tuple[int, int]:
    """Count the inputs of a study that are graded as assumptions, and all graded inputs."""
    grades = [entry.facts.grade for entry in declared(study.parameters) if entry.facts.grade]
    grades += [fact.grade for fact in service_facts() if fact.service_id in study.services]
    return grades.count("assumption"), len(grades)


def notes(study: Study, compared: Compared) -> Iterator[str]:
    """Yield the notes below the table of one comparison, one paragraph each."""
    yield from _about_inputs(study)
    yield from _about_runs(study, compared.rows)
    yield from _about_words(has_intervals(compared.rows))
    yield from _about_queues(queues(compared, study.horizon.years))


def sweep_notes(study: Study, compared: Sequence[Compared]) -> Iterator[str]:
    """Yield the notes below the table of a study with many points; ``compared`` has one entry a point."""
    yield from _about_inputs(study)
    rows = [row for found in compared for row in found.rows]
    yield from _about_runs(study, rows)
    yield from _about_points(study)
    yield from _about_words(has_intervals(rows))
    drifting = sum(bool(_drifting(queues(found, study.horizon.years))) for found in compared)
    if drifting:
        yield (
            f"Warning: at {drifting} of {len(compared)} points the queue of a regime changes by more than "
            f"{number(100 * LARGEST_DRIFT_PER_YEAR)} % a year; results there hang on when measurement begins."
        )


def _about_inputs(study: Study) -> Iterator[str]:
    assumed, graded = assumed_inputs(study)
    yield (
        f"Simulated, not observed. {number(100 * assumed / max(graded, 1))} % of the inputs ({assumed} of {graded}) "
        "are graded as assumptions."
    )
    outside = list(implausible(study))
    if outside:
        yield f"Warning: {'; '.join(outside)}."
    yield (
        "Not modelled: treatment that is not worth its money, except for referrals of low value; change in need, "
        "prices and technique within a service; people who move. How tight money is "
        "(budget.plan_share_of_expected) is an assumption on which the size of a difference hangs."
    )


def _about_points(study: Study) -> Iterator[str]:
    """Say what was varied, and what a lever cannot reach."""
    yield (
        "Every point was run by itself, on the same people with the same luck wherever it leaves the people alone; "
        "nothing between points was simulated. Differences are from the baseline at the same point."
    )
    levers = [axis.name for axis in study.axes if axis.group == LEVERS]
    benchmarks = [scenario.id for scenario in study.compare if scenario.benchmark]
    if levers and benchmarks:
        yield f"No lever acts under a benchmark: {', '.join(benchmarks)} does not follow {', '.join(levers)}."


def _about_words(verdicts: bool) -> Iterator[str]:
    words = (
        " larger, smaller: the interval lies beyond the smallest difference that matters; equivalent: within it; not "
        "distinguishable: it spans zero; cannot be told: there is a difference, but not surely one that matters."
    )
    differences = "Differences are regime minus baseline, those of percentages in percentage points."
    yield differences + (words if verdicts else "")
    yield (
        "In time: within the service's own access window. Every patient alike: patients pooled, so common services "
        "count most; every service alike: the mean over services. Twins: identical people in two random places; "
        "wait gap: the 90th less the 10th percentile of places."
    )


def _about_runs(study: Study, rows: Sequence[Comparison]) -> Iterator[str]:
    """Say what the intervals hold, which services were sampled, and whether runs are missing."""
    if has_intervals(rows):
        yield (
            f"{counted(study.replicates, 'replicate')}; in each, all regimes meet the same people with the same luck. "
            "Intervals (95 %) hold the luck of the simulated world; they do not hold doubt about inputs or about the "
            "form of the model."
        )
    else:
        yield (
            "One replicate, in which all regimes meet the same people with the same luck: no interval and no verdict; "
            "any difference may be luck. Two replicates or more tell more (--set replicates=4)."
        )
    sampled = [f"{service} ({weight} people each)" for service, weight in study.weights if weight > 1]
    if sampled:
        yield (
            f"Sampled: one simulated patient stands for several people in {', '.join(sampled)}. Chance weighs more "
            "there, in every sum and in every index. The level moves too: slots and money are given out in lumps, so "
            "fewer are treated in time than in a study of everyone; compare a few points with everyone first."
        )
    shown = {(line.measure, name) for section in SECTIONS for line in section.lines for name in line.sets}
    told = [row for row in rows if (row.measure, row.service) in shown]
    if any(_is_cut(row) for row in told):
        yield "Intervals of a regime end where no value can lie: shares at 0 and 100 %, spreads, costs and days at 0."
    yield from _about_pairs(told, study.replicates)


def _is_cut(row: Comparison) -> bool:
    known = outcome(row.measure)
    return known.lowest == row.mean_low < row.mean or row.mean < row.mean_high == known.highest


def _about_pairs(rows: Sequence[Comparison], replicates: int) -> Iterator[str]:
    """Warn when runs are missing; say so more quietly when a set of services had nobody in some replicates."""
    fewest = min((row.pairs for row in rows if row.service in EVERYONE), default=replicates)
    if fewest < replicates:
        yield (
            f"Warning: some outcomes above rest on {fewest} of {counted(replicates, 'replicate')}, because runs "
            "failed or had nobody to measure; see pairs and dropped_pairs in comparison.csv."
        )
    if any(row.pairs < fewest for row in rows):
        yield (
            "Some groups of services had nobody to measure in some replicates; see pairs and dropped_pairs in "
            "comparison.csv."
        )


def _about_queues(found: Sequence[Queue]) -> Iterator[str]:
    if not found:
        return
    told = [
        f"{queue.regime} {number(queue.at_start)} to {number(queue.at_end)} ({_growth(queue.growth_per_year)} a year)"
        for queue in found
    ]
    yield f"People waiting, first to last measured day: {'; '.join(told)}."
    drifting = _drifting(found)
    if drifting:
        yield (
            f"Warning: the queue changes by more than {number(100 * LARGEST_DRIFT_PER_YEAR)} % a year under "
            f"{', '.join(drifting)}; results depend on when measurement begins and ends."
        )


def _drifting(found: Sequence[Queue]) -> list[str]:
    return [queue.regime for queue in found if abs(queue.growth_per_year) > LARGEST_DRIFT_PER_YEAR]


def _growth(share: float) -> str:
    return "from nobody" if share == float("inf") else f"{number(100 * share, 1, signed=True)} %"
