"""What is not measured is never taken for no effect: in verdicts, robustness, the frontier, regret, and the factors."""

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.analysis.adviser import Advice, Assignment
from sim.analysis.adviser_effects import JUDGED, SIGNS, Effects, effects_of
from sim.analysis.adviser_frontier import Checked, candidates, check, chosen_by_weights, regret, regret_in_steps
from sim.analysis.adviser_scores import EQUAL, UNKNOWN, weightings
from sim.analysis.adviser_standing import DOMINATED, FRONTIER, NOT_JUDGED
from sim.analysis.adviser_verdicts import (
    KEEP,
    MOVE,
    NOT_MEASURED,
    NOTHING_THERE,
    TOSS_UP,
    Missing,
    ServiceAdvice,
    effect_rows,
    judge,
)
from sim.measures.intervals import EQUIVALENT, NO_VERDICT
from sim.specification.axes import Axis
from tests.analysis.advised import (
    SERVICES,
    Country,
    advice_of,
    at,
    choice_in,
    effects_in,
    found_of,
    frame_of,
    groups_of,
)

REGIONS, BOARDS = "nhs_region_2022", "icb_2022"
K = {judged.id: number for number, judged in enumerate(JUDGED)}
PLANTED = {
    ("service_a", BOARDS): {"cost": 60.0},  # cheaper, perhaps since nobody is treated: access is not measured
    ("service_b", BOARDS): {"health": -30.0},
    ("service_b", REGIONS): {"health": -30.0},
    ("service_c", BOARDS): {"access": 12.0},
}
UNSEEN = frozenset({("service_a", "access"), ("service_b", "access"), ("service_b", "discordance")})
COUNTRY = Country(PLANTED, luck=0.1, unseen=UNSEEN)


def told_in(country: Country, weights: np.ndarray = EQUAL, **changes: object) -> dict[str, ServiceAdvice]:
    advice = advice_of(**changes)  # type: ignore[arg-type]
    return {one.service: one for one in judge(advice, effects_in(country, advice), groups_of(SERVICES), weights)}


def test_there_is_no_verdict_where_an_outcome_that_weighs_is_not_measured() -> None:
    seen, told = told_in(replace(COUNTRY, unseen=frozenset())), told_in(COUNTRY)

    assert [seen[f"service_{x}"].verdict for x in "abc"] == [MOVE, KEEP, MOVE]
    assert [told[f"service_{x}"].verdict for x in "abc"] == [NO_VERDICT, NO_VERDICT, MOVE]
    levels = (REGIONS, BOARDS)
    assert told["service_a"].missing == tuple(Missing("access", level, NOT_MEASURED) for level in levels)
    assert {one.outcome for one in told["service_b"].missing} == {"access", "discordance"}
    assert told["service_c"].missing == ()
    assert math.isnan(told["service_a"].score.mean)
    assert told["service_a"].score.n == 0


def test_what_is_not_measured_ranks_behind_what_is() -> None:
    first, *_, before_last, last = told_in(COUNTRY)

    assert (first, {before_last, last}) == ("service_c", {"service_a", "service_b"})


def test_a_score_at_one_level_does_not_rank_a_service_without_a_verdict() -> None:
    """Regions score 50 steps, which may be luck; of boards nothing is known."""
    advice = advice_of()
    frame = frame_of(advice.study, COUNTRY)
    mine = (frame["regime"] == f"service_d_at_{REGIONS}") & (frame["service"] == "service_d")
    frame.loc[mine & (frame["measure"] == "qalys"), "value"] += 400.0 - 700.0 * (frame["replicate"] % 2)
    gone = (frame["regime"] == f"service_d_at_{BOARDS}") & (frame["service"] == "service_d")
    told = judge(advice, effects_of(advice, frame[~gone]), groups_of(SERVICES))
    place = {one.service: number for number, one in enumerate(told)}

    assert told[place["service_d"]].verdict == NO_VERDICT
    assert told[place["service_d"]].score.mean == pytest.approx(50.0, abs=1.0)
    assert place["service_d"] >= 3


