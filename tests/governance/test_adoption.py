"""When the dated technologies of England come to be funded, under a nation and under ever more bodies."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.governance.diffusion import DiffusionParameters, begin_to_fund
from sim.governance.policy import DECIDED, Appraisal, AppraisalParameters, PolicyParameters, appraisal_of, deciders_of
from sim.governance.review import review
from sim.governance.seats import unit_identities
from sim.governance.units import find_holders
from sim.luck.draws import luck_of
from sim.luck.identity import unit_identity
from sim.world.months import parse_month
from sim.world.world import World, load_england
from tests.builders import held_by

LEVELS = {"nation": 1, "spec_hub_2013": 10, "icb_2022": 42, "ccg_2013": 211}
SINCE_2013 = {"car_t", "ert_mps_iva", "mitochondrial_donation", "sma_gene_therapy"}
BEFORE = {"ahus", "ert_fabry", "ert_gaucher", "ert_other_mps", "ert_pompe", "pnh", "proton_beam"}
END = parse_month("2026-04")
ENOUGH = 0.12
"""Three times the error of a nation's appraisal: a margin that it clears but once in a thousand topics."""


@cache
def england() -> World:
    return load_england()


def appraised(start: str, **changes: Any) -> Appraisal:
    """Assemble what is appraised in England from a month on."""
    parameters = AppraisalParameters(**changes)
    return appraisal_of(england().services, PolicyParameters(), parameters, parse_month(start), luck_of(1, 0))


@cache
def adopted(start: str, level: str, on: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Return the first month in which anything is funded, -1 if never, and the masks at the end, [P, S] both."""
    world, policy = england(), PolicyParameters(divergence_enabled=on)
    appraisal, luck = AppraisalParameters(enabled=on), luck_of(1, 0)
    ask = appraisal_of(world.services, policy, appraisal, parse_month(start), luck)
    holders = find_holders(world, unit_identities(world.places), held_by(level))
    who = deciders_of(holders, 1.0, policy, unit_identity(world.places.codes))
    funded = np.zeros(holders.policy.shape, dtype=np.int32)
    first = np.full(funded.shape, -1)
    for month in range(parse_month(start), END):
        begin_to_fund(ask, who, world.places.population, DiffusionParameters(enabled=on), month, funded)
        review(ask, who, month, funded)
        first[(first < 0) & (funded & ~DECIDED != 0)] = month
    return first, funded


def of(*services: str) -> list[int]:
    return [england().services.ids.index(service) for service in sorted(services)]


@pytest.mark.parametrize(("start", "arriving"), [("2013-04", SINCE_2013), ("1990-04", SINCE_2013 | BEFORE)])
@pytest.mark.parametrize("level", LEVELS)
def test_what_is_dated_arrives_after_its_licence_and_all_else_is_there(start: str, arriving: set, level: str) -> None:
    first, _ = adopted(start, level)
    services = england().services
    new = of(*arriving)
    assert (first[:, new] >= services.licensed_from_month[new])[first[:, new] >= 0].all()
    assert (first[:, new] >= 0).mean() > 0.98
    assert (np.delete(first, new, axis=1) == parse_month(start)).all()


@pytest.mark.parametrize("start", ["2013-04", "1990-04"])
def test_a_nation_begins_everywhere_at_once_and_more_bodies_ever_less_so(start: str) -> None:
    new = of(*SINCE_2013)
    firsts = [np.where(first < 0, END, first)[:, new] for first, _ in (adopted(start, level) for level in LEVELS)]
    months = [len(np.unique(first[:, s])) for first in firsts for s in range(len(new))]
    by_level = np.array(months).reshape(len(LEVELS), len(new))
    assert (by_level[0] == 1).all()
    assert (by_level <= np.array(list(LEVELS.values()))[:, np.newaxis]).all()
    spread = [float((first.max(axis=0) - first.min(axis=0)).mean()) for first in firsts]
    assert spread == sorted(spread)
    assert spread[0] == 0
    assert spread[1] > 6


def test_with_both_mechanisms_off_everything_is_funded_on_its_date() -> None:
    first, funded = adopted("1990-04", "icb_2022", on=False)
    new = of(*SINCE_2013, *BEFORE)
    assert (first[:, new] == england().services.available_from_month[new]).all()
    assert (funded == DECIDED | 0b11111).all()


def test_a_nation_funds_what_was_funded() -> None:
    _, funded = adopted("1990-04", "nation")
    assert (funded[:, of(*SINCE_2013, *BEFORE)] == DECIDED | 0b11111).all()


def test_what_each_recorded_decision_needs_beyond_its_threshold() -> None:
    bare = appraised("1990-04", rarest_discretion_log=0.0, ordinary_discretion_log=0.0).margins
    needs = {"ert_fabry": 3.95, "ert_gaucher": 2.02, "ert_pompe": 1.61, "ert_mps_iva": 1.57, "car_t": 0.51}
    for service, log in needs.items():
        assert -bare[of(service)[0]] == pytest.approx(log, abs=0.005)
    assert bare[of("proton_beam")[0]] == pytest.approx(0.60, abs=0.005)
    short = {service for s, service in enumerate(england().services.ids) if (bare[s] < 0).any()}
    assert short == set(needs)


def test_the_benefit_of_the_doubt_is_as_small_as_lets_a_nation_do_so() -> None:
    margins = appraised("1990-04").margins
    for marginal in ("ert_fabry", "car_t"):
        assert ENOUGH < margins[of(marginal)[0], 0] < ENOUGH + 0.05
    assert (margins >= 0).all()


def test_what_has_no_known_ratio_or_is_established_keeps_margins_that_differ() -> None:
    usual = 2.0 * PolicyParameters().mean_margin_log * (np.arange(5) + 0.5) / 5
    late, early = appraised("2022-04").margins, appraised("1990-04").margins
    assert (late == usual).all()
    assert (early[of("sma_gene_therapy", "pnh", "renal_dialysis")] == usual).all()
    assert (np.ptp(early[of("ert_gaucher", "car_t")], axis=1) == 0).all()


def test_a_higher_threshold_is_worth_its_logarithm() -> None:
    low, high = (appraised("1990-04", rarest_gbp_per_qaly=pounds).margins for pounds in (100_000.0, 300_000.0))
    rarest = of("ert_fabry", "ert_gaucher", "ert_pompe", "ert_mps_iva", "proton_beam")
    assert (high - low)[rarest] == pytest.approx(np.log(3.0))
    assert (np.delete(high - low, rarest, axis=0) == 0).all()
