"""What advice says: a ranked table with the case for and against, assignments, the four factors, safe populations."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.analysis.adviser import Advice, Assignment
from sim.analysis.adviser_effects import Effects
from sim.analysis.adviser_factors import AGREES, DISAGREES, OPEN, Factors, agreement
from sim.analysis.adviser_frontier import FRONTIER, Checked, regret
from sim.analysis.adviser_verdicts import MOVE, Effect, ServiceAdvice, Weights
from sim.measures.intervals import Interval
from sim.report.advice_words import (
    OUTCOME_HEADS,
    amount_text,
    case_against,
    case_for,
    people_text,
    score_text,
    status_words,
    verdict_words,
)
from sim.report.table import GUTTER
from sim.report.wrap import print_hanging
from sim.settings.plural import counted
from sim.specification.levels import in_words, unit_counts

RULES = ("four_factors", "real_list")
"""The assignments of the rule on the four factors and of the list that was delegated in 2024/25."""


@dataclass(frozen=True)
class Advised:
    """Everything that one call found out; ``choice`` is the assignment worth most at the weights, of the frontier.

    ``effects`` is the rows of the mean over points; ``terms`` the tolerance of cost and the loss of expertise.
    """

    advice: Advice
    found: Effects
    effects: Sequence[Effect]
    told: Sequence[ServiceAdvice]
    checked: Sequence[Checked]
    choice: Checked
    factors: Sequence[Factors]
    weights: Weights
    terms: tuple[float, float]
    people: float

    def of(self, name: str) -> Checked | None:
        """Return a checked assignment by id, None where it was not looked at."""
        return next((one for one in self.checked if one.candidate.id == name), None)

    def case(self, service: str, level: str) -> list[Effect]:
        """Return the effects that speak for or against a level: own ones and those elsewhere."""
        return [row for row in self.effects if (row.service, row.level) == (service, level) and row.scope != "whole"]


def print_advice(advised: Advised, console: Console) -> None:
    """Print all of it: what was compared, verdicts, assignments, the four factors, safe populations."""
    study, advice = advised.advice.origin, advised.advice
    levels = "; ".join(in_words(level) for level in advice.levels)
    console.print(
        f"{study.id}: {counted(len(advice.services), 'service')}, each at {levels}; "
        f"{counted(study.replicates, 'replicate')}" + (f", {counted(len(study.points), 'point')}" if study.axes else "")
    )
    console.print()
    _print_verdicts(advised, console)
    _print_assignments(advised, console)
    _print_factors(advised, console)
    _print_populations(advised, console)


def _grid(widths: Sequence[int], rows: Sequence[Sequence[str]]) -> Table:
    table = Table.grid(padding=(0, GUTTER, 0, 0))
    for width in widths:
        table.add_column(width=width)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _print_verdicts(advised: Advised, console: Console) -> None:
    console.print("WHICH SERVICE WHERE (best score first; the case is for the level named)")
    varied = bool(advised.advice.origin.axes)
    widths = (27, 24, 28, 14) + ((14,) if varied else ())
    heads = ["service", "verdict\n(best level)", "steps [95 %, all together]", "same at other\nweights, %"]
    console.print(_grid(widths, [heads + (["same at\npoints, %"] if varied else [])]))
    for told in advised.told:
        row = [told.service, _verdict_at(advised.advice, told), score_text(told.score)]
        row += [f"{100 * told.share_of_weightings:.0f}"] + ([f"{100 * told.share_of_points:.0f}"] if varied else [])
        console.print(_grid(widths, [row]))
        print_hanging(_case_lines(advised, told), console)
    console.print()


def _verdict_at(advice: Advice, told: ServiceAdvice) -> str:
    """Word a verdict and the level of which the score is."""
    words = verdict_words(advice, told)
    return words if told.verdict == MOVE else f"{words}\n  ({told.level})"


def _case_lines(advised: Advised, told: ServiceAdvice) -> Iterator[str]:
    others = [option for option in told.options[1:] if option.level != told.level]
    if others:
        yield f"  other levels: {'; '.join(f'{option.level} {score_text(option.score)}' for option in others)}"
    rows = advised.case(told.service, told.level)
    for word, case in (("for", case_for(rows)), ("against", case_against(rows))):
        if case:
            yield f"  {word} {told.level}: {'; '.join(case)}"
    options = [option for option in told.options if advised.advice.origin.axes]
    if options:
        parts = [
            f"{option.level} best at {100 * option.share_best:.0f} %, regret {option.mean_regret:.1f} "
            f"(at worst {option.largest_regret:.1f})"
            for option in options
        ]
        yield f"  over the points, steps: {'; '.join(parts)}"


def _print_assignments(advised: Advised, console: Console) -> None:
    console.print("WHOLE ASSIGNMENTS (less everything at the reference; run whole, then the sum of single moves)")
    widths = (20, 19, 19, 19, 19)
    console.print(_grid(widths, [["", *OUTCOME_HEADS]]))
    shown: list[Checked] = []
    for one in advised.checked:
        same = next((other for other in shown if _alike(one, other)), None)
        if same is None:
            shown.append(one)
            console.print(f"{one.candidate.id}: {status_words(one)}")
            console.print(_grid(widths, list(_assignment_rows(advised, one))))
        else:
            console.print(f"{one.candidate.id}: the same as {same.candidate.id}")
    console.print()
    print_hanging([f"{one.candidate.id}: {moves_text(advised.advice, one.candidate.levels)}" for one in shown], console)
    console.print()
    print_hanging(list(about_assignments(advised)), console)
    console.print()


def _alike(one: Checked, other: Checked) -> bool:
    """Tell whether two assignments are the same runs."""
    return one.candidate.levels == other.candidate.levels and np.array_equal(one.actual, other.actual, equal_nan=True)


def _assignment_rows(advised: Advised, one: Checked) -> Iterator[list[str]]:
    def cells(intervals: Sequence[Interval]) -> list[str]:
        steps = advised.found.whole_steps
        return [amount_text(number, interval, float(steps[number])) for number, interval in enumerate(intervals)]

    yield ["  run whole", *cells(one.effect)]
    if one.candidate.moves(advised.advice.reference):
        yield ["  sum of moves", *(cell.split("\n")[0] for cell in cells([_sure(i) for i in one.predicted]))]
        yield ["  error of the sum", *cells(one.error)]


def _sure(interval: Interval) -> Interval:
    """Return the mean of an interval as if it had no limits."""
    return Interval(interval.mean, math.nan, math.nan, interval.n)


def moves_text(advice: Advice, levels: Assignment) -> str:
    """Say which services an assignment moves, by level."""
    parts = []
    for level in advice.moved:
        names = [service for service, at in zip(advice.services, levels, strict=True) if at == level]
        if len(names) == len(levels):
            return f"all at {level}"
        if names:
            parts.append(f"{', '.join(names)} at {level}")
    return "; ".join([*parts, f"the rest at {advice.reference}"]) if parts else f"all at {advice.reference}"


def about_assignments(advised: Advised) -> Iterator[str]:
    """Say what is best, how good the sum of moves is, and what the rule and the list forgo against the choice."""
    choice = advised.choice.candidate
    on_it = [one.candidate.id for one in advised.checked if one.status == FRONTIER]
    yield f"On the frontier: {', '.join(on_it)}. Worth most at the weights given: {choice.id}."
    off = [
        f"{one.candidate.id} ({OUTCOME_HEADS[number]})".replace("\n", " ")
        for one in advised.checked
        for number, error in enumerate(one.error)
        if error.excludes_zero and abs(error.mean) > advised.found.whole_steps[number]
    ]
    yield (
        f"The sum of single moves is off by more than matters, for sure, in: {'; '.join(off)}."
        if off
        else "Nowhere is the sum of single moves off by more than matters, for sure."
    )
    for name in RULES:
        one = advised.of(name)
        if one is not None:
            lost = regret(advised.choice, one)
            steps = advised.found.whole_steps
            parts = [
                f"{OUTCOME_HEADS[k]} {amount_text(k, interval, float(steps[k]))}".replace("\n", " ")
                for k, interval in enumerate(lost)
            ]
            yield f"What {name} forgoes against {choice.id} (more is worse): {'; '.join(parts)}."


def _print_factors(advised: Advised, console: Console) -> None:
    advice = advised.advice
    console.print(
        f"THE FOUR FACTORS (risk: standard deviation of a year's cost in the mean unit of {advice.local}, £ a resident)"
    )
    widths = (25, 9, 11, 8, 7, 5, 9, 9, 9)
    rows = [["service", "patients", "£ a patient", "centres", "risk, £", "of 4", "rule", "list", "rule v.\nverdict"]]
    told = {one.service: one for one in advised.told}
    for one in sorted(advised.factors, key=lambda row: (-row.of_four, -row.patients)):
        centres = str(one.centres) if one.centres else "–"
        rule, real = ("local" if yes else "national" for yes in (one.picked, one.on_the_list))
        numbers = [
            f"{one.patients:,.0f}",
            f"{one.cost_gbp:,.0f}",
            centres,
            f"{one.risk_gbp_a_head:,.2f}",
            str(one.of_four),
        ]
        rows.append([one.service, *numbers, rule, real, agreement(advice, one.picked, told[one.service])])
    console.print(_grid(widths, rows))
    console.print()
    print_hanging(list(about_rule(advised)), console)
    console.print()


def about_rule(advised: Advised) -> Iterator[str]:
    """Count where the rule and the real list agree with the verdicts."""
    told = {one.service: one for one in advised.told}
    picks = {"rule": [one.picked for one in advised.factors], "list": [one.on_the_list for one in advised.factors]}
    for name, local in picks.items():
        words = [
            agreement(advised.advice, yes, told[one.service]) for yes, one in zip(local, advised.factors, strict=True)
        ]
        agrees, disagrees, leaves = (words.count(word) for word in (AGREES, DISAGREES, OPEN))
        verdicts = counted(agrees + disagrees, "verdict")
        yield f"The {name} agrees with {agrees} of {verdicts}; {counted(leaves, 'service')} are a toss-up."


def _print_populations(advised: Advised, console: Console) -> None:
    tolerance, loss = (f"{100 * term:g} %" for term in advised.terms)
    console.print("MINIMUM SAFE POPULATION (people of one commissioner)")
    widths = (27, 15, 15, 15, 26)
    rows = [
        ["service", f"cost varies\nat most {tolerance}", f"risk rises\nat most {loss}", "safe", "levels large enough"]
    ]
    people = mean_people(advised)
    for one in sorted(advised.factors, key=lambda row: (row.safe.people, row.service)):
        enough = [level for level, mean in people.items() if mean >= one.safe.people]
        texts = [people_text(value) for value in (one.safe.for_cost, one.safe.for_expertise, one.safe.people)]
        rows.append([one.service, *texts, ", ".join(enough) or "none"])
    console.print(_grid(widths, rows))
    console.print()
    sizes = "; ".join(f"{level} {people_text(mean)}" for level, mean in people.items())
    print_hanging([f"Mean people of a unit: {sizes}."], console)
    console.print()


def mean_people(advised: Advised) -> Mapping[str, float]:
    """Return the mean population of a unit of each level, people."""
    return {level: advised.people / unit_counts()[level] for level in advised.advice.levels}
