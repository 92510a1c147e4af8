"""Shares are told with intervals over replicates, sum to the whole, and claim no more than they can."""

import numpy as np
import pytest

from sim.analysis.mechanism_groups import EACH
from sim.analysis.shapley import shapley_values
from sim.analysis.shares import (
    LOWERS,
    NO_EFFECT,
    RAISES,
    Account,
    accounts,
    share_verdict,
    shares_of,
)
from sim.measures.intervals import NO_VERDICT, NOT_DISTINGUISHABLE, Interval, mean_interval
from tests.analysis.explained import OUTCOMES, STEPS, Game, differences, explained, found_of, frame_of, game

TAU = OUTCOMES[:1]


def difference() -> Account:
    [account] = differences(explained(outcomes=TAU))
    return account


def test_levels_come_first_then_differences_for_every_outcome() -> None:
    told = explained()

    names = [(account.regime, account.baseline) for account in told]
    assert names == [("north", ""), ("south", ""), ("south", "north")] * len(OUTCOMES)
    assert [account.measure for account in told[::3]] == [measure for measure, _ in OUTCOMES]


def test_shares_sum_to_full_minus_empty() -> None:
    for account in explained():
        total = sum(part.mean for part in account.groups)
        scale = max(abs(account.at_work.mean), abs(account.off.mean))
        assert total == pytest.approx(account.at_work.mean - account.off.mean, abs=1e-9 * scale)
        assert total == pytest.approx(account.together.mean, abs=1e-9 * scale)


def test_the_shares_of_a_known_game() -> None:
    """South differs by policy alone and by policy with the rest: 1 + 1 steps, the second shared by the two."""
    money, policy, rest = difference().groups

    assert (money.mean, money.verdict) == (pytest.approx(0.0, abs=1e-3), NOT_DISTINGUISHABLE)
    assert policy.mean == pytest.approx(1.5 * STEPS["tau_icb"], rel=0.1)
    assert rest.mean == pytest.approx(0.5 * STEPS["tau_icb"], rel=0.1)
    assert [policy.verdict, rest.verdict] == [RAISES, RAISES]
    assert (rest.alone, rest.last) == (0.0, pytest.approx(STEPS["tau_icb"], rel=0.1))


def test_the_interval_is_students_over_the_replicates_of_the_difference() -> None:
    found = found_of()
    values = np.array(
        [
            [STEPS["tau_icb"] * (game("south", r, s) - game("north", r, s)) for s in found.subsets]
            for r in range(found.study.replicates)
        ]
    )
    wanted = mean_interval(shapley_values(values)[:, 1])
    share = difference().groups[1]

    assert (share.mean, share.low, share.high) == pytest.approx((wanted.mean, wanted.low, wanted.high), rel=1e-9)


def test_the_interval_covers_a_share_of_zero_and_refuses_a_wrong_one() -> None:
    money = difference().groups[0]

    assert money.low <= 0.0 <= money.high
    assert not money.low <= STEPS["tau_icb"] <= money.high


def test_a_replicate_that_lacks_one_run_is_left_out_of_both_sides() -> None:
    found = found_of()
    frame = frame_of(found)
    hole = (frame["regime"] == "south") & (frame["replicate"] == 2) & (frame["point"] == 3)
    told = accounts(found, frame[~hole], TAU)

    assert [(account.off.replicates, account.off.dropped) for account in told] == [(5, 0), (4, 1), (4, 1)]


def test_an_outcome_that_was_not_measured_is_left_out() -> None:
    found = found_of()
    frame = frame_of(found)

    measures = {account.measure for account in accounts(found, frame[frame["measure"] != "tau_icb"], OUTCOMES)}
    assert measures == {measure for measure, _ in OUTCOMES} - {"tau_icb"}


def test_one_replicate_gives_shares_without_a_verdict() -> None:
    [account] = differences(explained(found_of(replicates=1), outcomes=TAU))

    assert {part.verdict for part in account.groups} == {NO_VERDICT}
    assert not any(part.distinguishable for part in account.groups)