def test_a_verdict_on_what_is_measured_can_be_asked_for_by_weights() -> None:
    told = told_in(COUNTRY, np.array([0.0, 0.0, 1.0, 1.0]))

    assert [told[f"service_{x}"].verdict for x in "abc"] == [MOVE, KEEP, TOSS_UP]
    assert told["service_a"].missing == told["service_b"].missing == ()


def test_robustness_is_told_of_weightings_at_which_there_is_a_verdict() -> None:
    told, blind = told_in(COUNTRY, np.array([0.0, 0.0, 0.0, 1.0])), told_in(COUNTRY)

    without_access = [weights for weights in weightings() if weights[0] == 0.0]
    moved = [weights for weights in without_access if 60.0 * weights[3] > 1.0 + weights.sum()]
    assert told["service_a"].share_of_weightings == pytest.approx(len(moved) / len(without_access))
    assert math.isnan(blind["service_a"].share_of_weightings)
    assert math.isnan(blind["service_a"].share_of_points)


def test_a_level_that_is_not_measured_is_not_a_toss_up_beside_one_that_is_worse() -> None:
    """Nothing is known of boards; regions are surely worse, or surely better."""
    advice = advice_of()
    for gain, verdict in ((-30.0, NO_VERDICT), (30.0, MOVE)):
        frame = frame_of(advice.study, Country({("service_d", REGIONS): {"health": gain}}, luck=0.1))
        mine = (frame["regime"] == f"service_d_at_{BOARDS}") & (frame["service"] == "service_d")
        effects = effects_of(advice, frame[~(mine & (frame["measure"] == "twin_discordance"))])
        told = {one.service: one for one in judge(advice, effects, groups_of(SERVICES))}["service_d"]

        assert (told.verdict, told.level) == (verdict, REGIONS)
        assert told.missing == (Missing("discordance", BOARDS, NOT_MEASURED),)


def test_rows_say_that_a_service_is_not_measured_and_what_of_others_still_is() -> None:
    advice = advice_of()
    rows = effect_rows(advice, effects_in(COUNTRY, advice))
    word = {(row.service, row.outcome, row.scope): row.verdict for row in rows if row.level == BOARDS}

    assert word["service_a", "access", "own"] == word["service_a", "access", "whole"] == NOT_MEASURED
    assert word["service_a", "access", "elsewhere"] == EQUIVALENT
    assert word["service_a", "cost", "own"] == "smaller"
    assert all(row.difference.n == 0 and row.gain == 0 for row in rows if row.verdict == NOT_MEASURED)


def test_something_from_none_has_no_steps_and_none_from_none_is_no_effect() -> None:
    advice = advice_of()
    frame = frame_of(advice.study, Country())
    mine = (frame["measure"] == "qalys") & frame["service"].isin(["service_d", "service_e"])
    frame.loc[mine, "value"] = 0.0
    frame.loc[mine & (frame["regime"] == f"service_d_at_{BOARDS}"), "value"] = 5.0
    effects = effects_of(advice, frame)
    told = {one.service: one for one in judge(advice, effects, groups_of(SERVICES))}

    assert told["service_d"].verdict == NO_VERDICT
    assert told["service_d"].missing == (Missing("health", BOARDS, NOTHING_THERE),)
    assert (told["service_e"].verdict, told["service_e"].score.mean) == (TOSS_UP, pytest.approx(0.0))


def test_a_mean_over_services_does_not_jump_with_one_that_only_one_run_has() -> None:
    advice = advice_of()
    frame = frame_of(advice.study, Country())
    low = (frame["measure"] == "access_from_diagnosis") & (frame["service"] == "service_f")
    frame.loc[low, "value"] = 0.0
    once = (frame["regime"] == f"service_a_at_{BOARDS}") & (frame["replicate"] == 3)
    gone = low & once
    access = frame["measure"] == "access_from_diagnosis"
    everyone = frame["service"] == "all_services"
    frame.loc[access & everyone, "value"] = 5 * 0.5 / 6  # as the table has it: without the one that is 0 it is a half
    frame.loc[access & everyone & once, "value"] = 0.5
    effects = effects_of(advice, frame[~gone])

    np.testing.assert_allclose(effects.whole[K["access"], 0], 0.0, atol=1e-12)


