"""Verdicts: planted effects are told, noise is not, and a service is known by what it does, not by its name."""

import math

import numpy as np
import pytest

from sim.analysis.adviser_effects import effects_of
from sim.analysis.adviser_scores import EQUAL
from sim.analysis.adviser_verdicts import KEEP, MOVE, TOSS_UP, ServiceAdvice, judge
from sim.measures.intervals import NO_VERDICT
from sim.specification.axes import Axis
from tests.analysis.advised import SERVICES, Country, advice_of, effects_in, frame_of, groups_of

BOARDS, REGIONS = "icb_2022", "nhs_region_2022"
PLANTED = {
    ("service_a", BOARDS): {"access": 6.0, "cost": -1.0},
    ("service_b", REGIONS): {"health": 8.0},
    ("service_b", BOARDS): {"health": 4.0},
    ("service_c", BOARDS): {"discordance": -9.0},
    ("service_c", REGIONS): {"access": -6.0},
    ("service_d", BOARDS): {"access": -6.0},  # regions are as good as the nation
    ("service_e", BOARDS): {"access": 5.0, "cost": -5.0},  # a matter of weights
}


def told_of(country: Country, replicates: int = 8, **changes: object) -> dict[str, ServiceAdvice]:
    advice = advice_of(replicates=replicates, **changes)  # type: ignore[arg-type]
    return {one.service: one for one in judge(advice, effects_in(country, advice), groups_of(SERVICES))}


def test_planted_verdicts_are_found() -> None:
    told = told_of(Country(PLANTED, luck=0.3))

    assert [(one.verdict, one.level) for _, one in sorted(told.items())][:3] == [
        (MOVE, BOARDS),
        (MOVE, REGIONS),
        (KEEP, told["service_c"].level),
    ]
    assert {told[f"service_{x}"].verdict for x in "def"} == {TOSS_UP}
    assert told["service_a"].score.mean == pytest.approx(5.0, abs=1.0)
    assert told["service_a"].score.low < 5.0 < told["service_a"].score.high


def test_the_best_scores_stand_first() -> None:
    advice = advice_of()
    told = judge(advice, effects_in(Country(PLANTED, luck=0.3), advice), groups_of(SERVICES))

    scores = [one.score.mean for one in told]
    assert scores == sorted(scores, reverse=True)
    assert told[0].service == "service_b"


def test_weights_decide_a_trade_off_and_the_sweep_says_how_often() -> None:
    advice = advice_of()
    effects = effects_in(Country(PLANTED, luck=0.1), advice)

    def verdict(*weights: float) -> ServiceAdvice:
        found = judge(advice, effects, groups_of(SERVICES), np.array(weights))
        return next(one for one in found if one.service == "service_e")

    assert verdict(1.0, 0.0, 0.0, 0.0).verdict == MOVE
    assert verdict(4.0, 1.0, 1.0, 1.0).verdict == MOVE
    assert verdict(*EQUAL).verdict == TOSS_UP
    assert 0.05 < verdict(4.0, 1.0, 1.0, 1.0).share_of_weightings < 0.95
    assert verdict(2.0, 2.0, 2.0, 2.0) == verdict(*EQUAL)  # only proportions count


def test_noise_is_a_toss_up_for_every_service_in_nearly_every_study() -> None:
    """Luck of 20 steps, beside which the one step that matters is nothing; 60 studies of 12 comparisons each.

    At most 5 % of studies may hold a false verdict; more than 10 of 60 come with a chance below 1e-4. Intervals that
    hold one by one give about 20.
    """
    false = 0
    for shift in range(60):
        advice = advice_of(replicates=6)
        effects = effects_in(_Shifted(Country(luck=20.0), shift), advice)
        false += any(one.verdict != TOSS_UP for one in judge(advice, effects, groups_of(SERVICES)))
    assert false <= 10


class _Shifted(Country):
    """The same country with other luck."""

    def __init__(self, of: Country, shift: int) -> None:
        super().__init__(luck=of.luck)
        object.__setattr__(self, "shift", shift)

    def gain(self, service: str, level: str, outcome: str, at: tuple[int, int]) -> float:
        return super().gain(service, level, outcome, (at[0] + 1000 * self.shift, at[1]))  # type: ignore[attr-defined]


def test_relabelling_services_changes_nothing_but_their_names() -> None:
    names = dict(zip(SERVICES, SERVICES[::-1], strict=True))
    renamed = {(names[service], level): gains for (service, level), gains in PLANTED.items()}
    first, second = told_of(Country(PLANTED), replicates=12), told_of(Country(renamed), replicates=12)
    assert {one.verdict for one in first.values()} == {MOVE, KEEP, TOSS_UP}

    for service, other in names.items():
        ours, theirs = first[service], second[other]
        assert (ours.verdict, ours.level, ours.share_of_weightings) == (
            theirs.verdict,
            theirs.level,
            theirs.share_of_weightings,
        )
        assert ours.score.mean == pytest.approx(theirs.score.mean)


