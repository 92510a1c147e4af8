"""A run can be repeated from its canonical text alone: reading it loses nothing that acts."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sim.specification.canonical import any_replicate, canonical
from sim.specification.catalogue import KINDS, shipped
from sim.specification.load import load_study
from sim.specification.run import RunSpec, Study
from sim.specification.stored import StoredSpecificationError, read_canonical
from tests.specification.written import CELLS, regime, study, write

SHIPPED = [path for kind in KINDS for path in shipped(kind).values()]


def corners(study: Study) -> list[RunSpec]:
    """Return one run of each compared scenario at the first and at the last point."""
    points = study.points
    fixed = [study.at(point) for point in dict.fromkeys((points[0], points[-1]))]
    return [alone.run_spec(scenario, 1) for alone in fixed for scenario in alone.compare]


def without_names(spec: RunSpec) -> RunSpec:
    timeline = tuple((month, replace(regime, id="", title="")) for month, regime in spec.timeline)
    return replace(spec, timeline=timeline, scenario_id="", services=tuple(sorted(spec.services)))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_shipped_file_comes_back_as_it_was(path: Path) -> None:
    specs = corners(load_study(str(path)))

    assert specs
    for spec in specs:
        text = canonical(spec)
        again = read_canonical(text, spec.scenario_id)
        assert canonical(again) == text
        assert without_names(again) == without_names(replace(spec, weights=tuple(sorted(spec.weights))))
        assert again.scenario_id == spec.scenario_id


def test_cells_with_all_that_a_cell_can_say_come_back(tmp_path: Path) -> None:
    listed = [
        {
            **CELLS,
            "services": ["pnh"],
            "budget": {
                "holder": "icb_2022",
                "partner": "nation",
                "lead": "none",
                "where": {"nhs_region_2022": ["London"]},
                "as_one": True,
                "elsewhere": {"holder": "nhs_region_2022", "pooled_at": "nation"},
            },
        }
    ]
    mine = regime()
    write(tmp_path / "mine.yaml", {**mine, "matrix": {**mine["matrix"], "listed": listed}})
    [spec] = load_study(write(tmp_path / "study.yaml", study(compare=["./mine.yaml"], baseline="mine"))).run_specs()[:1]

    again = read_canonical(canonical(spec), "mine")

    assert dict(spec.timeline[0][1].listed)["pnh"]["budget"].elsewhere is not None
    assert canonical(again) == canonical(spec)
    assert again.timeline[0][1].listed == spec.timeline[0][1].listed


def test_the_replicate_alone_parts_the_texts_of_a_run() -> None:
    spec = load_study("demo").run_specs()[0]

    shared = any_replicate(spec)

    assert [shared.text(number) for number in (0, 3)] == [canonical(replace(spec, replicate=n)) for n in (0, 3)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"parameters": {"referral": {"flying_carpets": 2.0}}}, "referral.flying_carpets"),
        ({"timeline": [["2013-04", {}]]}, "KeyError: 'matrix'"),
        ({"services": 3}, "TypeError"),
    ],
)
def test_what_this_version_cannot_run_is_named(change: dict[str, object], message: str) -> None:
    content = json.loads(canonical(load_study("demo").run_specs()[0])) | change

    with pytest.raises(StoredSpecificationError, match=message):
        read_canonical(json.dumps(content))
