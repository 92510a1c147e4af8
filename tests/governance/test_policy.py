"""Policy: which topics holders fund, and how far their errors agree (mechanisms 3 and 4)."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from sim.governance.co_commissioning import undisturbed
from sim.governance.policy import DECIDED, Appraisal, AppraisalParameters, Deciders, PolicyParameters, appraisal_of
from sim.governance.review import review
from sim.luck.draws import luck_of
from sim.world.services import EMERGENCY, ONE_OFF
from tests.builders import small_world

APRIL_2013 = 1359
HOLDERS = 400
SERVICES = 60
Z = 3.9  # a two-sided bound at 1e-4


def ask(seed: int = 1, months: float = 0.0, available: int = -1, **changes: Any) -> Appraisal:
    """Assemble an appraisal of sixty services of one topic each, reviewed every year."""
    services = small_world(n_services=SERVICES, available_from_month=available).services
    policy = {"topics_per_service": 1, "years_between_reviews": 1}
    appraisal = {"decision_months": months}
    for name, value in changes.items():
        (policy if name in PolicyParameters.model_fields else appraisal)[name] = value
    return appraisal_of(
        services, PolicyParameters(**policy), AppraisalParameters(**appraisal), APRIL_2013, luck_of(seed, 0)
    )


def decided_by(holders: int, share: float, binding: float = 1.0, contractors: int | None = None) -> Deciders:
    """Give each of many places a holder of policy, and a holder of contracts, of its own."""
    own = np.repeat(np.arange(1, HOLDERS + 1, dtype=np.uint64)[:, np.newaxis] % holders + 1, SERVICES, axis=1)
    local = np.repeat(np.arange(HOLDERS, dtype=np.uint64)[:, np.newaxis] % (contractors or holders), SERVICES, axis=1)
    staff = np.full(own.shape, share)
    return Deciders(own, staff, local + np.uint64(10_000), staff, binding, undisturbed(own.shape))


def reviewed(asked: Appraisal, who: Deciders, months: int = 1) -> np.ndarray:
    """Return who funds the first topic, bool[places, services], after some months from April 2013."""
    funded = np.zeros((HOLDERS, SERVICES), dtype=np.int32)
    for month in range(months):
        review(asked, who, APRIL_2013 + month, funded)
    return (funded & 1).astype(bool)


@pytest.mark.parametrize("rho", [0.0, 0.5, 1.0])
def test_variation_between_holders_is_p_times_one_less_p_times_one_less_rho(rho: float) -> None:
    # The correlation is that of the errors; of the decisions it is smaller, and known from the normal law.
    asked = ask(shared_evidence_share=rho, national_error_log=1.0, mean_margin_log=0.0)
    within = reviewed(asked, decided_by(HOLDERS, 1.0)).var(axis=0, ddof=1)
    expected = 0.25 - np.arcsin(rho) / (2 * np.pi)  # of two signs of normal numbers with this correlation
    assert abs(within.mean() - expected) < Z * within.std(ddof=1) / np.sqrt(SERVICES) + 1e-12
    if rho == 0.5:
        assert abs(within.mean() - 0.25) > Z * within.std(ddof=1) / np.sqrt(SERVICES)  # not as if independent


def test_one_holder_decides_alike_everywhere() -> None:
    funded = reviewed(ask(national_error_log=1.0, mean_margin_log=0.0), decided_by(1, 1.0))
    assert (funded == funded[0]).all()
    assert 0 < funded[0].sum() < SERVICES  # all or nothing: geography is traded for the risk of policy


@pytest.mark.parametrize("share", [1.0, 0.25, 1 / 42])
def test_a_wrong_decision_has_the_probability_of_the_normal_law_at_the_margin(share: float) -> None:
    asked = ask(national_error_log=0.2, mean_margin_log=0.3, shared_evidence_share=0.0)
    wrong = 1.0 - reviewed(asked, decided_by(HOLDERS, share)).mean()
    expected, count = norm.cdf(-0.3 * np.sqrt(share) / 0.2), HOLDERS * SERVICES
    bound = Z * np.sqrt(expected * (1 - expected) / count)
    assert abs(wrong - expected) < bound
    assert abs(wrong - norm.cdf(-0.3 * np.sqrt(share) / 0.24)) > bound  # an error 20 % larger is rejected


@pytest.mark.parametrize("binding", [1.0, 0.6])
@pytest.mark.parametrize("available", [-1, APRIL_2013 + 6])
@pytest.mark.parametrize("holders", [7, 1])
def test_a_place_is_decided_for_as_if_it_were_the_only_one(binding: float, available: int, holders: int) -> None:
    asked = ask(national_error_log=1.0, mean_margin_log=0.7, months=6.0, available=available)
    who = decided_by(holders, 0.2, binding, contractors=3)
    who.policy_share[::5] = 0.9  # the same body, but with more staff here
    who.joint.muddle[::11] = 99
    who = who._replace(joint=who.joint._replace(dispute=0.3, over_approval=0.3))
    together = np.zeros((HOLDERS, SERVICES), dtype=np.int32)
    together[::13] = 1  # funded before anybody has decided
    alone = together.copy()
    for month in range(14):
        review(asked, who, APRIL_2013 + month, together)
        for place in range(100):
            here = slice(place, place + 1)
            joint = who.joint._replace(muddle=who.joint.muddle[here], months=who.joint.months[here])
            only = Deciders(*(column[here] for column in who[:4]), binding, joint)
            review(asked, only, APRIL_2013 + month, alone[here])
            assert (together[here] == alone[here]).all()
    assert len(np.unique(together[:, 0])) > 1


def test_with_ever_more_staff_nobody_decides_wrongly() -> None:
    assert reviewed(ask(national_error_log=1e-6, mean_margin_log=0.1), decided_by(HOLDERS, 0.01)).all()


def test_without_either_mechanism_all_follow_the_catalogue() -> None:
    asked = ask(available=APRIL_2013 + 5, enabled=False, divergence_enabled=False)
    before, after = (reviewed(asked, decided_by(HOLDERS, 0.01), months) for months in (5, 6))
    assert not before.any()
    assert after.all()


def test_established_treatments_start_as_funded_and_emergencies_always_are() -> None:
    services = small_world(n_services=2, kinds=(ONE_OFF, EMERGENCY)).services
    asked = appraisal_of(
        services, PolicyParameters(), AppraisalParameters(national_error_log=20.0), APRIL_2013, luck_of(1, 0)
    )
    who = decided_by(HOLDERS, 0.01)
    funded = np.zeros((HOLDERS, 2), dtype=np.int32)
    review(asked, who, APRIL_2013 + 1, funded)  # in May nothing is reviewed
    assert (funded == DECIDED | 0b11111).all()
    for year in range(6):
        review(asked, who, APRIL_2013 + 12 * year, funded)
    assert (funded[:, 1] == DECIDED | 0b11111).all()
    assert len(np.unique(funded[:, 0])) > 10


def test_a_new_treatment_waits_for_its_appraisal_longer_where_staff_is_small() -> None:
    asked = ask(
        months=12.0, available=APRIL_2013 + 25, decision_time_sd_log=0.0, staff_exponent=0.5, mean_margin_log=9.0
    )
    assert asked.licensed[0] == APRIL_2013 + 1
    nation, quarter = (
        [reviewed(asked, decided_by(HOLDERS, share), months).all() for months in (13, 14, 25, 26)]
        for share in (1.0, 0.25)
    )
    assert nation == [False, True, True, True]
    assert quarter == [False, False, False, True]


def test_what_the_specification_leaves_open_is_decided_by_those_who_hold_contracts() -> None:
    asked = ask(national_error_log=1.0, mean_margin_log=0.0, shared_evidence_share=0.0)
    variation = [
        reviewed(asked, decided_by(1, 1.0, binding, HOLDERS)).var(axis=0).mean() for binding in (1.0, 0.7, 0.3, 0.0)
    ]
    assert variation[0] == 0.0
    assert variation == sorted(variation)
    assert variation[-1] > 0.2


def test_a_topic_is_reviewed_as_often_as_stated() -> None:
    asked = ask(national_error_log=1.0, mean_margin_log=0.0, shared_evidence_share=0.0, years_between_reviews=3)
    who = decided_by(HOLDERS, 1.0)
    funded, changed = np.zeros((HOLDERS, SERVICES), dtype=np.int32), []
    for year in range(9):
        before = funded.copy()
        review(asked, who, APRIL_2013 + 12 * year, funded)
        changed.append((funded != before).mean(axis=0) > 0.25)
    reviews = np.array(changed)[3:]
    assert (reviews.sum(axis=0) == 2).all()
    assert (reviews.sum(axis=1) < SERVICES).all()  # not all in one year
