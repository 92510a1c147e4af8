"""A made-up run on a made-up grid: right in shape and in every identity, small unless asked otherwise."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.model.result import BASES, ENDINGS, MAX_DAYS, REASONS, RunResult

REGIONS = 2
GROUPS = ("highly_specialised", "specialised_delegable", "specialised_retained")


def world_of(places: int, areas: int, seed: int = 1) -> Any:
    """Hold what the measures read of a world."""
    rng = np.random.default_rng(seed)
    population = rng.integers(20_000, 600_000, places)
    icb = np.sort(rng.integers(0, areas, places)).astype(np.int32)
    return SimpleNamespace(
        places=SimpleNamespace(
            codes=tuple(f"E{i:05d}" for i in range(places)),
            population=population,
            unit_of={"icb_2022": icb, "nhs_region_2022": icb * REGIONS // areas},
            unit_codes={
                "icb_2022": tuple(f"Q{i:02d}" for i in range(areas)),
                "nhs_region_2022": tuple(f"Y{i:02d}" for i in range(REGIONS)),
            },
            deprivation_fifth=(1 + np.arange(places) % 5).astype(np.int8),
            names=tuple(f"Place {i}" for i in range(places)),
            unit_names={
                "icb_2022": tuple(f"Board {i}" for i in range(areas)),
                "nhs_region_2022": tuple(f"Region {i}" for i in range(REGIONS)),
            },
        ),
        providers=SimpleNamespace(ids=("k1", "k2", "k3"), names=("First", "Second", "Third")),
    )


def result_of(
    places: int = 12, services: int = 4, years: int = 3, people: float = 6.0, tau: float = 0.3, seed: int = 2
) -> RunResult:
    """Draw a run whose places differ by ``tau`` log odds; ``people`` is the mean count of a cell."""
    rng = np.random.default_rng(seed)
    shape = (places, services, 2, years)
    rarity = rng.lognormal(0.0, 1.0, services)[:, None, None] * people
    diagnosed = rng.poisson(rarity, shape)
    odds = rng.normal(0.5, 1.0, (services, 2, years)) + tau * rng.standard_normal((places, 1, 1, 1))
    reached = rng.binomial(diagnosed, 1 / (1 + np.exp(-odds)))
    in_need = np.stack([diagnosed, diagnosed + rng.poisson(1.0, shape)])
    in_time = np.stack([reached, reached // 2])
    treated = rng.integers(0, 2, (services, 5, places)).astype(np.int8)
    treated[rng.random(treated.shape) < 0.05] = -1
    pence = rng.integers(10**8, 10**9, (services, years))
    rest, low_value = rng.integers(10**10, 10**11, years), rng.integers(10**6, 10**7, years)
    administration, travel = rng.integers(10**6, 10**7, years), rng.integers(10**6, 10**7, years)
    return RunResult(
        regime_id="made_up",
        seed=seed,
        replicate=0,
        start="2015-04",
        measured_years=years,
        place_codes=tuple(f"E{i:05d}" for i in range(places)),
        service_ids=tuple(f"service_{i:02d}" for i in range(services)),
        service_groups=tuple(GROUPS[i % len(GROUPS)] for i in range(services)),
        access_window_days=np.full(services, 126.0),
        weight=np.ones(services, dtype=np.int64),
        people=in_need,
        reached=in_time,
        reasons=_reasons(in_need, in_time, rng),
        time_to_treatment=rng.integers(0, 3, (services, len(ENDINGS), MAX_DAYS + 1)),
        starts=rng.integers(0, 9, (places, services)),
        deaths_waiting=rng.integers(0, 3, (places, services)),
        travel_minutes=rng.uniform(0, 400, (places, services)),
        qalys=rng.uniform(0, 90, (places, services)),
        qalys_discounted=rng.uniform(0, 80, (places, services)),
        waiting_at_start=rng.integers(0, 50, services),
        waiting_at_end=rng.integers(0, 50, services),
        treatment_pence=pence,
        price_premium_pence=pence // 20,
        rest_of_portfolio_pence=rest,
        low_value_pence=low_value,
        balance_pence=rng.integers(-(10**6), 10**6, 2),
        committed_pence=rng.integers(0, 10**6, 2),
        administration_pence=administration,
        handover_pence=np.zeros(years, dtype=np.int64),
        requests=rng.integers(0, 100, (2, years)),
        patient_travel_pence=travel,
        plan_pence=np.full((2, years), 10**9),
        spend_pence=np.full((2, years), 11 * 10**8),
        crossed_pence=np.zeros((2, years), dtype=np.int64),
        displaced_qalys=rng.uniform(-1, 1, years),
        low_value_qalys=rng.uniform(0, 1, years),
        discount_factor=np.ones(years),
        provider_income_pence=np.array([int(pence.sum())]),
        payments_pence=np.array([int(pence.sum())]),
        budget_holder=np.repeat(np.arange(places) % 3, services).reshape(places, services),
        account_identities=(11, 12),
        account_bearers=np.array([[11, 0], [12, 0]], dtype=np.uint64),
        account_line=np.array([-1, -1]),
        account_places=np.arange(places)[np.newaxis] % 2 == np.arange(2)[:, np.newaxis],
        provider_ids=("k1", "k2", "k3"),
        paid_pence=divided(pence, 2),
        paid_premium_pence=divided(pence // 20, 2),
        earned_pence=divided(pence, 3),
        earned_premium_pence=divided(pence // 20, 3),
        paid_rest_pence=divided(rest, 2),
        paid_low_value_pence=divided(divided(low_value, services), 2),
        running_pence=administration // 4,
        contracting_pence=administration - administration // 4 - administration // 8,
        coordination_pence=np.zeros(years, dtype=np.int64),
        panels_pence=administration // 8,
        service_travel_pence=divided(travel, services),
        rest_forgone_qalys=rng.uniform(0, 1, years),
        twin_reached=treated,
        twin_wait_days=np.where(treated == 1, rng.integers(0, 126, treated.shape), -1).astype(np.int32),
        lives_checksum=0,
        twins_checksum=0,
    )


def divided(whole: Any, parts: int) -> Any:
    """Divide whole pence between the first axis of a wider table, the first part taking what is left over."""
    each = np.repeat(np.asarray(whole)[np.newaxis] // parts, parts, axis=0)
    each[0] += whole - each.sum(axis=0)
    return each


def _reasons(people: Any, reached: Any, rng: np.random.Generator) -> Any:
    """Split everyone not reached over the other reasons."""
    everyone, treated = people.sum(axis=(3, 4)), reached.sum(axis=(3, 4))
    others = len(REASONS) - 1
    split = rng.multinomial(everyone - treated, np.full(others, 1 / others))
    reasons = np.concatenate([treated[..., None], split], axis=-1)
    assert reasons.shape[0] == len(BASES)
    return reasons