def test_regret_and_best_shares_are_those_of_the_points() -> None:
    """Boards gain 4 steps at points 1 and 2, lose 8 at the third, which is a mean of none."""
    axis = Axis("travel.detour_factor", "", (1.1, 1.2, 1.3))
    effect = {1: 1.0, 2: 1.0, 3: -2.0}
    country = Country({("service_a", BOARDS): {"access": 4.0}}, by_point=effect.__getitem__)
    told = told_of(country, axes=(axis,))["service_a"]

    nation, regions, boards = told.options
    assert told.verdict == TOSS_UP
    assert (nation.points.share_best, regions.points.share_best) == (pytest.approx(1 / 3), 0.0)
    assert boards.points.share_best == pytest.approx(2 / 3)
    assert (nation.points.mean_regret, nation.points.largest_regret) == (pytest.approx(8 / 3), pytest.approx(4.0))
    assert (boards.points.mean_regret, boards.points.largest_regret) == (pytest.approx(8 / 3), pytest.approx(8.0))
    assert told.share_of_points == pytest.approx(1 / 3)  # where boards lose, regions are as good as the nation


def test_a_level_that_harms_the_other_services_is_not_advised() -> None:
    """Service a gains by itself; its move costs the others 30 QALYs of 6,000, five times what matters, or too few."""
    for lost, verdict in ((30.0, TOSS_UP), (3.0, MOVE)):
        country = Country(PLANTED, luck=0.3, elsewhere={"service_a": -lost})
        told = told_of(country)
        assert told["service_a"].verdict == verdict
        ruled_out = {name: [option.ruled_out for option in one.options] for name, one in told.items()}
        assert ruled_out.pop("service_a") == [False, *[verdict == TOSS_UP] * 2]
        assert not any(word for words in ruled_out.values() for word in words)


def test_scores_that_tie_by_luck_have_no_limits() -> None:
    """Everybody is treated in time instead of half, in each replicate: 1 in 2, or 1 in 128, to be so by luck alone.

    With twelve comparisons that is too often; of ten replicates it is not. No difference at all is none.
    """
    country = Country({("service_a", BOARDS): {"access": 50.0}, ("service_a", REGIONS): {"access": -50.0}})
    for replicates, verdict in ((2, NO_VERDICT), (8, NO_VERDICT), (10, MOVE)):
        told = told_of(country, replicates=replicates)
        score = told["service_a"].score

        assert (told["service_a"].verdict, told["service_a"].level) == (verdict, BOARDS)
        assert (score.mean, score.n) == (pytest.approx(50.0), replicates)
        assert math.isnan(score.low) == math.isnan(score.high) == (verdict == NO_VERDICT)
        assert math.isnan(told["service_a"].share_of_weightings) == (verdict == NO_VERDICT)
        assert (told["service_b"].verdict, told["service_b"].score.high) == (TOSS_UP, 0.0)


def test_what_the_bodies_take_is_the_same_in_each_replicate_and_no_luck() -> None:
    country = Country({("service_a", level): {"cost": -9.0} for level in (REGIONS, BOARDS)})
    told = told_of(country, replicates=2)["service_a"]

    assert (told.verdict, told.score.low) == (KEEP, pytest.approx(-9.0))


def test_scores_that_tie_by_luck_rule_nothing_out() -> None:
    """The others lose ten points in time in each replicate, of two; in twenty nobody calls it luck."""
    for replicates, ruled_out in ((2, False), (20, True)):
        advice = advice_of(replicates=replicates)
        frame = frame_of(advice.study, Country())
        others = (frame["regime"] == f"service_a_at_{BOARDS}") & (frame["service"] != "service_a")
        frame.loc[others & (frame["measure"] == "access_from_diagnosis"), "value"] -= 0.125
        told = {one.service: one for one in judge(advice, effects_of(advice, frame), groups_of(SERVICES))}

        assert [option.ruled_out for option in told["service_a"].options] == [False, False, ruled_out]


def test_one_replicate_tells_nothing() -> None:
    told = told_of(Country(PLANTED, luck=0.1), replicates=1)

    assert {one.verdict for one in told.values()} == {NO_VERDICT}
    assert {one.score.n for one in told.values()} == {1}
    assert {one.missing for one in told.values()} == {()}


def test_a_group_is_told_with_the_service() -> None:
    advice = advice_of()
    groups = groups_of(SERVICES) | {"service_a": "highly_specialised"}
    told = judge(advice, effects_in(Country(), advice), groups)

    assert {one.service: one.group for one in told} == groups
