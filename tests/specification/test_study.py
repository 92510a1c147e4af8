from pathlib import Path
from typing import Any

import pytest

from sim.specification.canonical import canonical
from sim.specification.load import load, load_study
from sim.specification.services import known_services
from sim.specification.switches import mechanisms
from tests.specification.written import problems_of, regime, study, write


def loading(tmp_path: Path, overrides: tuple[str, ...] = (), **changes: Any) -> Any:
    return load_study(write(tmp_path / "study.yaml", study(**changes)), overrides)


def test_there_is_one_run_for_each_replicate_and_scenario_replicates_together(tmp_path: Path) -> None:
    specs = loading(tmp_path).run_specs()

    assert [(spec.replicate, spec.scenario_id) for spec in specs] == [
        (0, "national_2013"),
        (0, "scg_2006"),
        (1, "national_2013"),
        (1, "scg_2006"),
    ]


def test_a_run_carries_what_the_study_says(tmp_path: Path) -> None:
    spec = loading(tmp_path).run_specs()[0]

    assert (spec.start, spec.years, spec.burn_in_years, spec.seed, spec.twin_sets) == ("2013-04", 3, 1, 1, 2)
    assert spec.timeline[0][0] == "2013-04"
    assert spec.services == ("pnh", "renal_dialysis")


def test_all_services_are_those_of_the_data(tmp_path: Path) -> None:
    assert loading(tmp_path, services="all").services == tuple(sorted(known_services()))


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    content = study(horizon={"start": "2013-04", "years": 3})
    for key in ("title", "twin_sets", "parameters"):
        del content[key]

    loaded = load_study(write(tmp_path / "study.yaml", content))

    assert (loaded.twin_sets, loaded.horizon.burn_in_years) == (12, 1)


def test_under_a_benchmark_every_mechanism_is_off(tmp_path: Path) -> None:
    specs = loading(tmp_path, compare=["scg_2006", "equal_access"], baseline="scg_2006").run_specs()

    assert all(switch.value for switch in mechanisms(specs[0].parameters))
    assert not any(switch.value for switch in mechanisms(specs[1].parameters))


def test_a_benchmark_with_distance_keeps_distance_and_nothing_else(tmp_path: Path) -> None:
    compared = ["scg_2006", "equal_access", "equal_access_travel"]
    study = loading(tmp_path, compare=compared, baseline="scg_2006")
    _, alike, apart = study.run_specs()[:3]

    assert [switch.key for switch in mechanisms(apart.parameters) if switch.value] == ["referral.travel_enabled"]
    assert [scenario.with_distance for scenario in study.compare] == [False, False, True]
    assert canonical(alike) != canonical(apart)
    off = loading(tmp_path, compare=compared, baseline="scg_2006", parameters={"referral": {"travel_enabled": False}})
    assert off.run_specs()[2].parameters == off.run_specs()[1].parameters


def test_parameters_are_merged_into_their_defaults(tmp_path: Path) -> None:
    parameters = {"referral": {"travel_weight_per_hour": 1}}

    referral = loading(tmp_path, parameters=parameters).parameters.referral

    assert (referral.travel_weight_per_hour, referral.travel_enabled) == (1.0, True)
    assert isinstance(referral.travel_weight_per_hour, float)


def test_overrides_reach_studies_and_parameters_with_or_without_their_heading(tmp_path: Path) -> None:
    overrides = (
        "horizon.years=2",
        "referral.travel_weight_per_hour=1",
        "parameters.referral.not_referred_share=0",
    )

    loaded = loading(tmp_path, overrides)

    assert (loaded.horizon.years, loaded.horizon.burn_in_years) == (2, 1)
    referral = loaded.parameters.referral
    assert (referral.travel_weight_per_hour, referral.not_referred_share) == (1.0, 0.0)


def test_an_override_is_checked_like_a_file(tmp_path: Path) -> None:
    [problem] = problems_of(lambda: loading(tmp_path, ("horizon.yaers=2",)))

    assert (problem.path, problem.line, problem.column) == ("--set", 1, 9)
    assert "did you mean `years`?" in problem.hint


def test_studies_extend_studies(tmp_path: Path) -> None:
    content = {"schema": "sim/study/1", "extends": "regional_2013", "id": "longer", "horizon": {"years": 9}}

    loaded, demo = load_study(write(tmp_path / "longer.yaml", content)), load_study("regional_2013")

    assert (loaded.horizon.years, loaded.horizon.start) == (9, demo.horizon.start)
    assert loaded.scenarios.keys() == demo.scenarios.keys()


