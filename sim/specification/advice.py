"""Hints for unknown keys that know which kind of file a key belongs to."""

from pydantic import BaseModel

from sim.governance.levers import Levers
from sim.settings.hints import nearest
from sim.settings.schema import fields, homes_of, models_in
from sim.settings.tree import Location
from sim.settings.validate import Advice
from sim.specification.cells import HolderFile
from sim.specification.files import RegimeFile, StudyFile
from sim.specification.parameters import ParameterSet


def advise(model: type[BaseModel]) -> Advice:
    """Return the hints for unknown keys of one kind of file."""
    if model is RegimeFile:
        return _in_regime
    return _in_study if model is StudyFile else _of_a_regime


def prefix_of(head: str) -> tuple[str, ...]:
    """Return what to put before an override's path: parameters may be named without their heading."""
    is_group = head in fields(ParameterSet) and head not in fields(StudyFile)
    return ("parameters",) if is_group else ()


def _in_regime(location: Location) -> str:
    key = str(location[-1])
    cell = fields(HolderFile)
    if key in cell and location[-2:-1] and location[-2] not in cell:
        return f"it belongs inside a cell: {{holder: LEVEL, {key}: …}}"
    if key == "pooled_at":
        return "only a budget is pooled: {holder: LEVEL, pooled_at: LEVEL}"
    if key in _parameter_keys():
        return "a regime file sets matrix and levers only; parameters belong to a study, under `parameters:`"
    return ""


def _in_study(location: Location) -> str:
    """Know the groups of parameters, which the command line names without their heading, and misspelt ones."""
    head, _, rest = str(location[-1]).partition(".")
    at_home = len(location) > 1 or any(
        len(home) > 1 and home[:-1] != ("parameters",) for home in homes_of(StudyFile, head)
    )
    meant = None if at_home else nearest(head, [*fields(StudyFile), *fields(ParameterSet), "levers"])
    if meant in fields(ParameterSet) and meant not in fields(StudyFile):
        known = f"`{meant}` is" if head == meant else f"did you mean `{meant}`?  It is"
        written = f"`parameters: {{{meant}: {{{rest or 'KEY'}: …}}}}`"
        return f"{known} a group of parameters; in a study file, write {written}"
    return _of_a_regime((*location[:-1], meant) if meant == "levers" else location)


def _of_a_regime(location: Location) -> str:
    key = str(location[-1])
    if key in fields(Levers) or key in ("levers", "matrix"):
        return (
            "matrix and levers belong to a regime file; name the regime under `compare:`, or set a lever in all of "
            "them: `vary: {levers.year_end: [carry, bail_out]}`"
        )
    return ""


def _parameter_keys() -> set[str]:
    groups = fields(ParameterSet)
    models = [model for info in groups.values() for model in models_in(info.annotation)]
    return {"parameters", *groups, *(key for model in models for key in fields(model))}