def found_in(country: Country, named: dict[str, Assignment]) -> tuple[Advice, Effects, dict[str, Checked]]:
    advice, effects, checked = found_of(country, named)
    return advice, effects, {one.candidate.id: one for one in checked}


NAMED = {"a_out": at(service_a=BOARDS), "a_and_c": at(service_a=BOARDS, service_c=BOARDS), "c": at(service_c=BOARDS)}


def test_the_sweep_does_not_move_what_it_cannot_judge() -> None:
    advice = advice_of()
    seen = chosen_by_weights(advice, effects_in(replace(COUNTRY, unseen=frozenset()), advice))
    blind = chosen_by_weights(advice, effects_in(COUNTRY, advice))

    moved = {levels: share for levels, share in seen.items() if levels[0] == BOARDS}
    moved_blind = {levels: share for levels, share in blind.items() if levels[0] == BOARDS}
    assert 0.0 < sum(moved_blind.values()) <= np.mean(weightings()[:, 0] == 0.0) < sum(moved.values())
    *_, checked = found_in(COUNTRY, {})
    chosen = [one for name, one in checked.items() if name.startswith("choice_")]
    assert chosen
    assert all(one.candidate.levels[0] == advice.reference for one in chosen)


def test_an_assignment_that_moves_what_is_not_measured_is_not_judged() -> None:
    _, effects, checked = found_in(COUNTRY, NAMED)

    assert checked["a_and_c"].status == NOT_JUDGED
    assert (checked["a_out"].status, checked["a_out"].rival) == (DOMINATED, "a_and_c")  # both move a, so c tells
    assert checked["a_out"].unmeasured == (("access", "service_a"),)
    assert checked[f"everything_at_{BOARDS}"].status == NOT_JUDGED
    assert checked["everything_at_nation"].rival not in ("a_out", "a_and_c")  # the cost would dominate it
    assert choice_in(list(checked.values()), effects).candidate.levels == NAMED["c"]
    *_, seen = found_in(replace(COUNTRY, unseen=frozenset()), NAMED)
    assert seen["a_out"].status != NOT_JUDGED


def test_what_is_not_measured_may_be_chosen_where_it_weighs_nothing() -> None:
    _, effects, checked = found_in(COUNTRY, NAMED)

    choice = choice_in(list(checked.values()), effects, np.array([0.0, 0.0, 0.0, 1.0]))
    assert choice.candidate.levels[0] == BOARDS


def test_regret_is_not_known_between_assignments_that_place_it_apart() -> None:
    advice, effects, checked = found_in(COUNTRY, NAMED)

    lost = regret(advice, effects, checked["c"], checked["a_and_c"])
    assert (lost[K["access"]].n, lost[K["cost"]].n) == (0, 8)
    assert math.isnan(lost[K["access"]].mean)
    assert regret_in_steps(advice, effects, (checked["c"], checked["a_and_c"]), EQUAL).n == 0
    assert regret_in_steps(advice, effects, (checked["c"], checked["a_and_c"]), np.array([0, 0, 0, 1.0])).n == 8
    alike = regret(advice, effects, checked["a_out"], checked["a_and_c"])
    assert alike[K["access"]].mean == pytest.approx(-0.12 / 4, abs=0.002)  # of the four that are measured
    assert checked["a_out"].points == UNKNOWN


