"""Where the money of a study went: lines of cost, spend against plan, and what a QALY costs between regimes."""

import math
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.analysis.economics import THRESHOLDS, Economics, Increment
from sim.analysis.money import Money, MoneyRow
from sim.figures.numbers import factor_of, number, shown_unit
from sim.governance.matrix import GROUPS
from sim.measures.intervals import Interval
from sim.measures.outcomes import outcome
from sim.measures.rows import ALL_YEARS
from sim.report.table import GUTTER, number_texts
from sim.report.wrap import print_hanging
from sim.settings.plural import counted

AGAINST_PLAN = "spend_over_plan_share"
LABEL_WIDTH = 30
MOST_SIDE_BY_SIDE = 4
MOST_YEARS = 5
MOST_SHOWN = 25
"""A page on a terminal stops there; --json holds everyone."""
COLUMNS: Mapping[str, Sequence[tuple[str, str]]] = {
    "payer": (
        ("cost_treatment_gbp", "treatment"),
        ("cost_rest_of_portfolio_gbp", "rest"),
        ("cost_low_value_gbp", "low value"),
        ("crossed_gbp", "crossed"),
        (AGAINST_PLAN, "over plan, %"),
    ),
    "provider": (("cost_treatment_gbp", "treatment"), ("cost_price_premium_gbp", "of it premium")),
    "service": (
        ("cost_treatment_gbp", "treatment"),
        ("cost_price_premium_gbp", "of it premium"),
        ("cost_low_value_gbp", "low value"),
        ("cost_patient_travel_gbp", "travel"),
    ),
    "year": (
        ("cost_treatment_gbp", "treatment"),
        ("cost_rest_of_portfolio_gbp", "rest"),
        ("cost_low_value_gbp", "low value"),
        ("cost_administration_gbp", "administration"),
        ("cost_handover_gbp", "handover"),
        ("cost_patient_travel_gbp", "travel"),
        (AGAINST_PLAN, "over plan, %"),
    ),
}
"""The measures of each view, with the words over their columns; payers have one more for each of their years."""


def print_money(money: Money, by: str, console: Console) -> None:
    """Print the lines of cost: of the nation, with what a QALY costs between regimes, or as seen ``by`` one side."""
    regimes = list(dict.fromkeys(row.regime for row in money.rows))
    console.print("Mean over runs, £m a year unless said otherwise.")
    if by:
        for regime in regimes:
            _print_view([row for row in money.rows if row.regime == regime], by, console)
        return
    for first in range(0, len(regimes), MOST_SIDE_BY_SIDE):
        _print_nation(money.rows, regimes[first : first + MOST_SIDE_BY_SIDE], console)
    if money.economics is not None:
        console.print()
        print_hanging(economics_lines(money.economics), console)


def _print_nation(rows: Sequence[MoneyRow], regimes: Sequence[str], console: Console) -> None:
    """Print every line that any regime has, with its interval below it."""
    found = {(row.measure, row.regime): row for row in rows}
    table = _grid(["", *regimes])
    table.columns[0].width = LABEL_WIDTH
    for measure in dict.fromkeys(row.measure for row in rows if row.value):
        cells = [_cell(found.get((measure, regime))) for regime in regimes]
        table.add_row(*map(Text, (_label(measure), *cells)))
    console.print()
    console.print(table)


def _label(measure: str) -> str:
    known = outcome(measure)
    return f"{known.label}, {'%' if factor_of(known) == 100.0 else shown_unit(known)}"


def _cell(row: MoneyRow | None) -> str:
    if row is None:
        return "–"
    factor = factor_of(outcome(row.measure))
    return "\n".join(number_texts(row.value, row.low, row.high, factor, most_decimals=2))


