"""What weighs and is measured nowhere is not known, and what only a whole run does not measure is unseen there."""

import math

import numpy as np
import pytest

from sim.analysis.adviser_effects import JUDGED, SIGNS, lost_in_whole
from sim.analysis.adviser_frontier import pareto_choice, regret, regret_in_steps
from sim.analysis.adviser_scores import EQUAL, UNKNOWN
from sim.analysis.adviser_standing import DOMINATED, FRONTIER, NOT_JUDGED, standings
from tests.analysis.advised import SERVICES, Country, advice_of, at, choice_in, effects_in, found_of, frame_of

REGIONS, BOARDS = "nhs_region_2022", "icb_2022"
K = {judged.id: number for number, judged in enumerate(JUDGED)}
WITHOUT_TWINS = frozenset((service, "discordance") for service in SERVICES)
PLANTED = {("service_a", BOARDS): {"access": 30.0}, ("service_b", BOARDS): {"access": -30.0}}


def weights(**given: float) -> np.ndarray:
    return np.array([given.get(judged.id, 0.0) for judged in JUDGED])


def test_where_nothing_that_weighs_is_measured_nothing_is_chosen_and_no_regret_is_none() -> None:
    advice, effects, checked = found_of(Country(PLANTED, luck=0.1, unseen=WITHOUT_TWINS), {"a": at(service_a=BOARDS)})
    only = weights(discordance=1.0)

    assert pareto_choice(checked, effects, only) is None
    assert math.isnan(regret_in_steps(advice, effects, (checked[0], checked[1]), only).mean)
    assert choice_in(checked, effects).candidate.levels == at(service_a=BOARDS)


def test_an_outcome_that_nobody_has_does_not_shrink_the_others() -> None:
    """At weights of 4 and 1, of which the 4 is measured nowhere, one step is one step."""
    advice, effects, checked = found_of(Country(PLANTED, luck=0.1, unseen=WITHOUT_TWINS), {"b": at(service_b=BOARDS)})
    pair = (checked[0], next(one for one in checked if one.candidate.id == "b"))
    alone, beside = (
        regret_in_steps(advice, effects, pair, given)
        for given in (weights(access=1.0), weights(discordance=4.0, access=1.0))
    )

    assert alone == beside
    assert alone.mean == pytest.approx(30.0 / len(SERVICES), abs=0.1)


def test_one_replicate_has_no_choice() -> None:
    _, effects, checked = found_of(Country(PLANTED), {"a": at(service_a=BOARDS)}, replicates=1)

    assert pareto_choice(checked, effects, EQUAL) is None


def test_where_no_service_has_any_outcome_nothing_is_judged() -> None:
    unseen = frozenset((service, outcome) for service in SERVICES for outcome in K)
    effects = effects_in(Country(unseen=unseen), advice_of())

    assert not effects.counted.any()
    assert standings([np.zeros((4, 8))] * 2, [0, 1], effects) == [(NOT_JUDGED, -1)] * 2


def test_a_service_that_only_the_whole_run_does_not_measure_is_unseen_there() -> None:
    """Moved alone service b has access and loses 30 points; moved with others it has none, and the rest looks fine."""
    named = {"both": at(service_a=BOARDS, service_b=BOARDS), "a": at(service_a=BOARDS), "twice": at(service_a=BOARDS)}
    seen = found_of(Country(PLANTED, luck=0.1), named)[2]
    advice, effects, found = found_of(Country(PLANTED, luck=0.1, lost=frozenset({("service_b", "access")})), named)
    before, after = ({one.candidate.id: one for one in checked} for checked in (seen, found))

    assert not effects.untold.any()
    assert (before["both"].status, before["both"].unmeasured) == (DOMINATED, ())
    assert (after["both"].status, after["both"].unmeasured) == (NOT_JUDGED, (("access", "service_b"),))
    assert after[f"everything_at_{REGIONS}"].unmeasured == (("access", "service_b"),)
    assert after["both"].effect[K["access"]].mean == pytest.approx(0.30 / 5, abs=0.002)  # of the others
    assert after["both"].points == UNKNOWN
    assert choice_in(found, effects).candidate.levels == at(service_a=BOARDS)
    lost = regret(advice, effects, after["a"], after["both"])
    assert (lost[K["access"]].n, lost[K["cost"]].n) == (0, 8)
    assert regret_in_steps(advice, effects, (after["a"], after["both"]), EQUAL).n == 0
    assert regret_in_steps(advice, effects, (after["a"], after["twice"]), EQUAL).mean == 0.0


def test_what_both_of_two_do_not_measure_they_can_be_compared_without() -> None:
    """Service c is not moved by either; each moves two, and then it has no QALYs."""
    country = Country(PLANTED, luck=0.1, lost=frozenset({("service_c", "health")}))
    named = {
        "a_and_d": at(service_a=BOARDS, service_d=BOARDS),
        "b_and_d": at(service_b=BOARDS, service_d=BOARDS),
        "c_and_d": at(service_c=BOARDS, service_d=BOARDS),
    }
    advice, effects, found = found_of(country, named)
    by_name = {one.candidate.id: one for one in found}

    assert all(by_name[name].unmeasured == (("health", "service_c"),) for name in named)
    assert (by_name["b_and_d"].status, by_name["b_and_d"].rival) == (DOMINATED, "a_and_d")
    assert regret(advice, effects, by_name["a_and_d"], by_name["b_and_d"])[K["health"]].n == 8
    assert regret(advice, effects, by_name["a_and_d"], by_name["c_and_d"])[K["health"]].n == 0  # c is placed apart


def test_an_assignment_of_which_no_run_is_there_has_lost_nothing() -> None:
    """Of the one whose runs failed nothing is known; the other moves a and b, and then has no access of c."""
    country = Country(PLANTED, lost=frozenset({("service_c", "access")}))
    advice = advice_of()
    whole = advice.whole({"failed": at(service_b=BOARDS), "both": at(service_a=BOARDS, service_b=BOARDS)})
    frame = frame_of(whole, country)
    lost = lost_in_whole(effects_in(country, advice), frame[frame["regime"] != "failed"], whole)

    assert np.argwhere(lost).tolist() == [[K["access"], SERVICES.index("service_c"), 1]]


def test_effects_are_worked_out_once() -> None:
    """What is asked of every pair of assignments must not be made anew for each."""
    effects = effects_in(Country(PLANTED), advice_of())

    for name in ("counted", "untold", "unmeasured", "own_gains", "whole_steps"):
        assert getattr(effects, name) is getattr(effects, name)
    assert SIGNS.shape == effects.whole_steps.shape


def test_the_reference_alone_is_on_the_frontier_of_a_country_that_loses_by_every_move() -> None:
    worse = {(service, level): {"access": -30.0} for service in SERVICES for level in (REGIONS, BOARDS)}
    _, _, checked = found_of(Country(worse, luck=0.1), {"a": at(service_a=BOARDS)})

    assert [one.candidate.id for one in checked if one.status == FRONTIER] == ["everything_at_nation"]
