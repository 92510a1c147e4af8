"""Diffusion: who counts as another, whose luck it is, and what ends it (mechanism 6)."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.governance.co_commissioning import undisturbed
from sim.governance.diffusion import DiffusionParameters, begin_to_fund, luck_of_bodies, share_of_others
from sim.governance.policy import (
    DECIDED,
    Appraisal,
    AppraisalParameters,
    Deciders,
    PolicyParameters,
    appraisal_of,
    deciders_of,
)
from sim.governance.review import review
from sim.governance.seats import unit_identities
from sim.governance.units import find_holders
from sim.luck.draws import luck_of
from sim.luck.identity import unit_identity
from sim.world.months import parse_month
from sim.world.services import EMERGENCY, ONE_OFF
from tests.builders import held_by, small_world

START = parse_month("2013-04")
PEOPLE = np.array([10, 20, 30, 40], dtype=np.int64)
WHOLE = (1 << 5) - 1
AT_ONCE = DiffusionParameters(innovation_per_year=100.0)


def deciders(policy: list[int], contracting: list[int], binding: float) -> Deciders:
    """Let four places of one service have these holders."""
    columns = [np.array(units, dtype=np.uint64)[:, np.newaxis] for units in (policy, contracting)]
    shares = [np.array([PEOPLE[units[:, 0] == unit].sum() / 100 for unit in units[:, 0]]) for units in columns]
    alone = undisturbed(columns[0].shape)
    return Deciders(columns[0], shares[0][:, np.newaxis], columns[1], shares[1][:, np.newaxis], binding, alone)


def ask(services: int = 1, arrives: int = START + 24, **appraisal: Any) -> Appraisal:
    """Assemble technologies, licensed two years before they arrive."""
    made = small_world(n_services=services, available_from_month=arrives, kinds=(ONE_OFF, EMERGENCY)).services
    parameters = AppraisalParameters(**{"decision_time_sd_log": 0.0, **appraisal})
    return appraisal_of(made, PolicyParameters(mean_margin_log=0.0), parameters, START, luck_of(1, 0))


def funding(*places: int) -> np.ndarray:
    return np.isin(np.arange(4), places)


def test_weights_are_people_of_other_bodies_and_sum_to_one() -> None:
    who = deciders([1, 1, 2, 3], [1, 1, 2, 3], 1.0)
    assert share_of_others(who, 0, PEOPLE, funding(2)) == pytest.approx([30 / 70, 30 / 70, 0.0, 0.5])
    assert share_of_others(who, 0, PEOPLE, funding(0, 1, 2, 3)) == pytest.approx([1.0] * 4)
    assert not share_of_others(who, 0, PEOPLE, funding()).any()


@pytest.mark.parametrize("binding", [0.0, 0.4, 1.0])
def test_who_is_everywhere_has_nobody_to_imitate(binding: float) -> None:
    nation = deciders([7] * 4, [7] * 4, binding)
    assert not share_of_others(nation, 0, PEOPLE, funding(0, 2)).any()


def test_a_place_is_other_in_proportion_as_others_decide_for_it() -> None:
    b = 0.8
    who = deciders([1, 1, 2, 2], [5, 6, 7, 7], b)
    assert share_of_others(who, 0, PEOPLE, funding(1, 2, 3))[0] == pytest.approx(1.0)
    assert share_of_others(who, 0, PEOPLE, funding(1))[0] == pytest.approx((1 - b) * 20 / ((1 - b) * 20 + 70))
    assert share_of_others(who, 0, PEOPLE, funding(2))[0] == pytest.approx(30 / ((1 - b) * 20 + 70))


def test_what_binds_in_full_is_the_holder_of_policys_whoever_contracts() -> None:
    one, two = deciders([1, 1, 2, 2], [1, 1, 2, 2], 1.0), deciders([1, 1, 2, 2], [5, 6, 7, 8], 1.0)
    assert (share_of_others(one, 0, PEOPLE, funding(2)) == share_of_others(two, 0, PEOPLE, funding(2))).all()
    drawn = [luck_of_bodies(ask(), who, 0, START, funding(0, 1, 2, 3)) for who in (one, two)]
    assert (drawn[0] == drawn[1]).all()
    assert drawn[0][0] == drawn[0][1] != drawn[0][2]


def test_luck_moves_from_one_holder_to_the_other_as_less_binds() -> None:
    everywhere, asked = funding(0, 1, 2, 3), ask()
    policy, nearly, halves, contracts = (
        luck_of_bodies(asked, deciders([1] * 4, [5, 6, 7, 8], binding), 0, START, everywhere)
        for binding in (1.0, 1.0 - 1e-9, 0.5, 0.0)
    )
    assert len(np.unique(policy)) == 1
    assert nearly == pytest.approx(policy, abs=1e-6)
    assert len(np.unique(halves)) == len(np.unique(contracts)) == 4
    alone = luck_of_bodies(asked, deciders([5, 6, 7, 8], [5, 6, 7, 8], 1.0), 0, START, everywhere)
    assert contracts == pytest.approx(alone)


def test_luck_is_uniform_however_it_is_shared_and_new_each_month() -> None:
    places = 2_000
    units = [np.arange(first, first + places, dtype=np.uint64)[:, np.newaxis] for first in (1, 10_000)]
    share = np.full((places, 1), 1 / places)
    months = [
        luck_of_bodies(
            ask(),
            Deciders(units[0], share, units[1], share, 0.6, undisturbed(share.shape)),
            0,
            month,
            np.ones(places, dtype=bool),
        )
        for month in (START, START + 1)
    ]
    assert stats.kstest(months[0], "uniform").pvalue > 1e-4
    assert abs(np.corrcoef(months)[0, 1]) < 3.9 / np.sqrt(places)


def test_a_body_funds_everything_until_its_own_appraisal_decides_on_merit() -> None:
    who, asked = deciders([1, 2, 3, 4], [1, 2, 3, 4], 1.0), ask(decision_months=10.0, staff_exponent=0.0)
    asked = asked._replace(error=20.0)
    funded = np.zeros((4, 1), dtype=np.int32)
    for month in range(10):
        begin_to_fund(asked, who, PEOPLE, AT_ONCE, START + month, funded)
        review(asked, who, START + month, funded)
    assert (funded == WHOLE).all()
    begin_to_fund(asked, who, PEOPLE, AT_ONCE, START + 10, funded)
    review(asked, who, START + 10, funded)
    assert (funded & DECIDED != 0).all()
    assert (funded & WHOLE != WHOLE).any()
    decided = funded.copy()
    begin_to_fund(asked, who, PEOPLE, AT_ONCE, START + 11, funded)
    assert (funded == decided).all()  # nor does anybody follow who has decided


@pytest.mark.parametrize(("topics", "begins"), [(0, False), (1, True)])
def test_who_decided_against_is_not_followed(topics: int, begins: bool) -> None:
    who = deciders([1, 2, 3, 4], [1, 2, 3, 4], 1.0)
    funded = np.array([[0], *[[DECIDED | topics]] * 3], dtype=np.int32)
    eager = DiffusionParameters(innovation_per_year=0.0, imitation_per_year=100.0)
    begin_to_fund(ask(), who, PEOPLE, eager, START, funded)
    assert bool(funded[0, 0] == WHOLE) is begins


def test_nothing_spreads_before_its_licence_nor_what_is_established_nor_emergencies_nor_when_off() -> None:
    who = deciders([1, 2, 3, 4], [1, 2, 3, 4], 1.0)
    two = Deciders(*(np.repeat(column, 2, axis=1) for column in who[:4]), 1.0, undisturbed((who.policy.shape[0], 2)))
    for asked, parameters, spreads in (
        (ask(2, START + 25), AT_ONCE, False),
        (ask(2, START + 24), AT_ONCE, True),
        (ask(2, START), AT_ONCE, False),
        (ask(2, START + 24), AT_ONCE.model_copy(update={"enabled": False}), False),
    ):
        funded = np.zeros((4, 2), dtype=np.int32)
        begin_to_fund(asked, two, PEOPLE, parameters, START, funded)
        assert (funded[:, 0] == (WHOLE if spreads else 0)).all()
        assert not funded[:, 1].any()


def test_one_region_that_holds_everything_is_the_nation_and_so_is_everyone_when_policy_is_one() -> None:
    world = small_world(available_from_month=START + 24, units={"nation": 1, "whole": 1, "district": 6})
    identity, nation = unit_identities(world.places), unit_identity(world.places.codes)
    asked = appraisal_of(world.services, PolicyParameters(), AppraisalParameters(), START, luck_of(3, 0))
    found = []
    for level, binding, diverge in (("nation", 1.0, True), ("whole", 0.5, True), ("district", 0.5, False)):
        holders = find_holders(world, identity, held_by(level))
        who = deciders_of(holders, binding, PolicyParameters(divergence_enabled=diverge), nation)
        funded, begun = np.zeros((6, 3), dtype=np.int32), []
        for month in range(60):
            rates = DiffusionParameters(innovation_per_year=0.5)
            begin_to_fund(asked, who, world.places.population, rates, START + month, funded)
            begun.append(funded.copy())
        found.append(np.array(begun))
    assert (found[0] == found[1]).all()
    assert (found[0] == found[2]).all()
    assert 0 < (found[0] != 0).mean() < 1
