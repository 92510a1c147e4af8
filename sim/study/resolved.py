"""The study as it was run, every value written out, with the regimes beside it: it can be run again anywhere."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.governance.matrix import FUNCTIONS, Cell, Regime, Row
from sim.specification.axes import Axis, Value
from sim.specification.parameters import ParameterSet
from sim.specification.run import Scenario, Study

FOLDER = "compared"
STUDY_COMMENT = (
    "The study as it was run: overrides applied, every parameter written out, and the regimes as they acted in\n"
    f"the folder {FOLDER} beside this file. It can be run again from anywhere.\n"
)
COMPARED_COMMENT = "As it acted in a study; reasons and sources stand in the file that it was read from.\n"


def resolved(study: Study) -> dict[str, Any]:
    """Return a study as a study file would hold it, nothing left to defaults."""
    # One at a time, the study's own value is where all other points start from.
    varied = () if study.design.method == "one_at_a_time" else tuple(axis.key for axis in study.axes)
    content = {
        "schema": "sim/study/1",
        "id": study.id,
        "title": study.title,
        "compare": [f"{FOLDER}/{id_}.yaml" for id_ in study.scenarios],
        "baseline": study.baseline,
        "services": list(study.services),
        "horizon": {
            "start": study.horizon.start,
            "years": study.horizon.years,
            "burn_in_years": study.horizon.burn_in_years,
        },
        "replicates": study.stopping.first_batch if study.stopping else study.replicates,
        "seed": study.seed,
        "twin_sets": study.twin_sets,
        "weights": dict(study.weights),
        "parameters": _fixed(study.parameters, varied),
    }
    until = {"until": [rule.as_written for rule in study.stopping.rules]} if study.stopping else {}
    return content | ({"vary": _varied(study), "design": study.design.as_file()} if study.axes else {}) | until


def write_resolved(study: Study, path: Path) -> None:
    """Write the resolved study as YAML 1.2, and what it compares into a folder beside it."""
    for name, content in compared_files(study):
        _write(content, path.parent / FOLDER / name, COMPARED_COMMENT)
    _write(resolved(study), path, STUDY_COMMENT)


def _varied(study: Study) -> dict[str, Any] | list[dict[str, Any]]:
    """Return every axis with its values or the interval they are drawn from; of a list, the points."""
    if study.design.method == "list":
        return [dict(point.values) for point in study.points]
    return {axis.key: _axis(axis) for axis in study.axes}


def _axis(axis: Axis) -> list[Value] | dict[str, Any]:
    if axis.interval is None:
        return list(axis.values)
    return {"uniform": {"from": axis.interval.low, "to": axis.interval.high}}


def _fixed(parameters: ParameterSet, varied: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return all parameters by group but those that are varied, which a file may not set as well."""
    return {
        group: {name: value for name, value in values.items() if f"{group}.{name}" not in varied}
        for group, values in parameters.model_dump(mode="python").items()
    }


def compared_files(study: Study) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and content of a file for each compared scenario, and for each regime of a timeline."""
    for scenario in study.compare:
        if _is_regime(scenario):
            yield f"{scenario.id}.yaml", _regime_file(scenario.timeline[0][1])
            continue
        timeline = {month: f"{scenario.id}-{month}.yaml" for month, _ in scenario.timeline}
        yield (
            f"{scenario.id}.yaml",
            {
                "schema": "sim/scenario/1",
                "id": scenario.id,
                "title": scenario.title,
                "timeline": timeline,
            },
        )
        for month, regime in scenario.timeline:
            yield timeline[month], _regime_file(regime)


def _is_regime(scenario: Scenario) -> bool:
    [(month, regime), *later] = scenario.timeline
    return not later and not month and regime.id == scenario.id


def _regime_file(regime: Regime) -> dict[str, Any]:
    matrix: dict[str, Any] = {group: _row(row) for group, row in regime.matrix.items()}
    listed = _listed(regime)
    if listed:
        matrix["listed"] = listed[0] if len(listed) == 1 else listed
    return {
        "schema": "sim/regime/1",
        "id": regime.id,
        "title": regime.title,
        "matrix": matrix,
        "levers": regime.levers.model_dump(mode="python"),
        "benchmark": regime.benchmark,
        "with_distance": regime.with_distance,
    }


def _listed(regime: Regime) -> list[dict[str, Any]]:
    """Return a row for the services that are listed with the same cells."""
    found: dict[tuple[Cell, ...], list[str]] = {}
    for service, row in regime.listed.items():
        found.setdefault(tuple(row[function] for function in FUNCTIONS), []).append(service)
    return [{"services": services, **_row(regime.listed[services[0]])} for services in found.values()]


def _row(row: Row) -> dict[str, Any]:
    return {function: _cell(cell) for function, cell in row.items()}


def _cell(cell: Cell) -> str | dict[str, Any]:
    content: dict[str, Any] = {"holder": cell.holder}
    if cell.pooled_at is not None:
        content["pooled_at"] = cell.pooled_at
    if cell.partner is not None:
        content |= {"partner": cell.partner, "lead": cell.lead}
    if cell.elsewhere is not None:
        content["where"] = {level: list(units) for level, units in cell.where}
        content["elsewhere"] = _cell(cell.elsewhere)
        content |= {"as_one": True} if cell.as_one else {}
    return content if len(content) > 1 else cell.holder


def _write(content: Mapping[str, Any], path: Path, comment: str) -> None:
    from ruamel.yaml import YAML

    path.parent.mkdir(parents=True, exist_ok=True)
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.representer.ignore_aliases = lambda data: True
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"# {line}\n" for line in comment.splitlines())
        yaml.dump(content, file)
