"""Advice in words: verdicts, the case for and against a level from numbers, and what the numbers are not."""

import math
from collections.abc import Iterator, Sequence

from sim.analysis.adviser import Advice
from sim.analysis.adviser_effects import JUDGED
from sim.analysis.adviser_factors import FEWEST, FOR_DELEGATION
from sim.analysis.adviser_frontier import Checked
from sim.analysis.adviser_scores import MATTERS, Weights, weightings
from sim.analysis.adviser_standing import DOMINATED, NOT_JUDGED, TIED
from sim.analysis.adviser_verdicts import KEEP, MOVE, NOT_MEASURED, Effect, Missing, ServiceAdvice
from sim.figures.numbers import MOST_DECIMALS, decimals_that_matter, factor_of, number
from sim.measures.intervals import EQUIVALENT, NOT_DISTINGUISHABLE, Interval
from sim.measures.outcomes import outcome
from sim.report.notes import assumed_inputs
from sim.report.table import number_texts
from sim.settings.plural import counted
from sim.specification.levels import unit_counts

OUTCOME_HEADS = ("in time,\npoints", "twins unlike,\npoints", "QALYs a year\nin all", "cost in all,\n£m a year")
"""The four outcomes in the order in which they are judged."""
NATION = "nation"
RULED_OUT = "ruled out: the other services are surely worse off"
ROUNDING = 1e-6
"""A difference smaller than this part of what matters is rounding of equal numbers."""


def verdict_words(advice: Advice, told: ServiceAdvice) -> str:
    """Word a verdict: ``delegate: icb_2022``, ``keep national``, ``toss-up``."""
    if told.verdict == MOVE:
        local = unit_counts()[told.level] > unit_counts()[advice.reference]
        return f"{'delegate' if local else 'centralise'}: {told.level}"
    if told.verdict == KEEP:
        return "keep national" if advice.reference == NATION else f"keep: {advice.reference}"
    return told.verdict


def score_text(score: Interval) -> str:
    """Write a score in steps with its interval, or that there is none.

    >>> score_text(Interval(float("nan"), float("nan"), float("nan"), 0))
    'not measured'
    """
    if math.isnan(score.mean):
        return NOT_MEASURED
    return " ".join(number_texts(score.mean, score.low, score.high, 1.0, signed=True, most_decimals=2))


def amount_text(kind: int, interval: Interval, step: float) -> str:
    """Write a difference of one outcome of the whole over its interval, or that it cannot be told from none."""
    if math.isnan(interval.mean):
        return NOT_MEASURED
    value, limits = _texts(kind, interval, step, signed=True)
    if max(abs(interval.low), abs(interval.high)) < ROUNDING * step:
        return "0"
    told = interval.excludes_zero or math.isnan(interval.low)
    return f"{value}\n{limits}" if told else f"{NOT_DISTINGUISHABLE}\n{limits}"


def _texts(kind: int, interval: Interval, step: float, signed: bool) -> tuple[str, str]:
    factor = factor_of(outcome(JUDGED[kind].own))
    most = decimals_that_matter(factor * step) + 1 if math.isfinite(step) else MOST_DECIMALS
    value, limits = number_texts(
        interval.mean, interval.low, interval.high, factor, signed=signed, most_decimals=min(most, MOST_DECIMALS)
    )
    return value, limits.replace(" to ", ", ")


def case_for(rows: Sequence[Effect]) -> list[str]:
    """Say what surely speaks for a level: every effect whose interval lies on the better side of zero."""
    return [_effect_words(row) for row in rows if row.gain > 0]


def case_against(rows: Sequence[Effect]) -> list[str]:
    """Say what surely speaks against a level."""
    return [_effect_words(row) for row in rows if row.gain < 0]


def not_measured(rows: Sequence[Effect], services: int) -> list[str]:
    """Name the outcomes of a level that no run has; with one service there is no mean of others to be missed."""
    elsewhere = services > 1
    return [
        f"{'elsewhere ' if row.scope == 'elsewhere' else ''}{row.outcome}"
        for row in rows
        if row.verdict == NOT_MEASURED and (elsewhere or row.scope == "own")
    ]


def missing_words(told: ServiceAdvice) -> str:
    """Say why there is no verdict, or not of every level.

    >>> missing_words(ServiceAdvice("pnh", "", "no verdict", "", Interval(0, 0, 0, 1), (), 0.0, 0.0, ()))
    'too few replicates measure it'
    """
    why: dict[str, list[Missing]] = {}
    for one in told.missing:
        why.setdefault(one.why, []).append(one)
    parts = [
        f"{reason}: {', '.join(dict.fromkeys(one.outcome for one in found))} "
        f"({', '.join(dict.fromkeys(one.level for one in found))})"
        for reason, found in why.items()
    ]
    return "; ".join(parts) or "too few replicates measure it"


