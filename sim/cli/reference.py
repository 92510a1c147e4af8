"""The reference pages of ``sim explain``, read from the declarations themselves."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from itertools import product
from math import isnan

from pydantic.fields import FieldInfo

from sim.cli.pages import Block, Page
from sim.governance.levers import Levers
from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Regime, Row
from sim.settings.schema import facts, fields, models_in
from sim.specification.catalogue import shipped
from sim.specification.comparison import GROUP_WORDS, cell_in_words
from sim.specification.convert import as_regime
from sim.specification.files import RegimeFile, StudyFile
from sim.specification.kinds import FileModel
from sim.specification.levels import in_words, known_units, unit_counts, units_in_words
from sim.specification.load import load, load_regime_file, load_scenario, load_study
from sim.specification.parameters import ParameterSet
from sim.specification.run import Scenario
from sim.specification.services import known_services, known_technologies
from sim.specification.switches import Declared, declared, mechanisms
from sim.world.months import format_month
from sim.world.technologies import Technologies

_WIDE = ("allowed", "unit", "description", "source")
_MORE = "`sim explain KEY` tells all about one; --markdown and --json print everything."
_COLUMNS = ("key", "value", "plausible", "allowed", "unit", "grade", "description", "source")


def every_key() -> Iterator[Declared]:
    """Yield everything that has a key: parameters, levers, and what a study sets."""
    yield from declared(ParameterSet())
    yield from declared(Levers(), "levers.")
    yield from _study_keys(StudyFile)


def parameters_page(title: str = "Parameters", entries: Sequence[Declared] = ()) -> Page:
    """List parameters, all of them unless some are given."""
    shown = entries or tuple(declared(ParameterSet()))
    return Page(title, _COLUMNS, tuple(_row(entry) for entry in shown), note=_MORE, only_wide=_WIDE)


def levers_page() -> Page:
    """List the levers of a regime with their defaults."""
    return parameters_page("Levers", tuple(declared(Levers(), "levers.")))


def mechanisms_page() -> Page:
    """List the off-switches by the number of the mechanism, those of rules that have none at the end."""
    rows = tuple(
        (
            "" if entry.facts.mechanism is None else str(entry.facts.mechanism),
            entry.key,
            as_text(entry.value),
            entry.facts.description,
        )
        for entry in mechanisms(ParameterSet())
    )
    note = "A benchmark has all of them off; a study sets them under `parameters:`."
    return Page("Mechanisms", ("number", "switch", "default", "description"), rows, note=note)


def phases_page() -> Page:
    """List the phases of a month in their order."""
    phases = getattr(import_module("sim.phases"), "PHASES", ())
    rows = tuple((str(number), p.name, p.actor, p.rule) for number, p in enumerate(phases, start=1))
    return Page("Phases of a month, in order", ("order", "phase", "who acts", "rule"), rows)


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
        more += [f"in {inside}{' as one' if cell.as_one else ''}", f"elsewhere: {cell_in_brief(cell.elsewhere)}"]
    return f"{cell.holder} ({', '.join(more)})" if more else cell.holder


def scenarios_page() -> Page:
    """List the shipped scenarios with the regime that is in force from each month on."""
    loaded = [load_scenario(name) for name in shipped("scenario")]
    rows = tuple(
        (one.id, one.title, ", then ".join(f"{regime.id} from {month}" for month, regime in one.timeline))
        for one in loaded
    )
    return Page("Scenarios", ("scenario", "title", "timeline"), rows, note="A regime is a scenario of one line.")


def studies_page() -> Page:
    """List the shipped studies."""
    studies = [load_study(name) for name in shipped("study")]
    rows = tuple((study.id, study.title, ", ".join(study.scenarios)) for study in studies)
    return Page("Studies", ("study", "title", "compares"), rows, note="Run one with:  sim run STUDY")


def levels_page() -> Page:
    """List the levels with the number of their units, counted in the data."""
    rows = tuple((level, str(units), in_words(level)) for level, units in unit_counts().items())
    return Page("Levels", ("level", "units", "in words"), rows)


def units_page(level: str) -> Page:
    """List the units of one level by code, as `where:` may name them."""
    rows = tuple(sorted(known_units()[level].items()))
    note = "A name with a comma stands in quotation marks inside [ ]; a code needs none."
    return Page(in_words(level), ("code", "name"), rows, note=note)


def loaded_page(name: str) -> Page:
    """Tell what a scenario or a study holds: which regimes are in force from when, or what is compared."""
    loaded = load(name)
    if isinstance(loaded, Scenario):
        rows = tuple((month, regime.id, regime.title) for month, regime in loaded.timeline)
        return Page(loaded.title or loaded.id, ("from", "regime", "title"), rows, note=f"Run it with:  sim run {name}")
    if isinstance(loaded, Regime):
        return regime_page(name)
    rows = tuple((scenario.id, scenario.title, "") for scenario in loaded.compare)
    return Page(loaded.title or loaded.id, ("compares", "title", ""), rows, note=f"Check it with:  sim check {name}")


def services_page() -> Page:
    """List the modelled services."""
    rows = tuple((service.id, service.name, service.group) for service in known_services().values())
    return Page("Services", ("service", "name", "group"), rows)


def technologies_page() -> Page:
    """List the dated technologies of the catalogue, each number with its grade."""
    known = known_technologies()
    rows = tuple(_technology_row(known, row) for row in range(len(known.ids)))
    columns = ("technology", "licensed", "cost in £", "QALYs gained", "£ per QALY")
    wide = ("funded", "eligible share", "begins", "service", "name", "cost is")
    note = (
        "A technology begins the service named beside it; the others are listed, and change nothing in a run. Months "
        "are those of the licence, or of first use, and of funding for the whole of England; --markdown and --json "
        "print that, names, shares and what is begun."
    )
    return Page("Technologies", (*columns, *wide), rows, note=note, only_wide=wide)


def _technology_row(known: Technologies, row: int) -> tuple[str, ...]:
    ratio, dated = float(known.gbp_per_qaly[row]), known.date_grades[row]
    return (
        known.ids[row],
        f"{format_month(int(known.licensed_month[row]))} {dated}",
        f"{known.cost_gbp[row]:,.0f} {known.cost_grades[row]}",
        f"{known.qalys_gained[row]:g} {known.effect_grades[row]}",
        "not known" if isnan(ratio) else f"{ratio:,.0f} {known.ratio_grades[row]}",
        f"{format_month(int(known.funded_month[row]))} {dated}",
        f"{known.eligible_share[row]:g} {known.eligible_grades[row]}",
        known.services[row] if known.begins_service[row] else "",
        known.services[row],
        known.names[row],
        known.cost_basis[row],
    )


def regime_page(name: str) -> Page:
    """Show one regime: who holds what, the levers, and the reasons given for each."""
    file = load_regime_file(name)
    details = [("title", file.title), ("dates", file.dates)]
    details += [("source", source) for source in file.sources]
    details += [("cannot represent", limit) for limit in file.cannot_represent]
    if file.benchmark:
        details.append(("benchmark", "every mechanism is off"))
    rows = (*_matrix_rows(file), *_lever_rows(file))
    columns = ("applies to", "what", "value", "grade", "reason")
    reasons = tuple((path, given.reason) for path, given in file.reasons.items())
    given = tuple(pair for pair in details if pair[1])
    return Page(file.id, columns, rows, given, only_wide=("reason",), reasons=reasons)


def _matrix_rows(file: RegimeFile) -> Iterator[tuple[str, ...]]:
    regime = as_regime(file)
    for group in GROUPS:
        for function in FUNCTIONS:
            cell = cell_in_words(regime.matrix[group][function])
            reason = _reason(file, f"matrix.{group}.{function}") or _reason(file, f"matrix.{group}")
            yield GROUP_WORDS[group], function, cell, *(reason or ("", ""))
    for path, listed in file.matrix.listed_rows.items():
        for service, function in product(listed.services, FUNCTIONS):
            reason = _reason(file, f"{path}.{function}") or _reason(file, path) or _reason(file, "matrix.listed")
            cell = cell_in_words(regime.listed[service][function])
            yield known_services()[service].name, function, cell, *(reason or ("", ""))


def _lever_rows(file: RegimeFile) -> Iterator[tuple[str, ...]]:
    for lever in fields(Levers):
        reason = _reason(file, f"levers.{lever}") or ("", "")
        yield "levers", lever, as_text(getattr(file.levers, lever)), *reason


def _reason(file: RegimeFile, path: str) -> tuple[str, str] | None:
    given = file.reasons.get(path)
    return (given.grade, given.reason) if given is not None else None


def _study_keys(model: type[FileModel], prefix: str = "") -> Iterator[Declared]:
    for name, info in fields(model).items():
        inside = [found for found in models_in(info.annotation) if issubclass(found, FileModel)]
        for found in inside:
            yield from _study_keys(found, f"{prefix}{name}.")
        if not inside and name != "parameters":
            yield Declared(prefix + name, _default(info), facts(info))


def _default(info: FieldInfo) -> object:
    return "required" if info.is_required() else info.default


def _row(entry: Declared) -> tuple[str, ...]:
    known, value = entry.facts, as_text(entry.value)
    numbers = (entry.key, value, known.plausible, known.allowed, known.unit, known.grade)
    return (*numbers, known.description, known.source)


def as_text(value: object) -> str:
    """Write a value as a configuration file does."""
    return str(value).lower() if isinstance(value, bool) else str(value)
