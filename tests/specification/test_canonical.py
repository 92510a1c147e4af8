import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.specification.canonical import canonical
from sim.specification.load import load_study
from sim.specification.run import RunSpec
from tests.specification.written import regime, study, write


@pytest.fixture
def spec(tmp_path: Path) -> RunSpec:
    return own(tmp_path)


def own(folder: Path, changes: dict[str, Any] | None = None, **of_study: Any) -> RunSpec:
    write(folder / "own.yaml", regime(**(changes or {})))
    name = (changes or {}).get("id", "mine")
    content = study(compare=["./own.yaml"], baseline=name, **of_study)
    return load_study(write(folder / "study.yaml", content)).run_specs()[0]


def test_it_is_json_without_spaces_and_with_sorted_keys(spec: RunSpec) -> None:
    text = canonical(spec)

    content = json.loads(text)
    assert text == json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_labels_do_not_enter(tmp_path: Path, spec: RunSpec) -> None:
    labels = {
        "id": "renamed",
        "title": "T",
        "dates": "D",
        "sources": [],
        "reasons": {},
        "cannot_represent": [],
    }

    renamed = own(tmp_path, labels, id="other", title="Other")

    assert canonical(renamed) == canonical(spec)
    assert "renamed" not in canonical(renamed)


def test_levels_enter(tmp_path: Path, spec: RunSpec) -> None:
    matrix = regime()["matrix"]
    matrix["specialised_delegable"]["contracting"] = "sha_2006"

    assert canonical(own(tmp_path, {"matrix": matrix})) != canonical(spec)


def test_where_money_is_pooled_enters(tmp_path: Path, spec: RunSpec) -> None:
    matrix = regime()["matrix"]
    matrix["specialised_delegable"]["budget"] = "pct_2006_ods"

    assert canonical(own(tmp_path, {"matrix": matrix})) != canonical(spec)


@pytest.mark.parametrize(
    "cell",
    [
        {"partner": "pct_2006_ods"},
        {"lead": "holder"},
        {"where": {"nhs_region_2022": ["Midlands"]}},
        {"elsewhere": "nation"},
    ],
)
def test_partner_lead_and_places_enter(tmp_path: Path, spec: RunSpec, cell: dict[str, Any]) -> None:
    matrix = regime()["matrix"]
    function = "contracting" if {"partner", "lead"} & set(cell) else "cases"
    matrix["specialised_retained"][function] |= cell

    assert canonical(own(tmp_path, {"matrix": matrix})) != canonical(spec)


def test_whether_a_unit_is_named_by_code_or_name_does_not_enter(tmp_path: Path, spec: RunSpec) -> None:
    matrix = regime()["matrix"]
    cases = matrix["specialised_retained"]["cases"]
    cases["where"] = {"icb_2022": ["E54000032"], "nhs_region_2022": ["East of England", "Midlands"]}

    assert canonical(own(tmp_path, {"matrix": matrix})) == canonical(spec)


def test_listed_services_and_dates_enter(tmp_path: Path, spec: RunSpec) -> None:
    matrix = regime()["matrix"]
    del matrix["listed"]
    [(_, first)] = spec.timeline

    assert canonical(own(tmp_path, {"matrix": matrix})) != canonical(spec)
    assert canonical(replace(spec, timeline=(*spec.timeline, ("2014-04", first)))) != canonical(spec)


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 2},
        {"twin_sets": 3},
        {"services": ["pnh"]},
        {"horizon": {"start": "2014-04", "years": 3}},
        {"horizon": {"start": "2013-04", "years": 4}},
        {"horizon": {"start": "2013-04", "years": 3, "burn_in_years": 0}},
        {"parameters": {"referral": {"travel_weight_per_hour": 1.0}}},
    ],
)
def test_all_that_acts_enters(tmp_path: Path, spec: RunSpec, changes: dict[str, Any]) -> None:
    assert canonical(own(tmp_path, **changes)) != canonical(spec)


def test_the_replicate_enters(spec: RunSpec) -> None:
    assert canonical(replace(spec, replicate=7)) != canonical(spec)


def test_the_levers_enter(tmp_path: Path, spec: RunSpec) -> None:
    assert canonical(own(tmp_path, {"levers": {"ring_fence": False}})) != canonical(spec)


def test_how_a_number_or_a_list_is_written_does_not_enter(tmp_path: Path, spec: RunSpec) -> None:
    whole = {"parameters": {"referral": {"travel_weight_per_hour": 3}}}
    point = {"parameters": {"referral": {"travel_weight_per_hour": 3.0}}}

    assert canonical(own(tmp_path, **whole)) == canonical(own(tmp_path, **point))
    assert canonical(own(tmp_path, services=["pnh", "renal_dialysis"])) == canonical(
        own(tmp_path, services=["renal_dialysis", "pnh"])
    )


def test_the_order_of_groups_does_not_enter(spec: RunSpec) -> None:
    month, first = spec.timeline[0]
    turned = replace(first, matrix=dict(reversed(first.matrix.items())))

    assert canonical(replace(spec, timeline=((month, turned),))) == canonical(spec)
