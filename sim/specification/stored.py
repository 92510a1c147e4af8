"""Read the canonical text of a run back into the run that it was written from."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from sim.governance.levers import Levers
from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Regime, Row
from sim.specification.parameters import ParameterSet
from sim.specification.run import RunSpec


class StoredSpecificationError(ValueError):
    """A stored specification is not one that this version of the model can run."""


def read_canonical(text: str, scenario_id: str = "") -> RunSpec:
    """Return the run that a canonical text describes; its regimes, which have no names there, are called by the id.

    Raise StoredSpecificationError on text that is no such run, as that of a version with other parameters.
    """
    try:
        content = json.loads(text)
        return _spec(content, scenario_id)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise StoredSpecificationError(f"{error.title}: {where}: {first['msg']}") from error
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise StoredSpecificationError(f"not a run's specification ({type(error).__name__}: {error})") from error


def _spec(content: Mapping[str, Any], scenario_id: str) -> RunSpec:
    return RunSpec(
        timeline=tuple((month, _regime(regime, scenario_id)) for month, regime in content["timeline"]),
        scenario_id=scenario_id,
        seed=int(content["seed"]),
        replicate=int(content["replicate"]),
        start=content["start"],
        years=int(content["years"]),
        burn_in_years=int(content["burn_in_years"]),
        services=tuple(content["services"]),
        twin_sets=int(content["twin_sets"]),
        weights=tuple((service, int(weight)) for service, weight in content["weights"].items()),
        parameters=ParameterSet.model_validate_json(json.dumps(content["parameters"])),
    )


def _regime(content: Mapping[str, Any], scenario_id: str) -> Regime:
    return Regime(
        id=scenario_id,
        matrix={group: _row(content["matrix"][group]) for group in GROUPS},
        levers=Levers.model_validate_json(json.dumps(content["levers"])),
        listed={service: _row(row) for service, row in content["listed"].items()},
        benchmark=bool(content["benchmark"]),
        with_distance=bool(content.get("with_distance", False)),
    )


def _row(content: Mapping[str, Any]) -> Row:
    return {function: _cell(content[function]) for function in FUNCTIONS}


def _cell(content: list[Any]) -> Cell:
    """Return a cell; its units have the order of their codes, in which a file's are put too."""
    holder, pooled_at, more = content[0], content[1], content[2] if len(content) > 2 else {}
    where = sorted((level, tuple(units)) for level, units in more.get("where", {}).items())
    return Cell(
        holder=holder,
        pooled_at=pooled_at,
        partner=more.get("partner"),
        lead=more.get("lead", "holder"),
        where=tuple(where),
        elsewhere=_cell(more["elsewhere"]) if "elsewhere" in more else None,
        as_one=bool(more.get("as_one", False)),
    )
