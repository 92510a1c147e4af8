"""Those who refer weigh benefit against the part of the cost that their own people bear (mechanism 16)."""

from typing import Any

import numpy as np
import pytest

from sim.governance.accounts import PoolingParameters, accounts_of
from sim.governance.common_pool import CommonPoolParameters, allowance, excess_share, share_borne, worth
from sim.governance.levers import Levers
from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Regime
from sim.phases.settlement import low_value_qalys, part_of_year
from sim.world.services import EMERGENCY, ONE_OFF
from tests.analytic.bounds import agrees
from tests.builders import finished_model, held_by, lively_world, result_of, small_world, spec_of, with_parameters

ON = {"common_pool.enabled": True, "common_pool.gatekeeper_people": 50_000.0, "common_pool.marginal_share": 0.1}
LEVELS = {"nation": 1 / 6, "region": 1 / 2, "district": 1.0}
"""The part borne by a gatekeeper of one place of six, as three pairs or alone."""


def borne(regime: Regime, gatekeeper: float = 50_000.0, **options: Any) -> np.ndarray:
    world = small_world(**options)
    payers = accounts_of(world.places, world.services, [regime], PoolingParameters())
    parameters = CommonPoolParameters(gatekeeper_people=gatekeeper)
    paid = (payers.payer[0], payers.own_share[0])
    return share_borne(*paid, world.places.population, regime.levers.risk_share, parameters)


@pytest.mark.parametrize(("level", "part"), LEVELS.items())
def test_gatekeepers_bear_as_much_as_they_are_of_their_pool(level: str, part: float) -> None:
    assert borne(held_by(level)) == pytest.approx(np.full((6, 3), part))


def test_of_a_shared_purse_the_smaller_bears_its_part_of_what_its_own_people_cost() -> None:
    row = {**held_by("nation").matrix[GROUPS[0]], "budget": Cell("nation", partner="district")}
    shared = Regime("shared", dict.fromkeys(GROUPS, row), Levers(co_commissioning_share=0.5))
    assert (borne(shared) == 0.5).all()


def test_who_shares_all_risk_bears_what_a_nation_does() -> None:
    assert borne(held_by("district", risk_share=1.0)) == pytest.approx(borne(held_by("nation")))
    half = 0.5 * (borne(held_by("district")) + borne(held_by("nation")))
    assert borne(held_by("district", risk_share=0.5)) == pytest.approx(half)


def test_nobody_bears_more_than_the_whole() -> None:
    assert (borne(held_by("district"), gatekeeper=80_000.0) == 1.0).all()


def test_the_larger_the_pool_the_smaller_the_part() -> None:
    parts = [float(borne(held_by("nation"), n_places=places)[0, 0]) for places in range(1, 12)]
    assert parts == pytest.approx([1 / places for places in range(1, 12)])


def test_pools_may_differ_by_group_of_services() -> None:
    levels = dict(zip(GROUPS, LEVELS, strict=True))
    regime = Regime("split", {group: dict.fromkeys(FUNCTIONS, Cell(levels[group])) for group in GROUPS})
    assert borne(regime)[0] == pytest.approx(list(LEVELS.values()))


# --- the rule ---------------------------------------------------------------------------------------


def test_who_bears_all_refers_nobody_in_excess_and_who_bears_nothing_refers_them_all() -> None:
    parameters = CommonPoolParameters(marginal_share=0.08)
    assert excess_share(1.0, parameters) == 0.0
    assert excess_share(0.0, parameters) == 0.08
    assert excess_share(0.5, parameters) == allowance(parameters) == 0.04
    assert excess_share(0.0, CommonPoolParameters(enabled=False)) == 0.0
    assert allowance(CommonPoolParameters(enabled=False)) == 0.0


