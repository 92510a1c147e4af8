"""A twin starts when a real patient in its place would have; where money is lumpy the rule is only close."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from sim.measures.intervals import paired_interval
from sim.world.people import NEVER
from sim.world.services import EMERGENCY, ONE_OFF
from tests.builders import EVERY_KIND, finished_model, held_by, lively_world, population_of, spec_of

NO_FEEDBACK = {"referral.wait_weight_per_month": 0.0}
"""Else a real patient more lengthens a queue, and sends others elsewhere."""


@dataclass(frozen=True)
class Pair:
    """The day on which a twin begins, and the day on which it would as one real patient more."""

    kind: int
    diagnosed: int
    twin: int
    inserted: int

    def reached(self, day: int) -> bool:
        return day - self.diagnosed <= 126


def pairs(level: str, changes: Mapping[str, Any], *, replicate: int, every: int, **options: Any) -> Iterator[Pair]:
    """Turn one twin after another, every so many, into a real patient, and run each world anew."""
    world = lively_world(**{"capacity_share_of_need": 0.7, **options})
    spec = spec_of(world, held_by(level, price_rule="local"), changes, years=2, twin_sets=4, replicate=replicate)
    population = population_of(world, spec)
    patients = finished_model(world, spec, population).state.roster.patients
    for row in range(population.real + replicate % every, population.people.size, every):
        people = population.people.copy()
        people[row].weight = 1
        other = finished_model(world, spec, replace(population, people=people)).state.roster.patients
        yield Pair(
            int(world.services.kind[people[row].service]),
            int(patients[row].diagnosis_day),
            int(patients[row].start_day),
            int(other[row].start_day),
        )


@pytest.mark.parametrize("level", ["nation", "district"])
def test_where_only_slots_are_short_a_twin_starts_exactly_as_a_patient_would(level: str) -> None:
    uncapped = {"budget.cap_enabled": False, **NO_FEEDBACK}
    found = list(pairs(level, uncapped, replicate=1, every=3))
    assert {pair.kind for pair in found} == set(EVERY_KIND)
    assert sum(pair.twin > pair.diagnosed and pair.kind != EMERGENCY for pair in found) > len(found) / 3
    assert sum(pair.twin == NEVER for pair in found) > 0
    assert [pair for pair in found if pair.twin != pair.inserted] == []


@pytest.mark.parametrize("level", ["nation", "district"])
def test_where_only_money_is_short_and_prices_are_one_it_does_so_too(level: str) -> None:
    short = {"budget.plan_share_of_expected": 0.8, "waiting.capacity_enabled": False, **NO_FEEDBACK}
    found = list(pairs(level, short, replicate=1, every=3, kinds=(ONE_OFF,)))
    assert sum(pair.twin > pair.diagnosed for pair in found) > len(found) / 4
    assert [pair for pair in found if pair.twin != pair.inserted] == []


def test_where_payers_put_common_services_first_a_twin_is_ranked_as_its_service_is() -> None:
    short = {"budget.plan_share_of_expected": 0.8, "waiting.capacity_enabled": False, **NO_FEEDBACK}
    biased = {"priority.enabled": True, "priority.volume_exponent": 0.5, "priority.days_per_log_weight": 150.0}
    found = list(pairs("region", {**short, **biased}, replicate=1, every=3, kinds=(ONE_OFF,), need_ratio=0.5))
    assert sum(pair.twin > pair.diagnosed for pair in found) > len(found) / 4
    assert [pair for pair in found if pair.twin != pair.inserted] == []


def test_where_each_payer_has_a_price_of_its_own_a_twin_needs_all_of_it() -> None:
    dear = {"prices.enabled": True, "prices.ceiling_ratio": 3.0, "prices.history_sd_log": 0.0}
    short = {"budget.plan_share_of_expected": 1.5, "waiting.capacity_enabled": False, **NO_FEEDBACK, **dear}
    found = list(pairs("district", short, replicate=1, every=3, kinds=(ONE_OFF,), n_providers=1))
    assert sum(pair.twin > pair.diagnosed for pair in found) > len(found) / 4
    assert [pair for pair in found if pair.twin != pair.inserted] == []


@pytest.mark.slow
def test_real_patients_put_where_twins_are_reach_treatment_as_often() -> None:
    """Insert real patients with the twins' profiles, one a run, where both money and slots are short."""
    short = {"budget.plan_share_of_expected": 0.9}
    found = [
        pair
        for level in ("nation", "district")
        for replicate in range(12)
        for pair in pairs(level, short, replicate=replicate, every=12)
        if pair.kind != EMERGENCY
    ]
    inserted = np.array([pair.reached(pair.inserted) for pair in found], dtype=np.float64)
    twins = np.array([pair.reached(pair.twin) for pair in found], dtype=np.float64)
    bias = paired_interval(twins, inserted, 1 - 1e-4)

    assert len(found) > 80
    assert 0.2 < inserted.mean() < 0.95
    assert bias.low <= 0.0 <= bias.high
    # Two wrong rules: a twin never waits, or never finds a slot that is left.
    assert paired_interval(np.ones_like(inserted), inserted, 1 - 1e-4).low > 0.0
    assert paired_interval(twins * (np.arange(twins.size) % 2), inserted, 1 - 1e-4).high < 0.0


@pytest.mark.slow
def test_where_prices_differ_the_bias_is_small(record_property: Any) -> None:
    """Bound the bias: a payer who reaches the twin with too little left would refuse it, the rule does not look."""
    short = {"budget.plan_share_of_expected": 0.9}
    found = [
        pair
        for level in ("nation", "region", "district")
        for replicate in range(40)
        for pair in pairs(level, short, replicate=replicate, every=9)
        if pair.kind != EMERGENCY
    ]
    apart = np.mean([pair.twin != pair.inserted for pair in found])
    access = [np.mean([pair.reached(day(pair)) for pair in found]) for day in (lambda p: p.twin, lambda p: p.inserted)]
    both = [pair.twin - pair.inserted for pair in found if max(pair.twin, pair.inserted) < NEVER]
    record_property("pairs", len(found))
    record_property("share_that_start_on_another_day", float(apart))
    record_property("bias_of_access", float(access[0] - access[1]))
    record_property("bias_of_wait_days", float(np.mean(both)))
    assert len(found) > 600
    assert apart < 0.15
    assert abs(access[0] - access[1]) < 0.02
    assert abs(np.mean(both)) < 7.0
