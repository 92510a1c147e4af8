"""What it would be worth to know inputs before a regime is chosen, in words."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.analysis.value_of_information import Choice, Worth
from sim.figures.numbers import number
from sim.report.table import GUTTER, number_texts
from sim.report.wrap import print_hanging
from sim.settings.plural import counted

VALUE_COLUMNS = ("worth_gbp_per_qaly", "input", "value_gbp_a_year", "low", "high", "chance", "verdict")
MILLION = 1e-6


def value_rows(found: Sequence[Choice]) -> list[dict[str, Any]]:
    """Return one tidy row for each worth of a QALY and input, in pounds a year."""
    return [
        {
            "worth_gbp_per_qaly": choice.worth,
            "input": one.input,
            "value_gbp_a_year": one.value,
            "low": one.low,
            "high": one.high,
            "chance": one.chance,
            "verdict": one.verdict,
        }
        for choice in found
        for one in (choice.everything, *choice.inputs)
    ]


def print_value(found: Sequence[Choice], console: Console) -> None:
    """Print for each worth of a QALY the choice and what knowing would add to it, then the notes."""
    first = found[0]
    print_hanging([f"{counted(first.points, 'point')}, {counted(first.replicates, 'replicate')} each."], console)
    for choice in found:
        console.print()
        print_hanging(choice_lines(choice), console)
        console.print(_table(choice))
    console.print()
    print_hanging(notes(first), console)


def choice_lines(choice: Choice) -> Iterator[str]:
    """Name the regime to choose, and how the others stand."""
    yield f"At £{number(choice.worth)} a QALY {choice.best} has the highest mean net benefit."
    for regime, benefit, share in zip(choice.regimes, choice.benefits, choice.share_best, strict=True):
        told = "baseline" if regime == choice.regimes[0] else f"{number(MILLION * benefit, 2, signed=True)} £m a year"
        yield f"  {regime}: {told}; best at {number(100 * share)} % of points"


def _table(choice: Choice) -> Table:
    table = Table(box=None, padding=(0, GUTTER + 1, 0, 0), show_edge=False, header_style="")
    for head in ("to know beforehand", "is worth [95 %], £m a year", "by chance", "verdict"):
        table.add_column(Text(head), no_wrap=head == "to know beforehand")
    for one in (choice.everything, *sorted(choice.inputs, key=lambda one: -one.value)):
        table.add_row(*map(Text, (one.input, _worth(one), _chance(one), one.verdict)))
    return table


def _worth(one: Worth) -> str:
    return " ".join(number_texts(one.value, one.low, one.high, MILLION, most_decimals=3))


def _chance(one: Worth) -> str:
    return number_texts(one.chance, math.nan, math.nan, MILLION, most_decimals=3)[0]


def notes(choice: Choice) -> Iterator[str]:
    """Say what the numbers are, and their bias."""
    yield (
        "Net benefit: QALYs in all times their worth, less commissioners’ costs, both discounted, a year. To know "
        "everything varied (EVPI): the mean of the best at each point, less the best of the means. To know one input "
        "(EVPPI): the same of a smooth curve over that input."
    )
    if choice.replicates > 1:
        yield (
            "Benefits are means over replicates; the luck left in them makes the first row too high, by about what "
            "stands under “by chance”. For an input, “by chance” is what 95 of 100 shuffles stay below; "
            "above chance is a value beyond that whose interval lies above 0."
        )
    else:
        yield (
            "With one replicate luck counts as if it could be known, so the first row is too high by an amount that "
            "cannot be told. For an input, “by chance” is what 95 of 100 shuffles of its values stay below."
        )
    yield (
        "Intervals hold which points were drawn. A value is for one year and all of England, and only of inputs that "
        "were varied, within their ranges. Simulated, not observed."
    )
