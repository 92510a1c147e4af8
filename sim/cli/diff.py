"""``sim diff``: two regimes or scenarios, set against each other in words."""

import json
import re
import sys
import textwrap
from collections.abc import Iterator, Sequence

from sim.governance.matrix import Cell
from sim.report.table import report_console
from sim.specification.comparison import BEGINNING, FUNCTION_WORDS, Period, cell_in_words, compare
from sim.specification.load import load_scenario
from sim.specification.parameters import ParameterSet
from sim.specification.run import DISTANCE, Scenario
from sim.specification.switches import Declared, mechanisms

INDENT = 2
NAME = re.compile(r" {4}\S+ {2,}")
"""What stands before the words for a holder: the name of the regime."""


def show_differences(first: str, second: str, *, as_json: bool) -> int:
    """Print what differs between two regimes or scenarios and return 0; raises ConfigError."""
    one, other = load_scenario(first), load_scenario(second)
    periods = compare(one, other)
    if as_json:
        content = {"ok": True, "first": one.id, "second": other.id, "periods": [_as_json(p) for p in periods]}
        print(json.dumps(content, ensure_ascii=False, indent=2))
        return 0
    for line in _lines(one, other, periods):
        _print_wrapped(line)
    return 0


def _lines(one: Scenario, other: Scenario, periods: Sequence[Period]) -> Iterator[str]:
    yield from (_named(one), _named(other), "")
    if not periods:
        yield from ("Nothing that acts differs.", "")
    for period in periods:
        yield from _in_words(period, dated=len(periods) > 1 or period.month + period.until != BEGINNING)
    yield "Patients, providers, catalogue prices, parameters and luck are the same in both."


def _print_wrapped(line: str) -> None:
    """Print a line as wide as the page; what is wrapped goes on below the text that stands after a name."""
    name = NAME.match(line)
    hanging = " " * (name.end() if name else len(line) - len(line.lstrip()) + INDENT)
    width = report_console(sys.stdout).width
    print(textwrap.fill(line, width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False))


def _named(scenario: Scenario) -> str:
    return f"{scenario.id}: {scenario.title}" if scenario.title else scenario.id


def _in_words(period: Period, *, dated: bool) -> Iterator[str]:
    one, other = period.first.id, period.second.id
    if dated:
        begin = "At first" if period.month == BEGINNING else f"From {period.month}"
        end = f", until {period.until}" if period.until else ""
        yield f"{begin}{end}: {one} against {other}"
    heading: tuple[str, ...] = ()
    width = max(len(one), len(other))
    for difference in period.holders:
        if difference.services != heading:
            heading = difference.services
            yield _sentence(heading)
        yield f"  {difference.function} ({FUNCTION_WORDS[difference.function]})"
        yield f"    {one:<{width}}  {cell_in_words(difference.first)}"
        yield f"    {other:<{width}}  {cell_in_words(difference.second)}"
    if period.alike:
        yield f"{_sentence(period.alike)}: the same holders in both"
    yield "Levers" if period.levers else "Levers: the same in both"
    for lever in period.levers:
        yield f"  {lever.lever}: {_value(lever.first)} in {one}, {_value(lever.second)} in {other}"
    yield from _benchmark(period)
    yield ""


def _benchmark(period: Period) -> Iterator[str]:
    if period.by_distance:
        other = period.first if period.first.with_distance else period.second
        yield f"Mechanisms: both are benchmarks; {other.id} leaves distance ({DISTANCE}) as a study has it"
    if not period.benchmark:
        return
    yield f"Mechanisms: {period.benchmark} is a benchmark, under which these are off"
    for switch in _off(period):
        number = "" if switch.facts.mechanism is None else f"{switch.facts.mechanism}. "
        yield f"  {number}{switch.facts.description} ({switch.key})"


def _off(period: Period) -> list[Declared]:
    """Return the switches that are off under the only benchmark of the two, none where there is no such."""
    kept = DISTANCE if period.first.with_distance or period.second.with_distance else ""
    return [switch for switch in mechanisms(ParameterSet()) if period.benchmark and switch.key != kept]


def _sentence(names: tuple[str, ...]) -> str:
    text = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return text[:1].upper() + text[1:]


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _as_json(period: Period) -> dict[str, object]:
    return {
        "from": period.month,
        "until": period.until,
        "first": period.first.id,
        "second": period.second.id,
        "holders": [
            {
                "services": list(difference.services),
                "function": difference.function,
                "first": _cell(difference.first),
                "second": _cell(difference.second),
            }
            for difference in period.holders
        ],
        "alike": list(period.alike),
        "levers": [{"lever": lever.lever, "first": lever.first, "second": lever.second} for lever in period.levers],
        "benchmark": period.benchmark,
        "mechanisms_off": [switch.key for switch in _off(period)],
    }


def _cell(cell: Cell) -> dict[str, object]:
    """Return holder and pool, and partner, lead and places where a cell has them."""
    content: dict[str, object] = {"holder": cell.holder, "pooled_at": cell.pooled_at}
    if cell.partner is not None:
        content |= {"partner": cell.partner, "lead": cell.lead}
    if cell.elsewhere is not None:
        where = {level: list(units) for level, units in cell.where}
        content |= {"where": where, "elsewhere": _cell(cell.elsewhere)}
    return content
