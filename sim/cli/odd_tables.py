"""The tables of the ODD protocol, each written from the declarations in the code."""

import csv
import re
from collections.abc import Iterable, Iterator
from importlib import import_module

from sim.agents.columns import STATE_NAMES
from sim.cli.odd_source import Module, Rule, constants, modules, record_classes, shapes, users
from sim.cli.pages import as_text
from sim.cli.reference import levels_page, levers_page, services_page
from sim.luck.records import columns
from sim.measures.outcomes import OUTCOMES
from sim.model.result import REASONS
from sim.phases import PHASES
from sim.report.markdown import markdown_table
from sim.settings.schema import fields
from sim.specification.parameters import ParameterSet
from sim.specification.switches import Declared, declared, mechanisms
from sim.world.world import DATA_DIRECTORY, TABLES

PARAMETER_COLUMNS = ("key", "value", "plausible", "allowed", "unit", "grade", "source", "description")


def groups() -> dict[str, type]:
    """Return the class of each group of parameters."""
    return {name: type(getattr(ParameterSet(), name)) for name in fields(ParameterSet)}


def state_variables() -> str:
    """List the columns of every kind of record, one table for each."""
    parts = []
    for module, name in record_classes():
        row = getattr(import_module(module), name)
        parts.append(f"**{name}** (`{module}`). {prose(_docstring(row))}")
        table = ((f"`{one.name}`", one.type, one.unit, one.meaning) for one in columns(row))
        parts.append(markdown_table(("name", "type", "unit", "meaning"), table))
    states = ((str(number), name) for number, name in enumerate(STATE_NAMES))
    parts.append("**States of a patient** (`STATE_NAMES`), in the order of the pathway.")
    parts.append(markdown_table(("code", "state"), states))
    return "\n\n".join(parts)


def arrays() -> str:
    """List what is known by place, service, offer, provider or account: arrays whose shape the code gives."""
    parts = []
    for shape in shapes("world", "agents", "governance", "phases"):
        parts.append(f"**{shape.name}** (`{shape.module}`). {prose(shape.text)}")
        table = ((f"`{one.name}`", _kind(one.type, shape.module), prose(one.comment)) for one in shape.fields)
        parts.append(markdown_table(("name", "type", "shape, unit and meaning"), table))
    return "\n\n".join(parts)


def services() -> str:
    """List the modelled services."""
    page = services_page()
    return markdown_table(page.columns, page.rows)


def levels() -> str:
    """List the levels at which a function can be held."""
    page = levels_page()
    return markdown_table(page.columns, page.rows)


def levers() -> str:
    """List the levers with all that stands beside them."""
    page = levers_page()
    order = [page.columns.index(column) for column in PARAMETER_COLUMNS]
    return markdown_table(PARAMETER_COLUMNS, (_keyed([row[place] for place in order]) for row in page.rows))


def phases() -> str:
    """List the phases of the month in their order."""
    rows = ((str(number), phase.name, phase.actor, phase.rule) for number, phase in enumerate(PHASES, start=1))
    return markdown_table(("order", "phase", "who acts", "rule"), rows)


def switches() -> str:
    """List the mechanisms by number, with the switch and the group of each."""
    rows = (
        (str(entry.facts.mechanism or "–"), f"`{entry.key}`", as_text(entry.value), f"`{entry.key.split('.')[0]}`")
        for entry in mechanisms(ParameterSet())
    )
    return markdown_table(("number", "off-switch", "default", "group of parameters"), rows)


def parameters() -> str:
    """List every parameter, one table for each group."""
    parts = []
    for name, group in groups().items():
        entries = declared(getattr(ParameterSet(), name), f"{name}.")
        parts.append(f"#### `{name}`\n\n{prose(_docstring(group))} Declared in `{group.__module__}`.")
        parts.append(markdown_table(PARAMETER_COLUMNS, (_keyed(_facts(entry)) for entry in entries)))
    return "\n\n".join(parts)


def decisions() -> str:
    """List every decision that luck enters, with the rules that draw it."""
    rows = []
    for name, number in constants("sim.luck.decisions"):
        found = list(users(name, "sim.luck.decisions"))
        where = "; ".join(f"`{module}.{rule.name}`" for module, rule in found)
        rows.append((str(number), name.replace("_", " ").lower(), where, " ".join(_firsts(found))))
    return markdown_table(("number", "decision", "drawn in", "for"), rows)


def reasons() -> str:
    """List the reasons that sum to everyone in need."""
    return ", ".join(reason.replace("_", " ") for reason in REASONS) + "."


def outcomes() -> str:
    """List what is reported, with the smallest difference that matters."""
    rows = (
        (f"`{one.id}`", one.label, one.unit, one.better, f"{one.smallest_difference:g}", one.reason)
        for one in OUTCOMES.values()
    )
    columns_ = ("outcome", "what it is", "unit", "better", "smallest difference that matters", "why that much")
    return markdown_table(columns_, rows)


def data() -> str:
    """List the data tables with their rows counted, as their own page describes them."""
    text = (DATA_DIRECTORY / "README.md").read_text(encoding="utf-8")
    said = dict(re.findall(r"^\| `(\w+\.csv)` \| \d+ \| (.*?) \|", text, flags=re.MULTILINE))
    rows = []
    for path in sorted(DATA_DIRECTORY.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            count = sum(1 for _ in csv.reader(file)) - 1
        rows.append((f"`{path.name}`", str(count), said.get(path.name, ""), "yes" if path.name in TABLES else "no"))
    return markdown_table(("table", "rows", "what it says", "enters a run"), rows)


def prose(text: str) -> str:
    """Make a docstring safe in Markdown: names keep their type of code, stars and angles are only signs."""
    parts = re.split(r"(``?[^`]+``?)", text)
    return "".join(
        f"`{part.strip('`')}`" if part.startswith("`") else part.replace("*", "\\*").replace("<", "&lt;")
        for part in parts
    )


def rules_of(module: Module) -> str:
    """List the public functions of a module with what they say of themselves."""
    return "\n".join(f"- `{rule.name}`: {prose(rule.text)}" for rule in module.rules)


def all_modules() -> dict[str, Module]:
    """Return the modules that hold rules, by their dotted name."""
    return {module.name: module for module in modules("phases", "governance", "agents", "world")}


def _docstring(row: type) -> str:
    return " ".join((row.__doc__ or "").split())


def _kind(written: str, module: str) -> str:
    """Word a type as a module writes it: ``npt.NDArray[np.float64]``, or a name for that, is an array of float64."""
    meant = str(getattr(import_module(module), written, "")) if written.isidentifier() else written
    found = re.search(r"(?:NDArray\[np\.|numpy\.dtype\[(?:numpy\.)?)(\w+?)_?\]", meant)
    return f"array of {found[1]}" if found else f"`{written}`"


def _facts(entry: Declared) -> list[str]:
    known = entry.facts
    source = f"off-switch of mechanism {known.mechanism or '–'}" if known.switch else known.source
    numbers = [entry.key, as_text(entry.value), known.plausible, known.allowed, known.unit, known.grade]
    return [*numbers, source, known.description]


def _keyed(row: Iterable[str]) -> list[str]:
    key, *others = row
    return [f"`{key}`", *(prose(cell) for cell in others)]


def _firsts(found: Iterable[tuple[str, Rule]]) -> Iterator[str]:
    for _, rule in found:
        text = rule.text
        yield prose(re.split(r"(?<=[.;:]) ", text)[0].rstrip(".;:")) + "." if text else ""
