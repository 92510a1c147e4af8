"""The reference pages of ``sim explain``, read from the declarations themselves."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from math import isnan

from pydantic.fields import FieldInfo

from sim.cli.pages import Page, as_text
from sim.governance.levers import Levers
from sim.settings.plural import counted
from sim.settings.schema import facts, fields, models_in
from sim.specification.catalogue import shipped
from sim.specification.cells import MoneyFile, RowFile
from sim.specification.files import StudyFile
from sim.specification.kinds import FileModel
from sim.specification.levels import in_words, known_units, unit_counts
from sim.specification.load import load_scenario, load_study
from sim.specification.parameters import ParameterSet
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
    yield from _cell_keys()


def _cell_keys() -> Iterator[Declared]:
    """Yield the functions of a row of a regime's matrix, and what may stand in a cell; GROUP is a group of services."""
    for function, info in fields(RowFile).items():
        yield Declared(f"matrix.GROUP.{function}", _default(info), facts(info))
    for name, info in fields(MoneyFile).items():
        yield Declared(f"matrix.GROUP.budget.{name}", _default(info), facts(info))


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


def scenario_page(name: str) -> Page:
    """Tell which regimes are in force from when under a scenario."""
    loaded = load_scenario(name)
    rows = tuple((month, regime.id, regime.title) for month, regime in loaded.timeline)
    return Page(loaded.title or loaded.id, ("from", "regime", "title"), rows, note=f"Run it with:  sim run {name}")


def study_page(name: str) -> Page:
    """Tell what a study compares, over which years and how often."""
    study = load_study(name)
    rows = tuple((scenario.id, scenario.title) for scenario in study.compare)
    details: list[tuple[str, str | tuple[str, ...]]] = [("baseline", study.baseline)]
    details += [("years", study.horizon.in_words)]
    details += [("services", str(len(study.services))), ("replicates", str(study.replicates))]
    if study.axes:
        details.append(("varies", tuple(f"{axis.key}: {axis.in_words}" for axis in study.axes)))
        details.append(("design", f"{study.design.in_words}: {counted(len(study.points), 'point')}"))
    note = f"What it takes:  sim run {name} --dry-run"
    return Page(study.title or study.id, ("compares", "title"), rows, tuple(details), note=note)


def services_page() -> Page:
    """List the modelled services."""
    rows = tuple((service.id, service.name, service.group) for service in known_services().values())
    return Page("Services", ("service", "name", "group"), rows)


def service_page(name: str) -> Page:
    """Tell which group a service belongs to, and which of the dated technologies are its own."""
    service, known = known_services()[name], known_technologies()
    details = [("name", service.name), ("group", service.group)]
    rows = tuple((known.ids[row], known.names[row]) for row, of in enumerate(known.services) if of == name)
    note = (
        "In a study, services are listed under `services:`; in a regime, a service may be listed under `matrix.listed`."
    )
    return Page(name, ("technology", "what it is"), rows, tuple(details), note=note)


def technologies_page() -> Page:
    """List the dated technologies of the catalogue, each number with its grade."""
    known = known_technologies()
    rows = tuple(_technology_row(known, row) for row in range(len(known.ids)))
    columns = ("technology", "first", "licensed", "cost in £", "QALYs gained", "£ per QALY")
    wide = ("funded", "eligible share", "service", "name", "cost is")
    note = (
        "first: whether it is the first treatment of its service, which therefore does not exist in a run before it is "
        "licensed, and treats nobody before it is funded for the whole of England too. All others are listed for the "
        "record and change nothing in a run. Months are those of the licence, or of first use; --markdown and --json "
        "print those of funding, services, names and shares as well."
    )
    return Page("Technologies", (*columns, *wide), rows, note=note, only_wide=wide)


def _technology_row(known: Technologies, row: int) -> tuple[str, ...]:
    ratio, dated = float(known.gbp_per_qaly[row]), known.date_grades[row]
    return (
        known.ids[row],
        "yes" if known.begins_service[row] else "no",
        f"{format_month(int(known.licensed_month[row]))} {dated}",
        f"{known.cost_gbp[row]:,.0f} {known.cost_grades[row]}",
        f"{known.qalys_gained[row]:g} {known.effect_grades[row]}",
        "not on record" if isnan(ratio) else f"{ratio:,.0f} {known.ratio_grades[row]}",
        f"{format_month(int(known.funded_month[row]))} {dated}",
        f"{known.eligible_share[row]:g} {known.eligible_grades[row]}",
        known.services[row],
        known.names[row],
        known.cost_basis[row],
    )


def _study_keys(model: type[FileModel], prefix: str = "") -> Iterator[Declared]:
    for name, info in fields(model).items():
        inside = [found for found in models_in(info.annotation) if issubclass(found, FileModel)]
        for found in inside:
            yield from _study_keys(found, f"{prefix}{name}.")
        if not inside and name != "parameters":
            yield Declared(prefix + name, _default(info), facts(info))


def _default(info: FieldInfo) -> object:
    return "required" if info.is_required() else "nothing" if info.default is None else info.default


def _row(entry: Declared) -> tuple[str, ...]:
    known, value = entry.facts, as_text(entry.value)
    numbers = (entry.key, value, known.plausible, known.allowed, known.unit, known.grade)
    return (*numbers, known.description, known.source)
