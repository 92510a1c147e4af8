"""Whole assignments: the planted best is found, an interaction is the error of the sum, and noise dominates nothing."""

import numpy as np
import pytest

from sim.analysis.adviser_frontier import chosen_by_weights, predict, regret, regret_in_steps
from sim.analysis.adviser_scores import CONFIDENCE, EQUAL
from sim.analysis.adviser_standing import DOMINATED, FRONTIER, NOT_JUDGED, TIED, standings
from sim.measures.intervals import mean_interval
from sim.specification.axes import Axis
from tests.analysis.advised import Country, advice_of, at, choice_in, effects_in, found_of

BOARDS, REGIONS = "icb_2022", "nhs_region_2022"
PLANTED = {
    ("service_a", BOARDS): {"access": 30.0, "discordance": 9.0},
    ("service_a", REGIONS): {"access": 10.0},
    ("service_b", REGIONS): {"health": 20.0},
    ("service_c", BOARDS): {"access": -20.0, "health": -20.0},
    ("service_d", BOARDS): {"access": 25.0, "health": -25.0},
}
BEST = {"service_a": BOARDS, "service_b": REGIONS}


def test_the_sum_of_moves_is_that_of_their_effects() -> None:
    advice = advice_of()
    effects = effects_in(Country(PLANTED), advice)

    expected = np.array([0.30 / 6, -0.18 / 6, 20.0, 0.0])
    np.testing.assert_allclose(predict(advice, effects, at(**BEST)), np.tile(expected, (8, 1)).T, atol=1e-6)


def test_the_planted_best_assignments_are_chosen_at_their_weights_and_no_others() -> None:
    advice = advice_of()
    chosen = chosen_by_weights(advice, effects_in(Country(PLANTED, luck=0.2), advice))

    best, with_d = at(**BEST), at(**BEST, service_d=BOARDS)
    assert {best, with_d} <= set(chosen)
    assert sum(chosen.values()) == pytest.approx(1.0)
    assert all(levels[2] == "nation" for levels in chosen)  # moving c is worse in everything
    assert all(levels[4:] == ("nation", "nation") for levels in chosen)


def test_the_choice_is_the_best_of_all_assignments_when_every_one_is_tried() -> None:
    """At equal weights, against the sums of every one of 3 to the power of 6 assignments."""
    from itertools import product

    advice = advice_of()
    effects = effects_in(Country(PLANTED, luck=0.2), advice)
    scale = np.array([1.0, -1.0, 1.0, -1.0]) / effects.whole_steps
    worth = {
        levels: float(scale @ predict(advice, effects, levels).mean(axis=1))
        for levels in product(advice.levels, repeat=6)
    }
    best = max(worth, key=lambda levels: worth[levels])
    _, effects, checked = found_of(Country(PLANTED, luck=0.2))
    chosen = choice_in(checked, effects).candidate.levels

    assert [levels for levels, top in zip(best, chosen, strict=True) if top != advice.reference] == [
        level for level in chosen if level != advice.reference
    ]
    assert worth[best] - worth[chosen] < 0.05  # what was not moved could not be told from none


def test_an_additive_country_has_no_error_and_a_planted_interaction_is_the_error() -> None:
    _, _, plain = found_of(Country(PLANTED, luck=0.2))
    for one in plain:
        assert all(abs(error.mean) < 1e-6 for error in one.error)

    def together(levels: dict[str, str]) -> float:
        return 4e7 if levels["service_a"] == BOARDS and levels["service_b"] == REGIONS else 0.0

    _, _, checked = found_of(Country(PLANTED, luck=0.2, together=together))
    both = [one for one in checked if one.candidate.levels[:2] == (BOARDS, REGIONS)]
    others = [one for one in checked if one.candidate.levels[:2] != (BOARDS, REGIONS)]
    assert both
    assert all(one.error[3].mean == pytest.approx(4e7) and one.error[3].excludes_zero for one in both)
    assert all(one.error[3].mean == pytest.approx(0.0, abs=1e-4) for one in others)
    assert all(one.effect[3].mean == pytest.approx(one.predicted[3].mean + 4e7) for one in both)


def test_what_an_interaction_spoils_is_no_longer_the_choice() -> None:
    def together(levels: dict[str, str]) -> float:
        return 5e8 if levels["service_a"] == BOARDS and levels["service_b"] == REGIONS else 0.0

    named = {"only_a": at(service_a=BOARDS)}
    _, effects, checked = found_of(Country(PLANTED, luck=0.2, together=together), named)
    assert choice_in(checked, effects).candidate.id == "only_a"


def test_noise_alone_moves_nothing_and_dominates_nothing() -> None:
    advice, effects, checked = found_of(Country(luck=1.0), {"all_out": (BOARDS,) * 6})

    assert chosen_by_weights(advice, effects) == {advice.as_now: 1.0}
    assert all(one.status in (FRONTIER, TIED) for one in checked)
    assert choice_in(checked, effects).candidate.moves("nation") == 0


