"""Files that a test may spoil, and short ways to load them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from sim.governance.levers import Levers
from sim.settings.problem import ConfigError, Problem
from sim.specification.parameters import ParameterSet

CELLS = {"policy": "nation", "budget": "nation", "contracting": "spec_hub_2013", "cases": "nation"}


def regime(**changes: Any) -> dict[str, Any]:
    """A regime file that gives every key."""
    groups = ("highly_specialised", "specialised_retained", "specialised_delegable")
    matrix: dict[str, Any] = {group: dict(CELLS) for group in groups}
    matrix["specialised_delegable"]["budget"] = {"holder": "pct_2006_ods", "pooled_at": "sha_2006"}
    matrix["specialised_retained"]["contracting"] = {"holder": "spec_hub_2013", "partner": "ccg_2013", "lead": "none"}
    matrix["specialised_retained"]["cases"] = {
        "holder": "icb_2022",
        "where": {
            "nhs_region_2022": ["Midlands", "E40000007"],
            "icb_2022": ["NHS Kent and Medway Integrated Care Board"],
        },
        "elsewhere": {"holder": "nation", "partner": "nhs_region_2022", "lead": "partner"},
    }
    matrix["listed"] = {"services": ["renal_dialysis"], **CELLS, "budget": "ccg_2013"}
    content = {
        "schema": "sim/regime/1",
        "id": "mine",
        "title": "Mine",
        "dates": "2013",
        "sources": ["a text"],
        "matrix": matrix,
        "levers": Levers().model_dump(),
        "reasons": {"levers.year_end": {"grade": "assumption", "reason": "none"}},
        "cannot_represent": ["much"],
        "benchmark": False,
        "with_distance": False,
    }
    return content | changes


def scenario(**changes: Any) -> dict[str, Any]:
    content = {"schema": "sim/scenario/1", "id": "branch", "title": "Branch"}
    return content | {"timeline": {"2013-04": "national_2013", "2016-04": "scg_2006"}} | changes


def study(**changes: Any) -> dict[str, Any]:
    """A study file that gives every key, all parameters included."""
    content = {
        "schema": "sim/study/1",
        "id": "small",
        "title": "Small",
        "compare": ["national_2013", "scg_2006"],
        "baseline": "national_2013",
        "services": ["renal_dialysis", "pnh"],
        "horizon": {"start": "2013-04", "years": 3, "burn_in_years": 1},
        "replicates": 2,
        "seed": 1,
        "twin_sets": 2,
        "parameters": ParameterSet().model_dump(),
    }
    return content | changes


def write(path: Path, content: Mapping[str, Any]) -> str:
    yaml = YAML(typ="safe", pure=True)
    yaml.representer.ignore_aliases = lambda data: True
    with path.open("w") as file:
        yaml.dump(dict(content), file)
    return str(path)


def problems_of(action: Callable[[], object]) -> list[Problem]:
    with pytest.raises(ConfigError) as caught:
        action()
    return list(caught.value.problems)