def test_the_whole_of_everything_is_that_of_the_services_that_are_measured() -> None:
    *_, checked = found_in(replace(COUNTRY, luck=0.0), {})

    everything = checked[f"everything_at_{BOARDS}"]
    assert everything.effect[K["access"]].mean == pytest.approx(0.12 / 4)
    assert everything.error[K["access"]].mean == pytest.approx(0.0, abs=1e-9)
    assert {service for _, service in everything.unmeasured} == {"service_a", "service_b"}


def test_an_assignment_without_runs_is_neither_on_the_frontier_nor_the_choice() -> None:
    advice = advice_of()
    effects = effects_in(Country({("service_c", BOARDS): {"access": -12.0}}, luck=0.1), advice)
    looked_at = candidates(advice, effects, {"lost": at(service_c=BOARDS)}, 0)
    actual = np.concatenate([effects.nothing[:, None], np.full((4, 1, 8, 1), np.nan)], axis=1)
    checked = check(advice, effects, looked_at, actual, np.zeros((4, 6, 2), dtype=np.bool_))

    assert [one.status for one in checked] == [FRONTIER, NOT_JUDGED]
    assert choice_in(checked[::-1], effects).candidate.levels == at()


def test_an_outcome_that_no_service_has_is_left_out_of_the_frontier() -> None:
    """Without twins nothing has discordance: no verdict, but assignments still dominate by the other three."""
    country = replace(COUNTRY, unseen=frozenset((service, "discordance") for service in SERVICES))
    advice, effects, checked = found_in(country, NAMED)

    assert effects.counted.tolist() == [True, False, True, True]
    assert np.isnan(effects.nothing[K["discordance"]]).all()
    assert math.isnan(checked["everything_at_nation"].effect[K["discordance"]].mean)  # not measured is not none
    assert checked["everything_at_nation"].status == DOMINATED
    assert NAMED["a_and_c"] in {one.candidate.levels for one in checked.values() if one.status == FRONTIER}
    assert {one.verdict for one in judge(advice, effects, groups_of(SERVICES))} == {NO_VERDICT}


def test_points_without_a_value_count_neither_for_nor_against() -> None:
    """Boards gain 4 steps at points 1 and 2; at the third discordance is not measured."""
    axis = Axis("travel.detour_factor", "", (1.1, 1.2, 1.3))
    advice = advice_of(axes=(axis,))
    frame = frame_of(advice.study, Country({("service_a", BOARDS): {"access": 4.0}}))
    gone = (frame["measure"] == "twin_discordance") & (frame["service"] == "service_a") & (frame["point"] == 3)
    effects = effects_of(advice, frame[~gone])
    told = {one.service: one for one in judge(advice, effects, groups_of(SERVICES))}["service_a"]

    nation, _, boards = told.options
    assert (nation.points.share_best, boards.points.share_best) == (0.0, 1.0)
    assert (nation.points.mean_regret, boards.points.largest_regret) == (pytest.approx(4.0), pytest.approx(0.0))
    assert told.verdict == NO_VERDICT  # a verdict is on all points
    assert {(one.outcome, one.why) for one in told.missing} == {("discordance", NOT_MEASURED)}
    assert effects.untold[K["discordance"], 0].all()
    where = {
        (row.point, row.verdict == NOT_MEASURED)
        for point in range(4)
        for row in effect_rows(advice, effects, point)
        if (row.service, row.outcome, row.scope) == ("service_a", "discordance", "whole")
    }
    assert where == {(0, True), (1, False), (2, False), (3, True)}


def test_shares_that_tie_by_luck_have_no_verdict() -> None:
    """Three replicates of one lost patient each say no more than the sign test: one in four is luck."""
    advice = advice_of(replicates=3)
    rows = effect_rows(advice, effects_in(Country({("service_a", BOARDS): {"access": -9.0, "cost": 9.0}}), advice))
    mine = {row.outcome: row for row in rows if (row.service, row.level, row.scope) == ("service_a", BOARDS, "own")}

    assert (mine["access"].verdict, mine["access"].gain) == (NO_VERDICT, 0)
    assert mine["cost"].verdict == "smaller"
    assert SIGNS[K["cost"]] == -1.0
