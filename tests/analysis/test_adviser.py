"""Regimes for advice: one service moves with everything that decides about it, and nothing else does."""

from dataclasses import replace

import pytest

from sim.analysis.adviser import CannotAdviseError, advise, everything_id, moved_id
from sim.governance.levers import Levers
from sim.governance.matrix import FUNCTIONS, GROUPS
from sim.specification.canonical import canonical
from sim.specification.load import load_study
from sim.specification.run import Scenario
from tests.analysis.advised import LEVELS, SERVICES, advice_of, at, levels_of, study_of
from tests.study import fakes


def test_there_is_a_regime_for_every_level_and_for_every_move() -> None:
    advice = advice_of()

    assert [scenario.id for scenario in advice.study.compare[:3]] == [everything_id(level) for level in LEVELS]
    assert len(advice.study.compare) == 3 + 6 * 2
    assert (advice.study.baseline, advice.reference, advice.local) == (everything_id("nation"), "nation", "icb_2022")


def test_one_service_moves_with_all_four_functions_and_the_rest_stays() -> None:
    scenario = advice_of().study.scenarios[moved_id("service_c", "icb_2022")]

    assert levels_of(scenario, SERVICES) == dict.fromkeys(SERVICES, "nation") | {"service_c": "icb_2022"}
    regime = scenario.timeline[-1][1]
    assert {regime.matrix[group][function].holder for group in GROUPS for function in FUNCTIONS} == {"nation"}


def test_where_a_level_holds_everything_it_holds_what_is_not_modelled_too() -> None:
    regime = advice_of().study.scenarios[everything_id("icb_2022")].timeline[-1][1]

    assert {regime.matrix[group][function].holder for group in GROUPS for function in FUNCTIONS} == {"icb_2022"}
    assert not regime.listed


def test_levers_are_those_of_the_baseline_and_an_axis_of_levers_reaches_every_regime() -> None:
    study = load_study("demo", ["baseline=ics_2022", "vary.levers.risk_share=[0.2, 0.4]"])
    advice = advise(study)
    own = study.scenarios["ics_2022"].timeline[-1][1].levers
    assert {scenario.timeline[-1][1].levers for scenario in advice.study.compare} == {own}

    second = advice.study.at(advice.study.points[1])
    assert {scenario.timeline[-1][1].levers.risk_share for scenario in second.compare} == {0.4}


def test_of_a_timeline_only_the_last_regime_is_rebuilt() -> None:
    study = study_of()
    early, late = (fakes.scenario("north", number).timeline[0][1] for number in range(2))
    branch = Scenario("branch", "", (("2013-04", early), ("2015-04", late), ("2030-04", early)))
    advice = advise(replace(study, compare=(branch,), baseline="branch"), LEVELS)

    for scenario in advice.study.compare:
        (first, before), (second, now) = scenario.timeline
        assert (first, before, second) == ("2013-04", early, "2015-04")
        assert now.levers == Levers(ring_fence=False)


def test_an_assignment_with_one_move_is_the_run_of_that_move() -> None:
    advice = advice_of()
    whole = advice.whole({"mine": at(service_b="icb_2022"), "none": at()})
    alone, nobody = (whole.run_spec(scenario, 3) for scenario in whole.compare)
    moved = advice.study.scenarios[moved_id("service_b", "icb_2022")]

    assert canonical(alone) == canonical(advice.study.run_spec(moved, 3))
    assert canonical(nobody) == canonical(advice.study.run_spec(advice.study.compare[0], 3))


def test_delegated_services_go_to_the_most_local_level_whatever_the_order_of_levels() -> None:
    forwards, backwards = advice_of(), advise(study_of(), LEVELS[::-1])

    assert forwards.delegated(["service_a"]) == backwards.delegated(["service_a"]) == at(service_a="icb_2022")


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        (("nation", "icb_2202"), "did you mean `icb_2022`"),
        (("nation",), "at least two different levels"),
        (("nation", "nation"), "at least two different levels"),
    ],
)
def test_levels_that_cannot_be_compared_are_refused(levels: tuple[str, ...], said: str) -> None:
    with pytest.raises(CannotAdviseError, match=said):
        advise(study_of(), levels)


def test_a_benchmark_is_no_baseline() -> None:
    with pytest.raises(CannotAdviseError, match="equal_access, is a benchmark"):
        advise(load_study("demo", ["baseline=equal_access"]))
