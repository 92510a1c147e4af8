"""The lines of cost of finished runs, by payer, provider, service or year, and spend against plan; nothing is run."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.analysis.economics import COST, EFFECT, Economics, economics
from sim.measures.intervals import Interval, mean_interval
from sim.measures.money_outcomes import money_outcomes
from sim.measures.outcomes import outcome
from sim.measures.rows import ALL, ALL_YEARS, NATIONAL, PAYER, PROVIDER
from sim.study.plan import NamedRun
from sim.study.store import DamagedRunError, Store
from sim.study.table import Table

Bools = npt.NDArray[np.bool_]
Key = tuple[str, str, str, str, str]
"""Measure, area, its name, service and period of a row."""
Lines = Mapping[Key, tuple[float, float]]
"""Numerator and denominator of every line that a run has."""

BY = ("payer", "provider", "service", "year")
OF_PLANS = ("spend_over_plan_share", "overspend_share_of_plan", "overspent_plans_share")
"""Shares whose numerators and denominators are added over runs, as a mean of quotients would let small plans count."""


@dataclass(frozen=True)
class MoneyRow:
    """The mean over the runs of one regime of one line of money; ``value`` and its limits are in ``unit``.

    Limits are over replicates, each the mean of its points; ``runs`` is the number of replicates that have the line.
    """

    regime: str
    measure: str
    label: str
    area: str
    area_name: str
    service: str
    period_start: str
    numerator: float
    denominator: float
    value: float
    low: float
    high: float
    unit: str
    runs: int


@dataclass(frozen=True)
class Money:
    """What was found: rows in reading order, economics where two regimes have runs, and the files that were damaged.

    All is told over the same draws, a large block of points and replicates in which no regime with runs lacks one,
    so that replicates differ by luck alone; ``left_out`` counts the runs beside it.
    """

    rows: Sequence[MoneyRow]
    economics: Economics | None
    damaged: Sequence[DamagedRunError]
    left_out: int = 0


def money_of(runs: Sequence[NamedRun], store: Store, regimes: Sequence[str], by: str, options: Sequence[str]) -> Money:
    """Read the lines of cost of some regimes, the first of them the baseline; ``options`` are those that can be chosen.

    ``by`` is one of BY, or empty for the nation over all years. Runs that are missing are passed over.
    """
    found: dict[str, dict[tuple[int, int], Lines]] = {regime: {} for regime in regimes}
    health: dict[tuple[int, int], dict[str, dict[str, float]]] = {}
    damaged, seen = [], dict[str, Table]()
    for run in runs:
        if run.scenario not in found or not store.path(run.key).exists():
            continue
        try:
            table = seen[run.key] = seen.get(run.key) or _only_money(store.read(run.key).table)
        except DamagedRunError as error:
            damaged.append(error)
            continue
        found[run.scenario][run.point, run.replicate] = _lines(table, by)
        health.setdefault((run.point, run.replicate), {})[run.scenario] = _cost_and_effect(table)
    told = [set(runs) for runs in found.values() if runs]
    replicates, points = _large_block(set.intersection(*told) if told else set())
    rows = [
        row
        for regime in regimes
        if found[regime]
        for row in _means(regime, [(at, found[regime][point, at]) for point in points for at in replicates])
    ]
    left_out = sum(map(len, told)) - len(told) * len(replicates) * len(points)
    draws = [[health[point, at] for point in points] for at in replicates]
    return Money(rows, _economics([name for name in regimes if name in options], draws), damaged, left_out)


def _only_money(table: Table) -> Table:
    """Keep of a run's table what is in pounds, and the QALYs in all."""
    names = [known.id for known in money_outcomes()]
    wanted = np.isin(table["measure"], [*names, EFFECT])
    return {name: column[wanted] for name, column in table.items()}


def _lines(table: Table, by: str) -> dict[Key, tuple[float, float]]:
    """Return numerator and denominator of every row that is wanted; of payers and providers each year's too."""
    wanted = _wanted(table, by) & (table["measure"] != EFFECT)
    columns = [table[name][wanted].tolist() for name in ("measure", "area", "area_name", "service", "period_start")]
    numbers = [table[name][wanted].tolist() for name in ("numerator", "denominator")]
    return dict(zip(zip(*columns, strict=True), zip(*numbers, strict=True), strict=True))