def _print_view(rows: Sequence[MoneyRow], by: str, console: Console) -> None:
    """Print one regime: a line for each payer, provider, service or year that has anything to show."""
    columns = [(measure, ALL_YEARS, words) for measure, words in COLUMNS[by]]
    if by == "payer":
        years = sorted({row.period_start for row in rows} - {ALL_YEARS})
        columns += [(AGAINST_PLAN, year, year) for year in years[:MOST_YEARS]]
    cells = {
        (_who(row, by), row.measure, ALL_YEARS if by == "year" else row.period_start): row.value
        * factor_of(outcome(row.measure))
        for row in rows
    }
    who = [
        one for one in dict.fromkeys(_who(row, by) for row in rows) if any(cells.get((one, *c[:2])) for c in columns)
    ]
    if by != "year":
        first = (AGAINST_PLAN if by == "payer" else columns[0][0], ALL_YEARS)
        who.sort(key=lambda one: (one in GROUPS, -cells.get((one, *first), 0.0)))
    table = _grid([f"by {by}", *(words for _, _, words in columns)])
    for one in who[:MOST_SHOWN]:
        numbers = [cells.get((one, measure, period), 0.0) for measure, period, _ in columns]
        table.add_row(*map(Text, (one, *(number(found, 2) for found in numbers))))
    console.print()
    console.print(rows[0].regime)
    console.print(table)
    if len(who) > MOST_SHOWN:
        console.print(f"{MOST_SHOWN} of {len(who)} are shown; --json holds all.")


def _who(row: MoneyRow, by: str) -> str:
    return {"service": row.service, "year": row.period_start}.get(by, row.area_name)


def _grid(heads: Sequence[str]) -> Table:
    table = Table(box=None, padding=(0, GUTTER + 1, 0, 0), show_edge=False, header_style="")
    for place, head in enumerate(heads):
        table.add_column(Text(head), justify="left" if place == 0 else "right")
    return table


def _drawn(found: Economics) -> str:
    """Word the draws, and over which of them intervals are."""
    replicates = counted(found.replicates, "replicate")
    if found.points == 1:
        return f"{replicates}, paired"
    points = counted(found.points, "point")
    return f"{replicates} of {points}, paired; intervals over replicates, each the mean of its points"


def economics_lines(found: Economics) -> Iterator[str]:
    """Tell what a QALY costs between regimes, net benefit, and what it would be worth to know the draws beforehand."""
    yield (
        f"Economics against {found.baseline}: commissioners' costs and QALYs in all, discounted, a year; "
        f"{_drawn(found)}. Patients' travel is outside."
    )
    for entry in found.increments:
        if entry.regime != found.baseline:
            yield from _increment_lines(entry)
    for place, threshold in enumerate(THRESHOLDS):
        yield f"At £{number(threshold)} a QALY (£m a year; share of draws in which best):"
        for benefit in found.benefits:
            if benefit.threshold == threshold:
                best = f"best in {number(100 * benefit.share_best)} %"
                if benefit.regime == found.baseline:
                    yield f"  {benefit.regime}: baseline, {best}"
                else:
                    yield f"  {benefit.regime}: {_interval(benefit.benefit, 1e-6)} {benefit.verdict}, {best}"
        yield f"  perfect information on these draws: {number(1e-6 * found.evpi[place], 2)}"
    yield (
        "Draws differ in the luck of the simulated world and in whatever was varied; doubt about inputs that were not "
        "varied is in no interval, and in no value of information."
    )


def _increment_lines(entry: Increment) -> Iterator[str]:
    place = f"; by means {entry.frontier}"
    costs, qalys = _interval(entry.cost, 1e-6), _interval(entry.qalys, 1.0)
    yield f"  {entry.regime}: costs £m {costs}, QALYs {qalys}: {entry.words}{place}"
    yield f"    cost per QALY: {icer_words(entry)}"


def icer_words(entry: Increment) -> str:
    """Word a cost per QALY with its interval; none where the difference in QALYs cannot be told from none.

    Fewer QALYs at less cost is a saving for each QALY forgone, so more of it is better, not worse.
    """
    if math.isnan(entry.icer):
        return "not distinguishable: the difference in QALYs may be none"
    if not entry.cost.excludes_zero:
        return "not distinguishable from none: costs may be the same"
    value = f"£{number(entry.icer, -1)}"
    limits = f"[{number(entry.icer_low, -1)} to {number(entry.icer_high, -1)}]"
    return f"{value} {limits} {'a QALY gained' if entry.qalys.mean > 0 else 'saved for each QALY forgone'}"


def _interval(found: Interval, factor: float) -> str:
    return " ".join(number_texts(found.mean, found.low, found.high, factor, signed=True, most_decimals=2))