def test_limits_of_a_level_stop_where_no_value_can_lie_and_those_of_shares_do_not() -> None:
    def wild(regime: str, replicate: int, subset: int) -> float:
        return -20.0 * (subset & 1) * replicate + 5.0 * replicate

    told = explained(rule=wild, outcomes=[("access_from_diagnosis", "all_patients")])
    level, difference = told[0], told[-1]

    assert level.off.low >= 0.0
    assert level.at_work.high == 1.0
    assert level.groups[0].high > 1.0
    assert difference.off.verdict == NO_EFFECT


def test_what_only_rounding_tells_apart_has_no_effect() -> None:
    """Both regimes move alike, from levels that differ: subtracting leaves nothing but rounding."""

    def alike(regime: str, replicate: int, subset: int) -> float:
        return (regime != "north") / 3 + 0.1 * replicate + (subset & 1) / 7 + subset / 17

    [account] = differences(explained(rule=alike, outcomes=TAU))

    assert [part.verdict for part in account.groups] == [NO_EFFECT] * 3
    assert account.off.mean == pytest.approx(STEPS["tau_icb"] / 3)


def in_blocks(size: int, players: int) -> Game:
    """Return a game in which groups act only when all of their block of so many do; what is left over never does."""

    def rule(regime: str, replicate: int, subset: int) -> float:
        blocks = [(1 << size) - 1 << start for start in range(0, players - size + 1, size)]
        return float(sum(subset & block == block for block in blocks)) * (regime != "north")

    return rule


def test_sampled_orders_agree_with_the_exact_shares_within_their_interval() -> None:
    """Of many groups orders are sampled; a game in which they act in threes is known exactly: a third each."""
    found = found_of(EACH, replicates=12, permutations=8)
    players = len(found.groups)
    [account] = differences(accounts(found, frame_of(found, in_blocks(3, players), TAU), TAU))

    acting, idle = account.groups[: players // 3 * 3], account.groups[players // 3 * 3 :]
    # Two and a half times the half-width of 95 % is more than 99.99 % on eleven degrees of freedom.
    far = [abs(part.mean - STEPS["tau_icb"] / 3) / ((part.high - part.low) / 2) for part in acting]
    assert max(far) < 2.5
    assert max(far) > 0.01
    assert all(part.verdict == NO_EFFECT for part in idle)
    assert account.together.mean == pytest.approx(sum(part.mean for part in account.groups), abs=1e-9)
    assert np.isnan(acting[0].alone)


def test_a_reversed_pair_of_orders_is_exact_where_groups_act_at_most_in_pairs() -> None:
    found = found_of(EACH, replicates=2, permutations=2)
    players = len(found.groups)
    [account] = differences(accounts(found, frame_of(found, in_blocks(2, players), TAU), TAU))

    shares = [part.mean for part in account.groups[: players // 2 * 2]]
    assert shares == pytest.approx([STEPS["tau_icb"] / 2] * len(shares), rel=1e-9)


def test_sampled_shares_use_the_orders_of_their_own_replicate() -> None:
    found = found_of(EACH, replicates=2, permutations=2)
    values = np.array([[float(subset.bit_count() ** 3) for subset in found.subsets]] * 2)

    assert not np.allclose(*shares_of(found, values))


@pytest.mark.parametrize(
    ("low", "mean", "high", "word"),
    [
        (0.1, 0.2, 0.3, RAISES),
        (-0.3, -0.2, -0.1, LOWERS),
        (-0.1, 0.2, 0.5, NOT_DISTINGUISHABLE),
        (0.0, 0.0, 0.0, NO_EFFECT),
        (float("nan"), 0.2, float("nan"), NO_VERDICT),
    ],
)
def test_a_share_in_words(low: float, mean: float, high: float, word: str) -> None:
    assert share_verdict(Interval(mean, low, high, 5)) == word
