"""Sharing a function: what a lead gains, what it costs, and what happens where nobody leads (rule 4)."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from sim.governance.accounts import PoolingParameters, accounts_of
from sim.governance.administration import AdministrationParameters
from sim.governance.co_commissioning import CoCommissioningParameters, Joint, informed_share, outcome, undisturbed
from sim.governance.levers import Levers
from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Regime
from sim.governance.policy import DECIDED
from sim.governance.review import months_to_decide, review
from sim.governance.seats import unit_identities
from sim.governance.units import find_holders
from sim.luck.draws import luck_of
from sim.model.setup import running_of
from sim.specification.parameters import ParameterSet
from tests.analytic.bounds import agrees
from tests.builders import held_by, small_world, with_parameters
from tests.governance.test_policy import APRIL_2013, HOLDERS, SERVICES, ask, decided_by, reviewed

WORLD = small_world()
IDENTITY = unit_identities(WORLD.places)
DRAWS = 40_000
Z = float(norm.isf(0.5e-4))


def shared_by(cell: Cell, **levers: Any) -> Regime:
    return Regime(
        "shared", dict.fromkeys(GROUPS, dict.fromkeys(FUNCTIONS, cell)), Levers(**{"budget_lines": "one", **levers})
    )


@pytest.mark.parametrize(("dispute", "over"), [(0.1, 0.1), (0.0, 0.2), (0.3, 0.0), (0.0, 0.0)])
def test_matters_are_blocked_and_approved_as_often_as_the_chances_say(dispute: float, over: float) -> None:
    found = np.array([outcome(luck_of(3, 0), np.uint64(key), 7, dispute, over) for key in range(DRAWS)])
    for sign, chance in ((-1, dispute * (1.0 - over)), (1, over * (1.0 - dispute))):
        bound = Z * np.sqrt(chance * (1.0 - chance) / DRAWS)
        assert abs((found == sign).mean() - chance) <= bound
        assert (
            dispute * over == 0.0 or abs((found == sign).mean() - dispute) > bound
        )  # not as if one never undid another


def test_those_who_lead_gain_what_the_other_brings_and_never_more_than_the_nation_has() -> None:
    lead, other = np.array([1.0, 0.5, 0.1]), np.array([0.1, 1.0, 0.2])
    assert informed_share(lead, other, 0.5).tolist() == [1.0, 1.0, 0.2]
    assert informed_share(lead, other, 0.0).tolist() == lead.tolist()


@pytest.mark.parametrize("brought", [0.0, 0.5, 1.0])
def test_the_error_of_a_decision_shrinks_with_the_staff_that_a_partner_brings(brought: float) -> None:
    share = 0.1 + brought * 0.2
    asked = ask(national_error_log=1.0, mean_margin_log=1.0, shared_evidence_share=0.0)
    funded = reviewed(asked, decided_by(HOLDERS, share)).mean(axis=0)
    assert agrees(funded, float(norm.cdf(np.sqrt(share))))
    assert brought == 0.0 or not agrees(funded, float(norm.cdf(np.sqrt(0.1))))  # not as if the lead were alone


def test_holders_share_staff_sight_and_seats_as_the_lead_says() -> None:
    parameters = CoCommissioningParameters(partner_staff_share=0.5)
    lead = find_holders(WORLD, IDENTITY, shared_by(Cell("region", partner="district")), parameters)
    other = find_holders(WORLD, IDENTITY, shared_by(Cell("region", partner="district", lead="partner")), parameters)
    for found, decider in ((lead, "region"), (other, "district")):
        assert (found.policy == IDENTITY[decider][:, np.newaxis]).all()
        assert (found.contracting == found.policy).all()
        assert (found.cases == found.policy).all()
        assert found.sight_share == pytest.approx(1 / 6)
        assert not found.joint.muddle.any()
        assert (found.joint.months == parameters.coordination_months).all()
    assert lead.policy_share == pytest.approx(1 / 3 + 0.5 / 6)
    assert other.policy_share == pytest.approx(1 / 6 + 0.5 / 6)  # two districts divide what their region brings
    assert (lead.partners.size, lead.units.size) == (6, 9)


def test_a_unit_is_no_partner_of_itself() -> None:
    found = find_holders(
        WORLD, IDENTITY, shared_by(Cell("region", "nation", "nation", "none")), CoCommissioningParameters()
    )
    assert (found.partners.size, found.units.size) == (0, 1)
    assert not found.joint.months.any()
    assert not found.joint.muddle.any()


def blocked(joint: Joint, months: int, **changes: Any) -> np.ndarray:
    """Return which first topics are not funded, bool[places, services]."""
    return ~reviewed(ask(**changes), decided_by(HOLDERS, 1.0)._replace(joint=joint), months)


def muddled(dispute: float, over: float) -> Joint:
    keys = np.arange(1, HOLDERS * SERVICES + 1, dtype=np.uint64).reshape(HOLDERS, SERVICES) << np.uint64(20)
    return Joint(keys, np.zeros(keys.shape), dispute, over)


def test_without_a_lead_topics_are_blocked_until_their_next_review() -> None:
    lost = blocked(muddled(0.2, 0.0), 1, national_error_log=0.0)
    assert agrees(lost.mean(axis=0), 0.2)
    assert not agrees(lost.mean(axis=0), 0.1)
    again = blocked(muddled(0.2, 0.0), 13, national_error_log=0.0)
    assert agrees((lost & again).mean(axis=0), 0.04)  # each review is a matter of its own
    assert not blocked(muddled(0.0, 0.0), 1, national_error_log=0.0).any()


def test_without_a_lead_topics_are_funded_that_seem_not_worth_it() -> None:
    changes = {"national_error_log": 1.0, "mean_margin_log": 0.0, "shared_evidence_share": 0.0}
    alone = blocked(undisturbed((HOLDERS, SERVICES)), 1, **changes).mean(axis=0)
    both = blocked(muddled(0.0, 0.3), 1, **changes).mean(axis=0)
    assert agrees(alone, 0.5)
    assert agrees(both, 0.5 * 0.7)


def test_sharing_delays_a_first_decision_by_the_months_of_agreeing() -> None:
    asked, who = ask(months=10.0, available=APRIL_2013 + 5), decided_by(HOLDERS, 1.0)
    late = who._replace(joint=who.joint._replace(months=np.full((HOLDERS, SERVICES), 3.0)))
    assert months_to_decide(asked, late, 0, 0) == pytest.approx(months_to_decide(asked, who, 0, 0) + 3.0)
    at_once = ask(months=0.0, available=APRIL_2013 + 5)
    funded = np.zeros((HOLDERS, SERVICES), dtype=np.int32)
    licensed = int(at_once.licensed[0])
    review(at_once, late, licensed + 2, funded)
    assert not funded.any()
    review(at_once, late, licensed + 3, funded)
    assert (funded & DECIDED > 0).all()


@pytest.mark.parametrize(("share", "accounts", "own"), [(0.0, 3, 1.0), (1.0, 6, 1.0), (0.25, 6, 0.25)])
def test_a_purse_is_shared_while_both_bear_a_part(share: float, accounts: int, own: float) -> None:
    regime = shared_by(Cell("region", partner="district", lead="none"), co_commissioning_share=share)
    payers = accounts_of(WORLD.places, WORLD.services, [regime], PoolingParameters())
    alone = {0.0: "region", 1.0: "district"}.get(share)
    assert payers.count == accounts
    assert (payers.own_share[0] == own).all()
    assert payers.purses[0].shared == (alone is None)
    assert (payers.purses[0].muddle > 0).all() == (alone is None)
    if alone:
        assert set(payers.identities) == set(IDENTITY[alone].tolist())
    else:
        assert payers.purses[0].part.tolist() == [[0.75, 0.25]] * 6
        assert np.unique(payers.purses[0].bearer[:, 0]).size == 3
        assert np.unique(payers.purses[0].bearer[:, 1]).size == 6


def test_the_smaller_body_is_the_local_one_whichever_holds() -> None:
    regime = shared_by(Cell("district", partner="region"), co_commissioning_share=0.25)
    assert (accounts_of(WORLD.places, WORLD.services, [regime], PoolingParameters()).own_share[0] == 0.75).all()


def test_agreeing_costs_so_much_a_year_and_partner() -> None:
    regime = shared_by(Cell("nation", partner="district"))
    parameters: ParameterSet = with_parameters({"co_commissioning.coordination_gbp": 7_000.0})
    found = find_holders(WORLD, IDENTITY, regime, parameters.co_commissioning)
    alone = find_holders(WORLD, IDENTITY, held_by("nation"), parameters.co_commissioning)
    free = AdministrationParameters(body_gbp=0.0, contract_gbp=0.0)
    assert running_of(WORLD, found, parameters).pence_a_year(free) == 6 * 700_000
    assert running_of(WORLD, alone, parameters).pence_a_year(free) == 0
