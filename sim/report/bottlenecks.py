"""Bottlenecks on the page: why people are not treated in time, the largest, and what a little more would do."""

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.analysis.bottlenecks import Bottleneck
from sim.analysis.shadow_prices import NO_EFFECT, NOTHING, ShadowPrice
from sim.figures.numbers import number
from sim.report.table import number_texts
from sim.settings.plural import counted

MEASURES = {"in_time": "people treated in time", "qalys": "QALYs lived"}
LABEL_WIDTH = 24


def print_reasons(shares: Mapping[str, Mapping[str, float]], replicates: int, console: Console) -> None:
    """Print what became of the people in need under each regime, from diagnosis."""
    console.print(
        Text(f"Of the people in need, from diagnosis; a replicate, mean of {counted(replicates, 'replicate')}")
    )
    console.print("")
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(min_width=LABEL_WIDTH)
    for _ in shares:
        grid.add_column(justify="right")
    grid.add_row("", *shares)
    whole = {regime: sum(of.values()) for regime, of in shares.items()}
    grid.add_row("in need", *(number(people) for people in whole.values()))
    for reason in next(iter(shares.values()), {}):
        if any(of[reason] for of in shares.values()):
            cells = (_with_share(of[reason], whole[regime]) for regime, of in shares.items())
            grid.add_row("  " + reason.replace("_", " "), *cells)
    console.print(grid)


def _with_share(people: float, whole: float) -> str:
    return f"{number(people)} ({number(100 * people / whole, 1)} %)" if whole else "–"


def bottleneck_lines(found: Sequence[Bottleneck]) -> Iterator[str]:
    """Name the largest bottlenecks, regime by regime."""
    for regime in dict.fromkeys(one.regime for one in found):
        yield ""
        yield f"The largest bottlenecks under {regime}"
        for one in (one for one in found if one.regime == regime):
            line = f"  {one.service}, {one.reason.replace('_', ' ')}: {_with_share(one.people, one.in_need)}"
            if one.worst_area:
                share = number(100 * one.worst_share, 0)
                line += f"; most in {one.worst_area}, {number(one.worst_people)} ({share} % there)"
            yield line


def price_lines(prices: Sequence[ShadowPrice]) -> Iterator[str]:
    """Say what one more unit does under each regime, with its interval."""
    yield ""
    yield "What a little more would do, from the first measured day on, under the same luck [95 %]"
    for regime in dict.fromkeys(price.regime for price in prices):
        yield ""
        yield f"  Under {regime}"
        for price in (price for price in prices if price.regime == regime):
            yield f"    {price.unit}: {_effect(price)}"
    yield ""
    yield (
        "Each is the effect of 1 % more of it (of panels that are a month faster), divided by how much that was. "
        "People and QALYs of the measured years alone; `not distinguishable`: the interval over replicates spans zero."
    )


def _effect(price: ShadowPrice) -> str:
    measure = MEASURES[price.measure]
    if price.verdict == NOTHING:
        return f"{measure}: there was no more of it"
    if price.verdict == NO_EFFECT:
        return f"{measure}: {price.verdict}"
    value, interval = number_texts(price.per_unit, price.low, price.high, 1.0, signed=True)
    return f"{value} {measure} {interval}, {price.verdict}"