def _wanted(table: Table, by: str) -> Bools:
    geography = {"payer": PAYER, "provider": PROVIDER}.get(by, NATIONAL)
    whole: Bools = table["period_start"] == ALL_YEARS
    together: Bools = table["service"] == ALL
    period = ~whole if by == "year" else whole | (by in ("payer", "provider"))
    chosen = period & (together != (by == "service"))
    return np.asarray((table["geography"] == geography) & chosen, dtype=np.bool_)


def _means(regime: str, runs: Sequence[tuple[int, Lines]]) -> Iterator[MoneyRow]:
    """Yield the mean of every line over the replicates of a regime; a line that a run lacks is nothing in it."""
    order = [known.id for known in money_outcomes()]
    keys = sorted(
        {key for _, run in runs for key in run}, key=lambda key: (key[1], key[3], key[4], order.index(key[0]))
    )
    replicates = sorted({replicate for replicate, _ in runs})
    for key in keys:
        measure, area, name, service, period = key
        bottom = max(run[key][1] for _, run in runs if key in run)
        nothing = (0.0, 0.0 if measure in OF_PLANS else bottom)
        pairs = np.array(
            [
                np.mean([run.get(key, nothing) for at, run in runs if at == replicate], axis=0)
                for replicate in replicates
            ]
        )
        known = outcome(measure)
        value = _value(measure, pairs).within(known.lowest, known.highest)
        top, below = pairs.mean(axis=0).tolist()
        limits = (value.mean, value.low, value.high)
        yield MoneyRow(
            regime, measure, known.label, area, name, service, period, top, below, *limits, known.unit, value.n
        )


def _value(measure: str, pairs: npt.NDArray[np.float64]) -> Interval:
    """Return the mean value of numerators and denominators [replicate, 2], with its interval.

    A share of plans is a quotient of sums, R; its interval is that of the mean of the replicates' linearised values
    R + (top - R bottom) / mean bottom (Cochran, Sampling Techniques, 1977, section 6.4).
    """
    tops, bottoms = pairs.T
    counted = bottoms > 0
    if not counted.any():
        return Interval(float("nan"), float("nan"), float("nan"), 0)
    tops, bottoms = tops[counted], bottoms[counted]
    if measure not in OF_PLANS:
        return mean_interval(tops / bottoms)
    quotient = tops.sum() / bottoms.sum()
    less = 1.0 if measure == "spend_over_plan_share" else 0.0
    return mean_interval(quotient - less + (tops - quotient * bottoms) / bottoms.mean())


def _cost_and_effect(table: Table) -> dict[str, float]:
    national = (table["geography"] == NATIONAL) & (table["service"] == ALL) & (table["period_start"] == ALL_YEARS)
    named = zip(table["measure"][national].tolist(), table["value"][national].tolist(), strict=True)
    return {measure: value for measure, value in named if measure in (COST, EFFECT)}


def _economics(
    regimes: Sequence[str], draws: Sequence[Sequence[Mapping[str, Mapping[str, float]]]]
) -> Economics | None:
    """Compare the regimes over draws [replicate][point]; None without two regimes of which all is known in each."""
    known = all({COST, EFFECT} <= set(draw.get(name, ())) for row in draws for draw in row for name in regimes)
    if len(regimes) < 2 or not draws or not known:
        return None
    costs, effects = (
        np.array([[[draw[name][what] for draw in row] for row in draws] for name in regimes]) for what in (COST, EFFECT)
    )
    return economics(regimes, costs, effects)


def _large_block(draws: Collection[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Return replicates and points with many draws (point, replicate) among which none is missing.

    They are the fullest replicates, and the points that all of these have: of such blocks the one with the most draws.
    Others may hold more.
    """
    points_of: dict[int, set[int]] = {}
    for point, replicate in draws:
        points_of.setdefault(replicate, set()).add(point)
    fullest = sorted(points_of, key=lambda replicate: (-len(points_of[replicate]), replicate))
    best: tuple[list[int], list[int]] = ([], [])
    for many in range(1, len(fullest) + 1):
        points = set.intersection(*(points_of[replicate] for replicate in fullest[:many]))
        if many * len(points) >= len(best[0]) * len(best[1]):
            best = sorted(fullest[:many]), sorted(points)
    return best
