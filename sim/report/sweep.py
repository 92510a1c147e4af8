"""The results of a study with many points: one comparison for each, as tidy rows and as a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.analysis.paired import BASELINE, Comparison, compare_regimes
from sim.analysis.stopping import allowing_for_looks
from sim.figures.numbers import factor_of
from sim.measures.outcomes import outcome
from sim.measures.rows import ALL, ALL_PATIENTS, ALL_SERVICES
from sim.report.lines import HEADLINES, headline_label, set_label, shown_outcomes
from sim.report.spread import print_spread
from sim.report.table import GUTTER, Compared, has_intervals, measured_ones, number_texts
from sim.specification.axes import Axis, Point, value_text
from sim.specification.run import Study
from sim.study.collect import Collected

if TYPE_CHECKING:
    import pandas as pd

RESULT_COLUMNS = (
    "regime",
    "measure",
    "service",
    "label",
    "unit",
    "mean",
    "low",
    "high",
    "difference",
    "diff_low",
    "diff_high",
    "verdict",
    "pairs",
)
LINE_COLUMNS = (
    "parameter",
    "unit",
    "value",
    "regime",
    "measure",
    "label",
    "mean",
    "low",
    "high",
    "diff_low",
    "diff_high",
)
"""The columns that a figure of lines over one parameter draws from."""
LINES = (
    ("access_from_diagnosis", ALL_SERVICES),
    ("tau_icb", ALL_PATIENTS),
    ("twin_discordance", ALL_SERVICES),
    ("cost_total_gbp", ALL),
)
"""The outcomes of that figure (measure and set of services), each measure once."""
ONE_AT_A_TIME = "one_at_a_time"
MOST_POINTS_SHOWN = 25
"""The page on a terminal stops there; the files hold every point."""
POINT_GLUE = " · "
WIDEST_POINT = 24
MEAN_WIDTH = 25


@dataclass(frozen=True)
class Swept:
    """One point and the comparison of all regimes there."""

    point: Point
    compared: Compared


def swept(study: Study, collected: Collected) -> list[Swept]:
    """Compare the regimes at each point on what tables of points show.

    A point without a finished run of the baseline is left out.
    """
    import pandas as pd

    benchmarks = [scenario.id for scenario in study.compare if scenario.benchmark]
    outcomes = pd.MultiIndex.from_frame(collected.frame[["measure", "service"]])
    frames = dict(iter(collected.frame[outcomes.isin(shown_outcomes())].groupby("point")))
    found = []
    for point in study.points:
        frame = frames.get(point.number)
        if frame is None or not (frame["regime"] == study.baseline).any():
            continue
        rows = measured_ones(compare_regimes(frame, study.baseline))
        rows = allowing_for_looks(rows, study)
        found.append(Swept(point, Compared(rows, list(study.scenarios), study.baseline, benchmarks)))
    return found


def sweep_columns(study: Study) -> list[str]:
    """Return the columns of the tidy table: the point, its value on every axis, then the results."""
    return ["point", *(axis.key for axis in study.axes), *RESULT_COLUMNS]


def sweep_rows(study: Study, found: Sequence[Swept]) -> Iterator[dict[str, Any]]:
    """Yield one tidy row for each point, regime and outcome of the table, in the outcome's own unit.

    A lever that stands where each regime has it has no value of its own.
    """
    unset = dict.fromkeys((axis.key for axis in study.axes), "")
    shown = shown_outcomes()
    for entry in found:
        for row in entry.compared.rows:
            if (row.measure, row.service) in shown:
                yield {"point": entry.point.number, **unset, **dict(entry.point.values), **_result(row)}


def sweep_lines(study: Study, found: Sequence[Swept]) -> "pd.DataFrame":
    """Return the headline outcomes along the first axis, ready to be drawn: one line for each regime.

    Columns LINE_COLUMNS; ``unit`` is that of the parameter, numbers are in the unit of the measure. Where
    more than one thing is varied as a grid, the other values are part of the regime's name, so that no line
    joins points that differ in anything but the parameter. One at a time, every axis has its lines. Points that
    are drawn or listed on several axes lie on no line, and there is no row.
    """
    import pandas as pd

    others = study.axes[1:] if study.design.method == "grid" else ()
    rows = [
        {
            "parameter": axis.key,
            "unit": axis.unit,
            "value": dict(entry.point.values)[axis.key],
            "regime": _line_name(row.regime, entry.point, others),
            "measure": row.measure,
            "label": row.label if row.service == ALL else f"{row.label}, {set_label(row.service)}",
            "mean": row.mean,
            "low": row.mean_low,
            "high": row.mean_high,
            "diff_low": row.difference_low,
            "diff_high": row.difference_high,
        }
        for entry in found
        for axis in _lines_through(study, entry.point)
        for row in entry.compared.rows
        if (row.measure, row.service) in LINES
    ]
    return pd.DataFrame(rows, columns=list(LINE_COLUMNS))


def lie_on_lines(study: Study) -> bool:
    """Tell whether points follow one another along an axis."""
    return len(study.axes) == 1 or study.design.method in ("grid", "zip", ONE_AT_A_TIME)


def _lines_through(study: Study, point: Point) -> Sequence[Axis]:
    """Return the axes along which a point lies."""
    if study.design.method != ONE_AT_A_TIME:
        return study.axes[:1] if lie_on_lines(study) else ()
    axis = changed_axis(study, point)
    return () if axis is None else (axis,)


def changed_axis(study: Study, point: Point) -> Axis | None:
    """Return the axis that a point of a design of one at a time moves, None for the study as it is."""
    last = 1
    for axis in study.axes:
        if last < point.number <= last + len(axis.values):
            return axis
        last += len(axis.values)
    return None


def print_sweep(study: Study, found: Sequence[Swept], console: Console, most: int | None = None) -> None:
    """Print every headline outcome: a line for each point and regime, at most ``most`` points."""
    for axis in study.axes:
        console.print(Text(f"Varied: {axis.key} ({axis.unit}): {axis.in_words}"))
    if study.design.sampled or (most is not None and len(found) > most):
        print_spread(study, [entry.compared for entry in found], console)
    if study.design.sampled:
        return
    shown = found[:most]
    for measure, service in HEADLINES:
        if any(entry.compared.find(measure, service, study.baseline) for entry in shown):
            console.print()
            console.print(Text(headline_label(measure, service)))
            console.print(_table(study, shown, (measure, service)))
    if len(shown) < len(found):
        console.print(f"\n{len(shown)} of {len(found)} points are shown; all stand in sweep.txt and sweep.csv.")


def _table(study: Study, shown: Sequence[Swept], headline: tuple[str, str]) -> Table:
    """Lay out one outcome; a point is told by its values in the order in which the axes are listed."""
    table = Table.grid(padding=(0, GUTTER, 0, 0))
    words = [_point_words(study, entry.point) for entry in shown]
    table.add_column(width=min(max(map(len, words)), WIDEST_POINT))
    table.add_column(width=max(len(name) for name in study.scenarios))
    table.add_column(width=MEAN_WIDTH)
    table.add_column()
    intervals = has_intervals(row for entry in shown for row in entry.compared.rows)
    level = " [95 %]" if intervals else ""
    table.add_row("", "", f"mean{level}", f"less {study.baseline}{level}")
    for entry, text in zip(shown, words, strict=True):
        for regime in (study.baseline, *entry.compared.others):
            row = entry.compared.find(*headline, regime)
            cells = _cells(row, intervals) if row is not None else ("not run", "")
            table.add_row(*map(Text, (text if regime == study.baseline else "", regime, *cells)))
    return table


def _point_words(study: Study, point: Point) -> str:
    """Tell a point by its values; one at a time, by the one that differs from the study."""
    if study.design.method != ONE_AT_A_TIME:
        return POINT_GLUE.join(value_text(value) for _, value in point.values)
    axis = changed_axis(study, point)
    return "the study" if axis is None else f"{axis.name} {value_text(dict(point.values)[axis.key])}"


def _cells(row: Comparison, intervals: bool) -> tuple[str, str]:
    factor = factor_of(outcome(row.measure))
    mean = number_texts(row.mean, row.mean_low, row.mean_high, factor)
    limits = (row.difference, row.difference_low, row.difference_high)
    difference = (*number_texts(*limits, factor, signed=True), row.verdict)
    texts = (mean, difference) if intervals else (mean[:1], difference[:1])
    told, less = map(" ".join, texts)
    return told, "(baseline)" if row.verdict == BASELINE else less


def _line_name(regime: str, point: Point, others: Sequence[Axis]) -> str:
    values = dict(point.values)
    return ", ".join([regime, *(f"{axis.name} {value_text(values[axis.key])}" for axis in others)])


def _result(row: Comparison) -> dict[str, Any]:
    return {
        "regime": row.regime,
        "measure": row.measure,
        "service": row.service,
        "label": row.label,
        "unit": row.unit,
        "mean": row.mean,
        "low": row.mean_low,
        "high": row.mean_high,
        "difference": row.difference,
        "diff_low": row.difference_low,
        "diff_high": row.difference_high,
        "verdict": row.verdict,
        "pairs": row.pairs,
    }