def test_paths_start_at_the_file_they_are_written_in(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    write(tmp_path / "base" / "own.yaml", regime(id="own"))
    write(tmp_path / "base" / "study.yaml", study(compare=["./own.yaml"], baseline="own"))
    content = {"schema": "sim/study/1", "extends": "./base/study.yaml", "id": "longer"}

    assert list(load_study(write(tmp_path / "longer.yaml", content)).scenarios) == ["own"]


def test_the_baseline_is_compared(tmp_path: Path) -> None:
    [problem] = problems_of(lambda: loading(tmp_path, baseline="national_2103"))

    assert problem.message == "`national_2103` is not among `compare`"
    assert "did you mean `national_2013`?" in problem.hint


def test_the_baseline_may_be_named_by_id_or_as_it_is_compared(tmp_path: Path) -> None:
    write(tmp_path / "own.yaml", regime(id="own"))

    for baseline in ("own", "./own.yaml"):
        assert loading(tmp_path, compare=["./own.yaml", "scg_2006"], baseline=baseline).baseline == "own"


def test_two_scenarios_of_one_id_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "own.yaml", regime(id="scg_2006"))

    [problem] = problems_of(lambda: loading(tmp_path, compare=["scg_2006", "./own.yaml"], baseline="scg_2006"))

    assert problem.message == "has the id `scg_2006`, as has `scg_2006`"


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({"services": ["renal_dialyses"]}, "services[0]", "did you mean `renal_dialysis`?"),
        ({"services": []}, "services", "The services that are simulated"),
        ({"services": ["pnh", "pnh"]}, "services", "keep one"),
        ({"services": "some"}, "services", "write `[some]`"),
        ({"compare": [], "baseline": "x"}, "compare", "Regimes and scenarios"),
        ({"compare": ["scg_2006", "scg_2006"], "baseline": "scg_2006"}, "compare", "keep one"),
        ({"compare": ["nowhere.yaml"], "baseline": "nowhere.yaml"}, "compare[0]", ""),
        ({"horizon": {"start": "April 2013", "years": 3}}, "horizon.start", "write year and month"),
        ({"horizon": {"start": "2013-05", "years": 3}}, "horizon.start", "write `2013-04`"),
        ({"horizon": {"start": "2013-04", "years": "10 years"}}, "horizon.years", "write `10`"),
        ({"horizon": {"start": "2013-04", "years": 0}}, "horizon.years", "Years measured"),
        ({"weights": {"pnh": 0}}, "weights.pnh", ""),
        ({"weights": {"sarcoma": 2}}, "weights.sarcoma", "they are: renal_dialysis, pnh"),
        ({"seed": 10**150}, "seed", "The root of all luck"),
        (
            {"parameters": {"budget": {"plan_share_of_expected": "97%"}}},
            "parameters.budget.plan_share_of_expected",
            "0.97",
        ),
        ({"replicates": 0}, "replicates", "Runs of each scenario"),
        ({"seed": -1}, "seed", "The root of all luck"),
        ({"levers": {"year_end": "carry"}}, "levers", "belong to a regime file"),
        ({"vary": {"seed": [1, 2]}}, "vary.seed", "list them"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_hint(
    tmp_path: Path, changes: dict[str, Any], key: str, words: str
) -> None:
    [problem] = problems_of(lambda: loading(tmp_path, **changes))

    assert problem.key == key
    assert words in problem.hint


def test_a_study_cannot_be_compared(tmp_path: Path) -> None:
    [problem] = problems_of(lambda: loading(tmp_path, compare=["demo"], baseline="demo"))

    assert problem.message == "wants sim/regime/1 or sim/scenario/1, got `sim/study/1`"
    assert Path(problem.path).name == "demo.yaml"
    assert "study.yaml" in problem.used_by


@pytest.mark.parametrize("entry", mechanisms(load_study("regional_2013").parameters), ids=lambda entry: entry.key)
def test_every_switch_can_be_set(tmp_path: Path, entry: Any) -> None:
    loaded = loading(tmp_path, (f"{entry.key}=false",))

    assert entry.key in [switch.key for switch in mechanisms(loaded.parameters) if switch.value is False]


def test_problems_of_a_study_and_of_its_regimes_come_together_in_order(tmp_path: Path) -> None:
    write(tmp_path / "own.yaml", regime(id="own", dtaes="2013"))
    changes = {"compare": ["./own.yaml", "scg_2005"], "baseline": "own", "sede": 3}

    problems = problems_of(lambda: loading(tmp_path, **changes))

    assert [(Path(problem.path).name, problem.key) for problem in problems] == [
        ("study.yaml", "compare[1]"),
        ("study.yaml", "sede"),
        ("own.yaml", "dtaes"),
    ]
    assert problems[2].used_by.startswith(str(tmp_path / "study.yaml:"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id: x", "is missing"),
        ("schema: sim/sweep/1", "got `sim/sweep/1`"),
        ("schema: sim/regime/1\ncompare: [x]", "wants sim/study/1"),
    ],
)
def test_a_study_says_that_it_is_one(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "study.yaml").write_text(content)

    [problem] = problems_of(lambda: load_study(str(tmp_path / "study.yaml")))

    assert (problem.key, message in problem.message) == ("schema", True)


def test_a_name_that_is_not_shipped_is_refused() -> None:
    [problem] = problems_of(lambda: load("dmeo"))

    assert "did you mean `demo`?" in problem.hint


def test_the_error_names_the_command_to_try_again(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"Check again with:  sim check .*study\.yaml --set 'seed=a b'"):
        loading(tmp_path, ("seed=a b",))


def test_a_path_on_the_command_line_starts_where_the_user_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "mine.yaml", regime(id="mine"))
    monkeypatch.chdir(tmp_path)

    loaded = load_study("regional_2013", ["compare=[national_2013, mine.yaml]"])

    assert list(loaded.scenarios) == ["national_2013", "mine"]


def test_a_switch_written_with_a_dot_is_told_how_a_file_writes_it(tmp_path: Path) -> None:
    [problem] = problems_of(lambda: loading(tmp_path, parameters={"common_pool.enabled": False}))

    assert problem.hint == "in a file, write `common_pool: {enabled: …}`"


@pytest.mark.parametrize(("key", "set_in_base"), [("weights", {"pnh": 2}), ("vary", {"levers.ring_fence": [True]})])
def test_an_empty_map_of_a_study_takes_nothing_over(tmp_path: Path, key: str, set_in_base: dict[str, Any]) -> None:
    write(tmp_path / "base.yaml", study(parameters={}, **{key: set_in_base}))
    child = {"schema": "sim/study/1", "id": "child", "extends": "base.yaml"}
    attribute = "axes" if key == "vary" else key

    assert getattr(load_study(write(tmp_path / "all.yaml", child | {"id": "all"})), attribute)
    assert getattr(load_study(write(tmp_path / "child.yaml", child | {key: {}})), attribute) == ()
