"""What differs between two scenarios: who holds what, the levers, and the mechanisms of a benchmark."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Function, Group, Lead, Regime, Row
from sim.specification.levels import in_words, some_in_words, unit_counts, units_in_words
from sim.specification.run import Scenario
from sim.specification.services import known_services

BEGINNING = ""
"""Stands for the month of the first regime, which is in force from the beginning."""

FUNCTION_WORDS: dict[Function, str] = {
    "policy": "what is routinely funded",
    "budget": "whose money pays",
    "contracting": "who contracts with providers",
    "cases": "who decides individual requests",
}
GROUP_WORDS: dict[Group, str] = {
    "highly_specialised": "highly specialised services",
    "specialised_retained": "specialised services (retained)",
    "specialised_delegable": "specialised services (delegable)",
}


LEAD_WORDS: dict[Lead, str] = {"holder": "the holder", "partner": "the partner", "none": "nobody clearly"}


@dataclass(frozen=True)
class HolderDifference:
    """One function that two regimes place differently, for the services that ``services`` words."""

    services: tuple[str, ...]
    function: Function
    first: Cell
    second: Cell


@dataclass(frozen=True)
class LeverDifference:
    """One lever that two regimes set differently."""

    lever: str
    first: object
    second: object


@dataclass(frozen=True)
class Period:
    """What differs from a month on; ``alike`` names the services whose matrix is the same.

    ``until`` is the month in which something changes again, empty when nothing does.
    """

    month: str
    until: str
    first: Regime
    second: Regime
    holders: tuple[HolderDifference, ...]
    levers: tuple[LeverDifference, ...]
    alike: tuple[str, ...]

    @property
    def benchmark(self) -> str:
        """Return the id of the only one that is a benchmark, empty when none or both are."""
        if self.first.benchmark == self.second.benchmark:
            return ""
        return self.first.id if self.first.benchmark else self.second.id

    @property
    def same(self) -> bool:
        """Tell whether nothing that acts differs."""
        return not (self.holders or self.levers or self.benchmark or self.by_distance)

    @property
    def by_distance(self) -> bool:
        """Tell whether distance matters under one benchmark and not under the other."""
        return not self.benchmark and self.first.with_distance != self.second.with_distance


def compare(first: Scenario, second: Scenario) -> tuple[Period, ...]:
    """Return the differences for each stretch of time in which neither scenario changes its regime.

    Stretches without any difference are left out, so scenarios that act alike have none.
    """
    months = sorted({month for month, _ in first.timeline + second.timeline} | {BEGINNING})
    pairs = [(month, _in_force(first, month), _in_force(second, month)) for month in months]
    changes = [pair for index, pair in enumerate(pairs) if not index or pair[1:] != pairs[index - 1][1:]]
    ends = [*(month for month, _, _ in changes[1:]), ""]
    periods = (_period((month, until), one, other) for (month, one, other), until in zip(changes, ends, strict=True))
    return tuple(period for period in periods if not period.same)


def cell_in_words(cell: Cell) -> str:
    """Word who holds a function, where the money is pooled, who shares it, and in which places."""
    if cell.elsewhere is None:
        return in_words(cell.holder) + _with_others(cell, in_words)
    other = cell.elsewhere
    alone = some_in_words(other.holder) + _with_others(other, some_in_words) + _each(other)
    elsewhere = cell_in_words(other) if other.elsewhere is not None else alone
    together = ", together as one body" if cell.as_one else _each(cell)
    return f"{_some_holders(cell)}{_with_others(cell, some_in_words)}{together}; elsewhere {elsewhere}"


def _some_holders(cell: Cell) -> str:
    """Name those who hold a function in the places of a cell, by their own names or by the places."""
    if _by_name(cell):
        return units_in_words(*cell.where[0])
    places = "; ".join(f"{units_in_words(level, units)} ({level})" for level, units in cell.where)
    return f"{some_in_words(cell.holder)} in {places}"


def _by_name(cell: Cell) -> bool:
    return [level for level, _ in cell.where] == [cell.holder]


def _each(cell: Cell) -> str:
    """Say that several holders do not act together, where nothing else is said of how they act."""
    several = len(cell.where[0][1]) if _by_name(cell) else unit_counts().get(cell.pooled_at or cell.holder, 0)
    return ", each by itself" if several > 1 and cell.partner is None else ""


def _with_others(cell: Cell, worded: Callable[[str], str]) -> str:
    words = ""
    if cell.pooled_at is not None and cell.pooled_at != cell.holder:
        words += f", pooled and spent by {worded(cell.pooled_at)}"
    if cell.partner is not None:
        words += f", shared with {worded(cell.partner)}, {LEAD_WORDS[cell.lead]} in the lead"
    return words


def _in_force(scenario: Scenario, month: str) -> Regime:
    started = [regime for start, regime in scenario.timeline if start <= month]
    return started[-1] if started else scenario.timeline[0][1]


def _period(span: tuple[str, str], first: Regime, second: Regime) -> Period:
    pairs: dict[tuple[tuple[Cell, Cell], ...], list[str]] = {}
    for words, one, other in _rows(first, second):
        cells = tuple((one[function], other[function]) for function in FUNCTIONS)
        pairs.setdefault(cells, []).append(words)
    holders = tuple(
        HolderDifference(tuple(services), function, one, other)
        for cells, services in pairs.items()
        for function, (one, other) in zip(FUNCTIONS, cells, strict=True)
        if one != other
    )
    alike = [
        words for cells, services in pairs.items() if all(one == other for one, other in cells) for words in services
    ]
    return Period(*span, first, second, holders, tuple(_levers(first, second)), tuple(alike))


def _rows(first: Regime, second: Regime) -> Iterator[tuple[str, Row, Row]]:
    """Yield both rows of each group, and of each service that either regime lists by name."""
    for group in GROUPS:
        yield GROUP_WORDS[group], first.matrix[group], second.matrix[group]
    for id_ in sorted({*first.listed, *second.listed}):
        group = next(group for group in GROUPS if group == known_services()[id_].group)
        one, other = (regime.listed.get(id_, regime.matrix[group]) for regime in (first, second))
        yield known_services()[id_].name, one, other


def _levers(first: Regime, second: Regime) -> Iterator[LeverDifference]:
    for lever in type(first.levers).model_fields:
        one, other = getattr(first.levers, lever), getattr(second.levers, lever)
        if one != other:
            yield LeverDifference(lever, one, other)