def test_one_is_dominated_only_where_the_interval_says_so() -> None:
    effects = effects_in(Country(), advice_of())
    steps = effects.whole_steps
    luck = np.random.default_rng(5).normal(size=(4, 8))
    nothing, better = np.zeros((4, 8)), np.zeros((4, 8))
    better[0] = 3.0 * steps[0]

    def words(*runs: np.ndarray) -> list[str]:
        return [word for word, _ in standings(runs, [0] * len(runs), effects)]

    assert words(nothing, better) == [DOMINATED, FRONTIER]
    assert words(nothing, better + 0.1 * steps[:, None] * luck) == [DOMINATED, FRONTIER]
    assert words(nothing, better + 20.0 * steps[:, None] * luck) == [FRONTIER, FRONTIER]
    perhaps = np.zeros((4, 8))
    perhaps[0] = (1.5 + 1.2 * np.resize([1.0, -1.0], 8)) * steps[0]  # from 0.4 to 2.6 steps: more, not surely enough
    assert words(nothing, perhaps) == [FRONTIER, FRONTIER]
    worse_cost = better.copy()
    worse_cost[3] = 3.0 * steps[3]
    assert words(nothing, worse_cost) == [FRONTIER, FRONTIER]  # better in one, worse in another


def test_standings_are_those_of_every_pair_taken_by_itself() -> None:
    """Of thirty assignments with luck and gains of about a step, some of which cannot be compared in some outcome."""
    effects = effects_in(Country(), advice_of())
    rng = np.random.default_rng(11)
    n, signs = 30, np.array([1.0, -1.0, 1.0, -1.0])
    runs = rng.normal(0.0, 1.5, (n, 4, 1)) * (rng.random((n, 4, 1)) < 0.4) + 0.3 * rng.normal(size=(n, 4, 8))
    runs[5], runs[-2] = np.array([-9.0, 9.0, 0.0, 0.0])[:, None], np.array([9.0, -9.0, 0.0, 0.0])[:, None]
    runs[-1] = runs[-2] + 0.05 * rng.normal(size=(4, 8))
    one_way = rng.random((n, n, 4)) < 0.02
    one_way[5, 0, 2], one_way[-1, -2] = True, False
    one_way[-2, -1] = False
    unknown = one_way | one_way.swapaxes(0, 1)
    moves = rng.integers(0, 4, n).tolist()
    intervals = {
        (one, other): [
            mean_interval(np.full(0, 1.0) if unknown[one, other, k] else runs[one, k] - runs[other, k], CONFIDENCE)
            for k in range(4)
        ]
        for one in range(n)
        for other in range(n)
    }
    expected = []
    for number in range(n):
        against = [intervals[other, number] for other in range(n)]
        better = [
            other
            for other in range(n)
            if any(i.low > 1 for i in against[other]) and all(i.low >= -1 for i in against[other])
        ]
        simpler = [
            other
            for other in range(n)
            if all(i.low >= -1 and i.high <= 1 for i in against[other])
            and (moves[other], other) < (moves[number], number)
        ]
        judged = number == 0 or not unknown[number, 0].any()
        left = (FRONTIER if judged else NOT_JUDGED, -1)
        expected.append((DOMINATED, better[0]) if better else (TIED, simpler[0]) if simpler else left)

    in_units = list(runs * (effects.whole_steps * signs)[:, None])
    assert standings(in_units, moves, effects, unknown) == expected
    assert {word for word, _ in expected} == {FRONTIER, DOMINATED, TIED, NOT_JUDGED}


def test_of_two_that_tie_the_one_with_fewer_moves_stays() -> None:
    effects = effects_in(Country(), advice_of())
    little = np.full((4, 8), 0.3) * effects.whole_steps[:, None]

    assert standings([little, np.zeros((4, 8))], [2, 0], effects) == [(TIED, 1), (FRONTIER, -1)]


def test_regret_is_in_the_outcomes_units_and_more_is_worse() -> None:
    advice, effects, checked = found_of(Country(PLANTED), {"c_out": at(service_c=BOARDS)})
    choice = choice_in(checked, effects)
    bad = next(one for one in checked if one.candidate.id == "c_out")
    lost = regret(advice, effects, choice, bad)

    assert lost[2].mean == pytest.approx(choice.effect[2].mean + 20.0)
    assert lost[1].mean == pytest.approx(-(choice.effect[1].mean))  # fewer twins unlike is better
    assert all(part.mean == 0.0 for part in regret(advice, effects, choice, choice))
    in_steps = sum(part.mean / step for part, step in zip(lost, effects.whole_steps, strict=True))
    assert regret_in_steps(advice, effects, (choice, bad), EQUAL).mean == pytest.approx(in_steps)
    assert regret_in_steps(advice, effects, (choice, bad), 2 * EQUAL).mean == pytest.approx(in_steps)


def test_regret_over_points_is_against_the_best_assignment_at_the_same_point() -> None:
    """Boards gain service a 30 steps at the first two points, five of the whole, and lose 60 at the third."""
    axis = Axis("travel.detour_factor", "", (1.1, 1.2, 1.3))
    effect = {1: 1.0, 2: 1.0, 3: -2.0}
    country = Country({("service_a", BOARDS): {"access": 30.0}}, by_point=effect.__getitem__)
    _, _, checked = found_of(country, {"a_out": at(service_a=BOARDS), "again": at(service_a=BOARDS)}, axes=(axis,))
    fares = {one.candidate.id: one.points for one in checked}

    assert fares["everything_at_nation"].share_best == pytest.approx(1 / 3)
    assert (fares["everything_at_nation"].mean_regret, fares["everything_at_nation"].largest_regret) == (
        pytest.approx(10 / 3),
        pytest.approx(5.0),
    )
    assert fares["a_out"] == fares["again"]  # the same runs are the same assignment
    assert fares["a_out"].share_best == pytest.approx(2 / 3)
    assert (fares["a_out"].mean_regret, fares["a_out"].largest_regret) == (pytest.approx(10 / 3), pytest.approx(10.0))
