"""What is told of a study that ran until a difference was known well enough: the looks, and the runs it took."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.savings import Savings, savings_of
from sim.analysis.stopping import CONFIDENCE, Look, look_at, pairs_of, worst
from sim.figures.numbers import factor_of, number, shown_unit
from sim.measures.outcomes import outcome
from sim.measures.rows import ALL
from sim.report.figures import draw_convergence
from sim.report.files import write_csv
from sim.report.lines import set_label
from sim.report.table import number_texts
from sim.settings.plural import counted
from sim.specification.run import Study
from sim.specification.until import Until

if TYPE_CHECKING:
    import pandas as pd

LOOK_COLUMNS = (
    "measure",
    "service",
    "contrast",
    "point",
    "look",
    "replicates",
    "pairs",
    "difference",
    "difference_low",
    "difference_high",
    "half_width",
    "half_width_asked",
    "confidence",
    "level",
    "narrow",
)
SIGNIFICANT = 2
MOST_LOOKS_SHOWN = 6


@dataclass(frozen=True)
class Stopped:
    """What was written and is told of the looks; ``rows`` are those of the last."""

    folder: Path
    path: Path | None = None
    rows: Sequence[Mapping[str, Any]] = ()
    lines: Sequence[str] = ()
    figures: Sequence[Path] = ()


def asked_in_words(rule: Until) -> str:
    """Say what a rule asks for, in the unit in which tables show the measure."""
    known = outcome(rule.measure)
    width = _written(factor_of(known) * rule.half_width)
    return (
        f"{rule.measure} ({set_label(rule.services)}), {rule.first} less {rule.second}, is known to "
        f"{width} {_points(rule.measure)} either way ({100 * rule.confidence:g} %)"
    )


def batches_in_words(study: Study, points: int) -> Iterator[tuple[str, str]]:
    """Yield a label and a text for each rule of a study, and for its batches; nothing without rules."""
    if study.stopping is None:
        return
    for rule in study.stopping.rules:
        yield "until", asked_in_words(rule)
    looks = study.stopping.looks
    shown = ", ".join(map(str, looks[:MOST_LOOKS_SHOWN])) + (", …" if len(looks) > MOST_LOOKS_SHOWN else "")
    runs = len(study.compare) * points
    yield (
        "batches",
        f"from {study.stopping.first_batch} to at most {counted(looks[-1], 'replicate')}, "
        f"{runs * looks[0]} to {counted(runs * looks[-1], 'run')}; one looks at {shown}",
    )


def batches_as_json(study: Study) -> dict[str, Any]:
    """Return the same for JSON; nothing without rules."""
    if study.stopping is None:
        return {}
    rules = [rule.as_written for rule in study.stopping.rules]
    return {"until": rules, "looks": list(study.stopping.looks), "most_replicates": study.most_replicates}


def look_line(look: Look, study: Study) -> str:
    """Say in a line what is known after a look, and whether the study goes on."""
    factor, unit = factor_of(outcome(look.rule.measure)), _points(look.rule.measure)
    half = "not known yet" if math.isinf(look.half_width) else f"{_written(factor * look.half_width)} {unit}"
    at = f", worst at point {look.point}" if study.axes else ""
    asked = _written(factor * look.rule.half_width)
    head = f"{counted(look.replicates, 'replicate')}: {look.rule.measure}, {look.rule.first} less {look.rule.second}"
    verdict = "narrow enough" if look.narrow else "enough of it, see most_replicates" if look.done else "going on"
    return f"{head}{at}: half-width {half}, asked for {asked}; {verdict}"


def stopping_lines(study: Study, frame: "pd.DataFrame") -> Iterator[str]:
    """Yield for each rule what is known, how that was come to, and how many runs were saved, one line each."""
    for look in worst(look_at(study, frame)):
        yield from _about(look, study)
        service_pairs = pairs_of(frame, look.rule, look.point)[1]
        saved = savings_of(look, service_pairs)
        if saved is not None:
            yield from savings_lines(saved, look)


def _about(look: Look, study: Study) -> Iterator[str]:
    rule, found, known = look.rule, look.interval, outcome(look.rule.measure)
    factor, unit = factor_of(known), _points(rule.measure)
    value, limits = number_texts(found.mean, found.low, found.high, factor, signed=True)
    looks = study.stopping.looks if study.stopping else ()
    at = f" At the worst of {len(study.points)} points (point {look.point}): " if study.axes else " "
    whose = "" if look.service == ALL else f", {set_label(look.service)}"
    head = f"Replication: {known.label}{whose}, {rule.first} less {rule.second}:{at}{value} {limits}"
    asked = f"{_written(factor * rule.half_width)} asked for"
    if look.narrow:
        ended = (
            f"half-width {_written(factor * look.half_width)} after {counted(look.replicates, 'replicate')}, {asked}"
        )
    else:
        half = "unknown" if math.isinf(look.half_width) else _written(factor * look.half_width)
        ended = (
            f"NOT known as well as asked: half-width {half}, {asked}; stopped at most_replicates = "
            f"{rule.most_replicates}"
        )
    yield f"{head} {unit}; {ended}."
    table = f"The table has it at {100 * CONFIDENCE:g} % likewise; all" if study.baseline in rule.regimes else "All"
    yield (
        f"  It was looked at {counted(look.number, 'time')} (of {len(looks)} at most), so its interval is Student’s t "
        f"at {_level_in_words(look.level)} %: over all looks that gives {100 * rule.confidence:g} %, however one "
        f"stops. {table} other intervals are plain."
    )
    if look.interval.n > 1 and math.isinf(look.half_width):
        yield "  Every pair differs by the same amount, which tells nothing of chance: no interval follows from it."


def _level_in_words(level: float) -> str:
    """Write a level with two digits of what it leaves to chance.

    >>> _level_in_words(0.99306), _level_in_words(0.9999871), _level_in_words(0.95)
    ('99.31', '99.9987', '95.0')
    """
    return f"{100 * level:.{max(0, 1 - math.floor(math.log10(100 * (1 - level))))}f}"


def savings_lines(saved: Savings, look: Look) -> Iterator[str]:
    """Yield the arithmetic of the runs that pairing and stopping saved, in the unit of the table."""
    factor, unit = factor_of(outcome(look.rule.measure)), _points(look.rule.measure)
    first, second, both = (
        _written(factor * math.sqrt(part), 3)
        for part in (saved.first_variance, saved.second_variance, saved.difference_variance)
    )
    half, z = _written(factor * saved.half_width), f"{saved.quantile:.2f}²"
    yield (
        f"  Runs for a half-width of {half} {unit}: independent replication, looked at likewise, {z} x ({first}² + "
        f"{second}²) / {half}² = {saved.independent} replicates of each regime, {2 * saved.independent} runs; the same "
        f"with pairs {z} x {both}² / {half}² = {saved.paired} replicates, {2 * saved.paired} runs; made here "
        f"{saved.made} runs of the two, whole batches included."
    )
    if saved.saved > 0:
        gain = f"Pairing and stopping saved {saved.saved} runs, {number(100 * saved.saved / (2 * saved.independent))} %"
    else:
        gain = f"Pairing and stopping saved no runs: {-saved.saved} more than independent replication would take"
    yield (
        f"  {gain}. Pairing divides the variance by {_written(saved.by_pairing)}, as estimated from "
        f"{counted(saved.pairs, 'replicate')}. Had one known the number beforehand, nobody would have to look, and "
        f"{2 * saved.independent_known} independent runs would do ({saved.plain_quantile:.2f}²)."
    )


def look_rows(study: Study, frame: "pd.DataFrame") -> Iterator[Mapping[str, Any]]:
    """Yield a row for each rule, point and look that was taken, in the unit of the measure."""
    if study.stopping is None:
        return
    for count in study.stopping.looks:
        if count <= study.replicates:
            yield from (_row(look) for look in look_at(study, frame, count))


def publish_stopping(study: Study, frame: "pd.DataFrame", keys: Sequence[str], folder: Path) -> Stopped:
    """Write the looks that were taken and draw how they converged; nothing for a study without rules."""
    if study.stopping is None:
        return Stopped(folder)
    rows = list(look_rows(study, frame))
    write_csv(rows, LOOK_COLUMNS, folder / "stopping.csv")
    figures = draw_convergence(study, frame, keys, folder / "figures")
    last = [
        {name: None if value != value else value for name, value in row.items()}  # noqa: PLR0124 - only nan differs
        for row in rows
        if row["replicates"] == study.replicates
    ]
    return Stopped(folder, folder / "stopping.csv", last, list(stopping_lines(study, frame)), figures)


def _row(look: Look) -> Mapping[str, Any]:
    return {
        "measure": look.rule.measure,
        "service": look.service,
        "contrast": " - ".join(look.rule.regimes),
        "point": look.point,
        "look": look.number,
        "replicates": look.replicates,
        "pairs": look.interval.n,
        "difference": look.interval.mean,
        "difference_low": look.interval.low,
        "difference_high": look.interval.high,
        "half_width": look.half_width if math.isfinite(look.half_width) else math.nan,
        "half_width_asked": look.rule.half_width,
        "confidence": look.rule.confidence,
        "level": look.level,
        "narrow": look.narrow,
    }


def _points(measure: str) -> str:
    """Return the unit of a difference as tables show it."""
    unit = shown_unit(outcome(measure))
    return "percentage points" if unit == "%" else unit


def _written(value: float, digits: int = SIGNIFICANT) -> str:
    """Write a number above zero to so many significant digits.

    >>> _written(0.4671), _written(123.4), _written(0.0)
    ('0.47', '120', '0')
    """
    if value == 0.0 or not math.isfinite(value):
        return number(value)
    return number(value, digits - 1 - math.floor(math.log10(abs(value))))
