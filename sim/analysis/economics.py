"""Economics between regimes: cost per QALY, dominance, net benefit and the value of being sure, from paired draws.

A draw is a replicate (and a point, where uncertainties are varied): every regime meets the same people and luck in it.
Intervals are over replicates, each the mean of its points: the points of a replicate share its luck and the replicates
of a point its inputs, so draws are not independent of one another. How often a regime is best is told over all draws.
Costs are those of commissioners, effects the QALYs in all; both discounted, in the measured years.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.measures.cost_effectiveness import incremental_ratios, net_monetary_benefit
from sim.measures.decision_uncertainty import uncertainty_of_choice
from sim.measures.intervals import NO_VERDICT, NOT_DISTINGUISHABLE, Interval, mean_interval, paired_interval, verdict
from sim.measures.outcomes import outcome

FloatArray = npt.NDArray[np.float64]

COST = "cost_commissioners_discounted_gbp"
EFFECT = "qalys_in_all_discounted"
THRESHOLDS = (13_000.0, 20_000.0, 30_000.0)
"""Pounds a QALY: what care elsewhere achieves at the margin (Claxton et al. 2015), and the usual range of NICE."""
STATUS = {"ND": "on the frontier", "D": "dominated", "ED": "extendedly dominated"}
"""The library's words for where an option stands, and those of the table."""

QUARTERS = {
    (1, 1): "more QALYs at more cost",
    (1, 0): "more QALYs, costs not distinguishable",
    (1, -1): "dominates the baseline",
    (0, 1): "QALYs not distinguishable, costs more",
    (0, 0): NOT_DISTINGUISHABLE,
    (0, -1): "QALYs not distinguishable, costs less",
    (-1, 1): "dominated by the baseline",
    (-1, 0): "fewer QALYs, costs not distinguishable",
    (-1, -1): "fewer QALYs at less cost",
}
"""What is sure of the difference in QALYs and in costs: +1 more, -1 less, 0 not distinguishable from none."""


@dataclass(frozen=True)
class Increment:
    """One regime against the baseline; intervals are of paired differences a year, limits of the ICER by Fieller.

    ``icer`` is nan where the difference in QALYs cannot be told from none, as a quotient over nothing means nothing.
    """

    regime: str
    cost: Interval
    qalys: Interval
    icer: float
    icer_low: float
    icer_high: float
    words: str
    frontier: str


@dataclass(frozen=True)
class NetBenefit:
    """Net benefit of one regime less that of the baseline at one threshold, pounds a year, and how often it is best."""

    regime: str
    threshold: float
    benefit: Interval
    verdict: str
    share_best: float


@dataclass(frozen=True)
class Economics:
    """All comparisons of some regimes; ``evpi`` is pounds a year for each of THRESHOLDS."""

    baseline: str
    replicates: int
    points: int
    increments: Sequence[Increment]
    benefits: Sequence[NetBenefit]
    evpi: Sequence[float]


def economics(regimes: Sequence[str], costs: FloatArray, effects: FloatArray) -> Economics:
    """Compare regimes, the first of them the baseline, from costs and effects that are all finite.

    Both are [R, replicate], or [R, replicate, point] where inputs are varied. Raise ValueError without a draw.
    """
    if costs.size == 0:
        raise ValueError("no draw holds costs and effects of all regimes")
    drawn_costs, drawn_effects = (values.reshape(len(regimes), -1).T for values in (costs, effects))
    choice = uncertainty_of_choice(drawn_costs, drawn_effects, THRESHOLDS)
    replicates = costs.shape[1]
    costs, effects = (values.reshape(len(regimes), replicates, -1).mean(axis=2) for values in (costs, effects))
    places = _frontier(costs.mean(axis=1), effects.mean(axis=1))
    smallest = outcome(COST).smallest_difference_from(float(costs[0].mean()))
    benefits = []
    for number, regime in enumerate(regimes):
        for place, threshold in enumerate(THRESHOLDS):
            ours, theirs = (net_monetary_benefit(costs[row], effects[row], threshold) for row in (number, 0))
            benefit = paired_interval(ours, theirs)
            word = verdict(benefit, smallest) if number else "baseline"
            benefits.append(NetBenefit(regime, threshold, benefit, word, float(choice.acceptability[place, number])))
    return Economics(
        baseline=regimes[0],
        replicates=replicates,
        points=drawn_costs.shape[0] // replicates,
        increments=[
            _increment(regime, costs[n] - costs[0], effects[n] - effects[0], places[n])
            for n, regime in enumerate(regimes)
        ],
        benefits=benefits,
        evpi=choice.value_of_information.tolist(),
    )


def _increment(regime: str, cost: FloatArray, qalys: FloatArray, frontier: str) -> Increment:
    more, gained = mean_interval(cost), mean_interval(qalys)
    icer, low, high = math.nan, math.nan, math.nan
    if gained.excludes_zero:
        icer = more.mean / gained.mean
        low, high = _fieller(cost, qalys)
    return Increment(regime, more, gained, icer, low, high, _in_words(more, gained), frontier)


def _in_words(cost: Interval, qalys: Interval) -> str:
    """Tell in which quarter of the plane of cost and effect a regime lies, as far as its intervals can tell."""
    if cost.n < 2:
        return NO_VERDICT
    sure_qalys, sure_cost = (int(found.low > 0.0) - int(found.high < 0.0) for found in (qalys, cost))
    return QUARTERS[sure_qalys, sure_cost]


def _fieller(cost: FloatArray, qalys: FloatArray, confidence: float = 0.95) -> tuple[float, float]:
    """Return Fieller's limits of mean cost over mean effect, of pairs; unbounded (nan) unless the effect is sure.

    The limits are the roots in R of (c − R·q)² = t²·var(c − R·q)/n, with means c and q of n pairs.
    """
    from scipy.special import stdtrit

    n = cost.size
    t2 = float(stdtrit(n - 1, 0.5 + confidence / 2)) ** 2 / n
    (vc, cov), (_, vq) = np.cov(cost, qalys).tolist()
    c, q = float(cost.mean()), float(qalys.mean())
    a, b, k = q * q - t2 * vq, c * q - t2 * cov, c * c - t2 * vc
    inside = b * b - a * k
    if a <= 0.0 or inside < 0.0:
        return math.nan, math.nan
    return (b - math.sqrt(inside)) / a, (b + math.sqrt(inside)) / a


def _frontier(costs: FloatArray, effects: FloatArray) -> list[str]:
    """Say of each regime by its means [R] whether another, or a mixture of two others, gives as much for less.

    Regimes that are alike in both stand alike.
    """
    numbers = [str(number) for number in range(costs.size)]
    found = incremental_ratios(costs, effects, numbers)
    status = dict(zip(found.option, found.status, strict=True))
    alike = (costs[:, np.newaxis] == costs) & (effects[:, np.newaxis] == effects)
    return [STATUS[status[str(first)]] for first in alike.argmax(axis=1)]