@pytest.mark.parametrize("part", [0.0, 0.02, 0.5, 0.9])
def test_expected_numbers_and_gains_are_those_of_people_who_are_referred_if_r_exceeds_what_is_borne(
    part: float,
) -> None:
    """Draw people with a benefit over cost from 0 to 1, refer those above ``part``, and compare with the formulae."""
    ratio = np.random.default_rng(16).random(200_000)
    referred = ratio > part
    parameters = CommonPoolParameters(marginal_share=1.0)
    number, gain = float(excess_share(part, parameters)), worth(np.ones(1), np.array([part]))
    assert agrees(referred.astype(float), number)
    assert agrees(ratio[referred], gain)
    assert agrees(np.where(referred, ratio, 0.0), number * gain)
    assert not agrees(referred.astype(float), 1.1 * number)
    assert part == 0.0 or not agrees(ratio[referred], 0.5)  # as if those referred were any of them
    assert not agrees(np.where(referred, ratio, 0.0), number)  # as if each pound bought a pound of health


# --- in a run ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "part"), LEVELS.items())
def test_a_year_costs_the_unborne_part_of_the_marginal_share_and_yields_less_than_it_costs(
    level: str, part: float
) -> None:
    world = lively_world()
    model = finished_model(world, spec_of(world, held_by(level), ON))
    books, waits = model.government.books, world.services.kind != EMERGENCY
    expected = model.government.envelope.services[waits].sum(axis=0)
    assert books.low_value_paid == pytest.approx(0.1 * (1.0 - part) * expected, abs=6)
    assert books.low_value_worth == pytest.approx(0.1 * (1.0 - part) * (1.0 + part) / 2.0 * expected, abs=1)


def test_every_regime_has_the_same_money_and_holders_of_large_pools_spend_more_of_it() -> None:
    world = lively_world(capacity_share_of_need=0.6)
    results = [result_of(world, spec_of(world, held_by(level), ON, burn_in_years=0)) for level in LEVELS]
    plans, paid = ([getattr(result, name).sum() for result in results] for name in ("plan_pence", "low_value_pence"))
    assert plans == pytest.approx([plans[0]] * 3, abs=6)
    assert paid[0] > paid[1] > paid[2] == 0


def test_the_envelope_holds_what_they_cost_where_half_is_borne() -> None:
    world = lively_world(kinds=(ONE_OFF,))
    on, off = (
        result_of(world, spec_of(world, held_by("region"), change, burn_in_years=0))
        for change in (ON, {"common_pool.enabled": False})
    )
    assert on.plan_pence.sum() - off.plan_pence.sum() == pytest.approx(on.low_value_pence.sum(), abs=9)
    assert on.low_value_pence.sum() > 0


def test_only_money_is_taken_and_what_is_taken_leaves_less_for_those_who_wait() -> None:
    """Compare pools that bear all and next to nothing, with a cap on money and without."""
    world = lively_world(kinds=(ONE_OFF,))
    only_money = {**ON, "waiting.capacity_enabled": False, "common_pool.marginal_share": 0.5}
    for capped in (True, False):
        one, two = (
            result_of(world, spec_of(world, held_by("nation"), {**only_money, **change}, years=2))
            for change in (
                {"common_pool.gatekeeper_people": 1e9, "budget.cap_enabled": capped},
                {"common_pool.gatekeeper_people": 1.0, "budget.cap_enabled": capped},
            )
        )
        assert (one.lives_checksum != two.lives_checksum) == capped
        assert (one.starts.sum() > two.starts.sum()) == capped


def test_health_is_counted_at_the_margin_of_the_general_budget() -> None:
    world = lively_world()
    result = result_of(world, spec_of(world, held_by("region"), ON))
    pounds = result.low_value_pence / 100
    assert result.low_value_qalys == pytest.approx(pounds * 0.75 / 13_000.0, rel=1e-6)
    budget = with_parameters({"budget.general_gbp_per_qaly": 1_000.0}).budget
    assert low_value_qalys(np.array([100_000]), budget).tolist() == [1.0]


def test_twelve_months_make_up_a_year_to_the_penny() -> None:
    bill = np.array([0, 1, 11, 12, 1_000_003], dtype=np.int64)
    assert sum(part_of_year(bill, month) for month in range(12)).tolist() == bill.tolist()


def test_when_off_no_parameter_of_it_matters_and_nothing_is_paid() -> None:
    world = lively_world(capacity_share_of_need=0.6)
    result = result_of(world, spec_of(world, held_by("nation"), {**ON, "common_pool.enabled": False}))
    assert (result.low_value_pence == 0).all()
    assert (result.low_value_qalys == 0).all()
