"""What advice says: a ranked table with the case for and against, assignments, the four factors, safe populations."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from rich.console import Console

from sim.analysis.adviser import Advice, Assignment
from sim.analysis.adviser_effects import JUDGED
from sim.analysis.adviser_frontier import Checked
from sim.analysis.adviser_scores import OverPoints
from sim.analysis.adviser_standing import FRONTIER
from sim.analysis.adviser_verdicts import MOVE, ServiceAdvice
from sim.measures.intervals import NO_VERDICT, Interval
from sim.report.advice_factors import print_factors, print_populations
from sim.report.advice_words import (
    OUTCOME_HEADS,
    RULED_OUT,
    amount_text,
    case_against,
    case_for,
    missing_words,
    not_measured,
    score_text,
    status_words,
    verdict_words,
)
from sim.report.advised import Advised, grid
from sim.report.wrap import print_hanging
from sim.settings.plural import counted
from sim.specification.levels import in_words

RULES = ("four_factors", "real_list")
"""The assignments of the rule on the four factors and of the list that was delegated in 2024/25."""


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
    print_factors(advised, console)
    print_populations(advised, console)


def _print_verdicts(advised: Advised, console: Console) -> None:
    console.print("WHICH SERVICE WHERE (best score first; for and against each level, that of the score first)")
    varied = bool(advised.advice.origin.axes)
    widths = (27, 24, 28, 14) + ((14,) if varied else ())
    heads = ["service", "verdict\n(best level)", "steps [95 %, all together]", "same over\nweightings, %"]
    console.print(grid(widths, [heads + (["same at\npoints, %"] if varied else [])]))
    for told in advised.told:
        row = [told.service, _verdict_at(advised.advice, told), score_text(told.score)]
        row += [_percent(told.share_of_weightings)] + ([_percent(told.share_of_points)] if varied else [])
        console.print(grid(widths, [row]))
        print_hanging(_case_lines(advised, told), console)
    console.print()
    print_hanging(list(about_missing(advised)), console)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}" if math.isfinite(share) else "–"


def _verdict_at(advice: Advice, told: ServiceAdvice) -> str:
    """Word a verdict and the level of which the score is."""
    words = verdict_words(advice, told)
    return words if told.verdict == MOVE else f"{words}\n  ({told.level})"


def _case_lines(advised: Advised, told: ServiceAdvice) -> Iterator[str]:
    if told.missing or told.verdict == NO_VERDICT:
        yield f"  {missing_words(told)}"
    for option in sorted(told.options[1:], key=lambda option: option.level != told.level):
        rows = advised.case(told.service, option.level)
        if option.level != told.level and option.score.n:
            yield f"  {option.level}: {score_text(option.score)} steps"
        if option.ruled_out:
            yield f"  {option.level} is {RULED_OUT}"
        missed = [one.outcome for one in told.missing if one.level == option.level]
        unseen = [name for name in not_measured(rows, len(advised.advice.services)) if name not in missed]
        for word, case in (("for", case_for(rows)), ("against", case_against(rows)), ("not measured in", unseen)):
            if case:
                yield f"  {word} {option.level}: {'; '.join(case)}"
    if advised.advice.origin.axes:
        parts = [f"{option.level} {_fares(option.points)}" for option in told.options]
        yield f"  over the points, steps: {'; '.join(parts)}"


def _fares(points: OverPoints) -> str:
    if not math.isfinite(points.share_best):
        return "not measured"
    share = f"best at {100 * points.share_best:.0f} %"
    return f"{share}, regret {points.mean_regret:.1f} (at worst {points.largest_regret:.1f})"


def about_missing(advised: Advised) -> Iterator[str]:
    """Say what no service has, and how to ask about services of which something is not measured."""
    nobody = [judged.id for judged, there in zip(JUDGED, advised.found.counted, strict=True) if not there]
    if nobody:
        yield f"Measured in no service, and left out of whole assignments: {', '.join(nobody)}."
    if any(told.missing for told in advised.told):
        yield (
            "No verdict where an outcome that weighs something is not measured: the others do not stand for it. More "
            "years may measure it; --weights that name only what is measured ask for a verdict on that alone."
        )
        yield ""


def _print_assignments(advised: Advised, console: Console) -> None:
    console.print("WHOLE ASSIGNMENTS (less everything at the reference; run whole, then the sum of single moves)")
    widths = (20, 19, 19, 19, 19)
    console.print(grid(widths, [["", *OUTCOME_HEADS]]))
    shown: list[Checked] = []
    for one in advised.checked:
        same = next((other for other in shown if _alike(one, other)), None)
        if same is None:
            shown.append(one)
            print_hanging([f"{one.candidate.id}: {status_words(one)}"], console)
            console.print(grid(widths, list(_assignment_rows(advised, one))))
            if advised.advice.origin.axes:
                print_hanging([f"  over the points, steps: {_fares(one.points)}"], console)
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
    on_it = [one.candidate.id for one in advised.checked if one.status == FRONTIER]
    yield (
        f"On the frontier, as no other surely beats them: {', '.join(on_it)}."
        if on_it
        else "On the frontier: none, as each that can be judged is surely beaten by another."
    )
    yield (
        f"Worth most at the weights given: {advised.choice.candidate.id}{_lead(advised, advised.choice)}."
        if advised.choice
        else "Nothing can be told at the weights given: of no assignment is all that weighs known with an interval."
    )
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
    for one in filter(None, map(advised.of, RULES)):
        if advised.choice:
            yield _forgone(advised, advised.choice, one)


def _lead(advised: Advised, choice: Checked) -> str:
    """Say by how much the choice is ahead of the reference, and whether luck may be why; nothing where it is that."""
    first = advised.checked[0]
    if choice.candidate.levels == first.candidate.levels:
        return ""
    lead = advised.regret_in_steps(first)
    surely = "" if lead.low > 0.0 else ", which may be luck"
    return f", {score_text(lead)} steps of the whole ahead of {first.candidate.id}{surely}"


def _forgone(advised: Advised, choice: Checked, one: Checked) -> str:
    """Say what a rule forgoes against the choice, by outcome and in steps."""
    steps = advised.found.whole_steps
    parts = [
        f"{OUTCOME_HEADS[k]} {amount_text(k, interval, float(steps[k]))}".replace("\n", " ")
        for k, interval in enumerate(advised.regret(one))
    ]
    total = score_text(advised.regret_in_steps(one))
    words = f"What {one.candidate.id} forgoes against {choice.candidate.id} (more is worse): {'; '.join(parts)}"
    return f"{words}; at the weights given {total} steps of the whole."
