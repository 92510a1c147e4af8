"""The pages of ``sim explain`` about regimes: all of them in brief, and one with the reasons for every choice."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from pathlib import Path

from sim.cli.pages import Block, Page, as_text
from sim.governance.levers import Levers
from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Row
from sim.settings.schema import fields
from sim.specification.catalogue import shipped, shipped_folder
from sim.specification.comparison import GROUP_WORDS, cell_in_words
from sim.specification.convert import as_regime
from sim.specification.files import RegimeFile
from sim.specification.levels import units_in_words
from sim.specification.load import load_reasons, load_regime_file
from sim.specification.reasons import Reason, Reasons
from sim.specification.services import known_services

LEVERS = "levers"


def regimes_page() -> Page:
    """List the shipped regimes: who holds what, one line a group of services, and what each is called."""
    files = [load_regime_file(name) for name in shipped("regime")]
    rows = tuple(row for file in files for row in _regime_lines(file))
    note = "All about one:  sim explain REGIME     two compared:  sim diff REGIME REGIME"
    columns = ("regime", "services", *FUNCTIONS, "title", "dates", "benchmark")
    return Page("Regimes", columns, rows, note=note, blocks=tuple(_regime_block(file) for file in files))


def _regime_lines(file: RegimeFile) -> Iterator[tuple[str, ...]]:
    named = (file.title, file.dates, "yes" if file.benchmark else "no")
    for services, row in _rows_by_services(file).items():
        yield file.id, services, *(cell_in_brief(row[function]) for function in FUNCTIONS), *named


def _rows_by_services(file: RegimeFile) -> dict[str, Row]:
    regime = as_regime(file)
    return {group: regime.matrix[group] for group in GROUPS} | dict(regime.listed)


def _regime_block(file: RegimeFile) -> Block:
    """Tell a regime in a few lines: its name and dates, then who holds what; services that are alike share a line."""
    alike: dict[str, list[str]] = {}
    for services, row in _rows_by_services(file).items():
        alike.setdefault(_row_in_brief(row), []).append(services)
    words = "; ".join(text for text in (file.title, file.dates) if text)
    return Block(file.id, (words, *(f"{', '.join(services)}: {held}" for held, services in alike.items())))


def _row_in_brief(row: Row) -> str:
    """Write who holds the four functions, those of one holder together: ``policy, budget: nation; ...``."""
    held: dict[str, list[str]] = {}
    for function in FUNCTIONS:
        held.setdefault(cell_in_brief(row[function]), []).append(function)
    if len(held) == 1:
        return f"all by {next(iter(held))}"
    return "; ".join(f"{', '.join(functions)} by {cell}" for cell, functions in held.items())


def cell_in_brief(cell: Cell) -> str:
    """Write a cell as its file does: the level, and in brackets whatever else is set."""
    more = [f"{name}: {getattr(cell, name)}" for name in ("pooled_at", "partner") if getattr(cell, name)]
    if cell.partner is not None:
        more.append(f"lead: {cell.lead}")
    if cell.elsewhere is not None:
        inside = "; ".join(f"{units_in_words(level, units)} ({level})" for level, units in cell.where)
        more += [
            f"in {inside}{', together as one body' if cell.as_one else ''}",
            f"elsewhere: {cell_in_brief(cell.elsewhere)}",
        ]
    return f"{cell.holder} ({', '.join(more)})" if more else cell.holder


def regime_page(name: str) -> Page:
    """Show one regime: who holds what, the levers, and the reason for each, inherited ones with their file."""
    file, reasons = load_regime_file(name), load_reasons(name)
    details: list[tuple[str, str | tuple[str, ...]]] = [("title", file.title), ("dates", file.dates)]
    details += [("source", tuple(file.sources)), ("cannot represent", tuple(file.cannot_represent))]
    if file.benchmark:
        details.append(("benchmark", "every mechanism is off" + (" but distance" if file.with_distance else "")))
    choices = (*_cells(file, reasons), *_levers(file, reasons))
    columns = ("applies to", "what", "value", "grade", "reason", "reason given in")
    rows = tuple((c.subject, c.what, c.value, *_reason_cells(c.reason)) for c in choices)
    given = tuple(pair for pair in details if pair[1])
    blocks = (*_choice_blocks(choices), *_reason_blocks(choices, reasons))
    return Page(file.id, columns, rows, given, blocks=blocks)


@dataclass(frozen=True)
class _Choice:
    """One value of a regime, in words, with the reason for it."""

    subject: str
    what: str
    value: str
    reason: Reason | None


def _cells(file: RegimeFile, reasons: Reasons) -> Iterator[_Choice]:
    regime = as_regime(file)
    for group, function in product(GROUPS, FUNCTIONS):
        reason = reasons.behind(f"matrix.{group}.{function}", f"matrix.{group}")
        yield _Choice(GROUP_WORDS[group], function, cell_in_words(regime.matrix[group][function]), reason)
    for path, listed in file.matrix.listed_rows.items():
        for service, function in product(listed.services, FUNCTIONS):
            reason = reasons.behind(f"{path}.{function}", path, "matrix.listed")
            name, cell = known_services()[service].name, cell_in_words(regime.listed[service][function])
            yield _Choice(name, function, cell, reason)


def _levers(file: RegimeFile, reasons: Reasons) -> Iterator[_Choice]:
    for lever in fields(Levers):
        reason = reasons.behind(f"levers.{lever}", "levers")
        yield _Choice(LEVERS, lever, as_text(getattr(file.levers, lever)), reason)


def _reason_cells(reason: Reason | None) -> tuple[str, str, str]:
    return (reason.grade, reason.text, _file_name(reason)) if reason is not None else ("", "", "")


def _choice_blocks(choices: Sequence[_Choice]) -> Iterator[Block]:
    """Yield a block for each group of services, those that are alike together, and one for the levers."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for subject, chosen in groupby(choices, lambda choice: choice.subject):
        alike.setdefault(tuple(_choice_lines(chosen)), []).append(subject)
    for lines, subjects in alike.items():
        yield Block("; ".join(subjects), lines)


def _choice_lines(choices: Iterable[_Choice]) -> Iterator[str]:
    """Yield a line for each value with its grade; functions that have the same share one, levers do not."""
    together: dict[tuple[str, str], list[str]] = {}
    for choice in choices:
        told = choice.value + (f"  ({_grade(choice.reason)})" if choice.reason is not None else "")
        together.setdefault((told, choice.what if choice.subject == LEVERS else ""), []).append(choice.what)
    for (told, _), whats in together.items():
        yield f"{', '.join(whats)}: {told}"


def _reason_blocks(choices: Sequence[_Choice], reasons: Reasons) -> Iterator[Block]:
    """Yield the reasons: those of the file, then those of other files that still hold."""
    used = dict.fromkeys([*reasons.own, *(choice.reason for choice in choices if choice.reason is not None)])
    if used:
        yield Block("reasons", tuple(f"{reason.key} ({_grade(reason)}): {reason.text}" for reason in used))


def _grade(reason: Reason) -> str:
    return f"{reason.grade}, from {_file_name(reason)}" if reason.inherited_from else reason.grade


def _file_name(reason: Reason) -> str:
    """Return the file that gives an inherited reason: a shipped one by its name alone, empty for the regime's own."""
    path = Path(reason.inherited_from)
    is_shipped = reason.inherited_from and path.resolve().is_relative_to(shipped_folder())
    return path.name if is_shipped else reason.inherited_from