def _effect_words(row: Effect) -> str:
    kind = [judged.id for judged in JUDGED].index(row.outcome)
    shown, more = row.difference, row.difference.mean > 0.0
    if not more and row.outcome != "discordance":
        shown = Interval(-shown.mean, -shown.high, -shown.low, shown.n)
    value, limits = _texts(kind, shown, row.smallest, signed=row.outcome == "discordance")
    amount = f"{value} {limits}"
    words = {
        "access": f"{amount} points {'more' if more else 'fewer'} treated in time",
        "discordance": f"twin discordance {amount} points",
        "health": f"{amount} QALYs a year {'more' if more else 'fewer'}",
        "cost": f"£{value}m {limits} a year {'dearer' if more else 'cheaper'}",
    }[row.outcome]
    small = ", less than matters" if row.verdict == EQUIVALENT else ""
    return f"{'elsewhere ' if row.scope == 'elsewhere' else ''}{words}{small}"


def status_words(one: Checked) -> str:
    """Say where an assignment stands."""
    if one.status == DOMINATED:
        return f"dominated by {one.rival}"
    if one.status == NOT_JUDGED:
        unseen = [f"{outcome} of {service}" for outcome, service in one.unmeasured]
        why = f"not measured: {', '.join(unseen)}; means are of the other services" if unseen else "too few runs"
        return f"not judged ({why})"
    return f"ties with {one.rival}" if one.status == TIED else "on the frontier"


def people_text(people: float) -> str:
    """Write a population to two digits; none where no population suffices.

    >>> people_text(1_345_000.0), people_text(0.0), people_text(float("inf"))
    ('1,300,000', 'any', 'none')
    """
    if not math.isfinite(people):
        return "none"
    return "any" if people < 1.0 else number(people, 1 - math.floor(math.log10(people)))


def weights_text(weights: Weights) -> str:
    """Write weights as they are given: ``access=1,discordance=1``."""
    return ",".join(f"{judged.id}={weight:g}" for judged, weight in zip(JUDGED, weights, strict=True))


def notes(advice: Advice, weights: Weights, terms: tuple[float, float]) -> Iterator[str]:
    """Say what was moved, what a step is, what intervals hold, and what the numbers are not."""
    study = advice.origin
    assumed, graded = assumed_inputs(study)
    yield (
        f"Simulated, not observed. {number(100 * assumed / max(graded, 1))} % of the inputs ({assumed} of {graded}) "
        "are graded as assumptions."
    )
    yield (
        f"A service moves with all four functions; all others, and what is not modelled, stay at {advice.reference} "
        "(but where a level holds everything). Levers are those of "
        f"{study.baseline}: allocation, year-end, prices and risk share act between the units that hold a moved "
        "service; a specification binds nobody where policy and contracts have one holder."
    )
    yield (
        "Steps: own effects in smallest differences that matter (1 point in time, 2 points of discordance, 0.1 % of "
        f"QALYs, 0.5 % of cost of that service), weighed ({weights_text(weights)}) and added; beyond "
        f"{MATTERS:g} step the verdict is delegate or keep, otherwise toss-up, and none where something that weighs is "
        "not measured; a level at which the other services are surely worse off by what matters in the whole is not "
        "advised. Its interval holds for all services and levels together; those of single effects do not, so one "
        f"effect in twenty is told by luck. Weightings tried: {len(weightings())}, the equal one among them."
    )
    yield (
        "Own cost is the service's treatment with what running bodies takes; elsewhere is what is left of the whole. "
        "In whole assignments access and discordance are means over services; health and cost count patients."
    )
    yield (
        f"The rule: patients and centres at least, cost of a patient and risk at most the median; {FOR_DELEGATION} of "
        f"four pick a service, and of fewer than {FEWEST} services none. The list: group specialised_delegable. The "
        f"spread of cost between cases is portfolio.case_cost_cv ({study.parameters.portfolio.case_cost_cv:g}) for all."
    )
    yield (
        f"Safe population: a year's cost varies by at most {100 * terms[0]:g} % (coefficient of variation, compound "
        f"Poisson); a centre that sees nobody else treats at a risk at most {100 * terms[1]:g} % above the present one."
    )
    yield (
        f"{counted(study.replicates, 'replicate')}; in each, every run meets the same people with the same luck. "
        "Intervals hold that luck, not doubt about the inputs."
    )
    if study.weights:
        names = ", ".join(f"{service} ({weight})" for service, weight in study.weights)
        yield (
            f"One simulated patient stands for several people in: {names}. A slot, or a month's money, goes to all of "
            "them or to none, which moves levels and differences: these numbers show how to ask and are no findings."
        )
