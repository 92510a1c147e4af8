"""The national envelope is what England really spends when nobody is refused for want of money."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.specification.load import load_regime
from sim.world.services import TIERS
from sim.world.world import World, load_england
from tests.builders import finished_model, spec_of

HORIZONS = [("2013-04", 5), ("2013-04", 8), ("2022-04", 5)]
LONGEST = {"2013-04": 8, "2022-04": 5}
LARGE = (
    "adult_cardiac_surgery",
    "burn_care",
    "chemotherapy",
    "cystic_fibrosis",
    "medical_genetics",
    "radiotherapy",
)
"""Services with so many people, or so much money, that a few replicates say enough."""
FEW, MANY = 6, 60
LARGE_GBP = 50e6


@dataclass(frozen=True)
class Money:
    """What England planned and, on average, spent in each year, float64[S, years] in pounds."""

    world: World
    planned: np.ndarray
    spent: np.ndarray


def runs(world: World, start: str, services: tuple[str, ...], replicates: int) -> tuple[np.ndarray, np.ndarray]:
    """Run some services of England without the cap; return the means of what was planned and of what was spent."""
    regime, uncapped = load_regime("national_2013"), {"budget.cap_enabled": False}
    about = {"start": start, "services": services, "years": LONGEST[start], "burn_in_years": 0}
    planned, spent = [], []
    for replicate in range(replicates):
        spec = spec_of(world, ((start, regime),), uncapped, replicate=replicate, **about)
        model = finished_model(world, spec)
        planned.append(model.government.envelope.services / 100)  # every replicate has starting stocks of its own
        spent.append(model.state.ledger.treatment_paid / 100)
    return np.mean(planned, axis=0), np.mean(spent, axis=0)


@cache
def money(start: str) -> Money:
    world = load_england()
    others = tuple(service for service in world.services.ids if service not in LARGE)
    large, small = runs(world, start, LARGE, FEW), runs(world, start, others, MANY)
    return Money(world, large[0] + small[0], large[1] + small[1])


@pytest.mark.slow
@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(("start", "years"), HORIZONS)
def test_each_group_spends_what_was_planned(start: str, years: int, tier: str, record_property: Any) -> None:
    found = money(start)
    of_tier = np.array([group == tier for group in found.world.services.groups])
    ratio = found.spent[of_tier, :years].sum() / found.planned[of_tier, :years].sum()
    record_property("spent_over_planned", float(ratio))
    assert ratio == pytest.approx(1.0, abs=0.005)


@pytest.mark.slow
@pytest.mark.parametrize(("start", "years"), HORIZONS)
def test_each_large_service_spends_what_was_planned(start: str, years: int) -> None:
    found = money(start)
    planned, spent = found.planned[:, :years].sum(axis=1), found.spent[:, :years].sum(axis=1)
    large = np.flatnonzero(planned / years > LARGE_GBP)
    ratios = {found.world.services.ids[s]: round(float(spent[s] / planned[s]), 4) for s in large}
    assert len(ratios) >= 10
    assert {service: ratio for service, ratio in ratios.items() if abs(ratio - 1.0) > 0.02} == {}
