"""Several Englands have as many times the people, money and places."""

import numpy as np
import pytest

from benchmarks.scaling import larger, measure, power_of, richer
from tests.builders import held_by, lively_world, model_of, population_of, spec_of

TIMES = 20


def test_a_larger_world_has_so_many_times_the_people_money_and_places() -> None:
    world = lively_world()
    spec = spec_of(world, held_by("region"))
    wide, rich = larger(world, TIMES), richer(spec, TIMES)
    small, large = model_of(world, spec), model_of(wide, rich)

    drawn = [population_of(*pair).real for pair in ((world, spec), (wide, rich))]
    assert drawn[1] == pytest.approx(TIMES * drawn[0], abs=5 * TIMES * np.sqrt(drawn[0]))
    money = [
        model.government.envelope.rest.sum() + model.government.envelope.services.sum() for model in (small, large)
    ]
    assert money[1] == pytest.approx(TIMES * money[0], rel=0.05)
    assert np.array_equal(large.state.capacity, TIMES * small.state.capacity)


def test_a_small_part_of_england_is_measured() -> None:
    found = measure(0.001, years=1)

    assert found["events"] > found["patients"] > 500
    assert 100 < found["bytes_a_patient"] < 400
    assert found["peak_mb"] >= found["simulated_mb"] >= found["before_mb"] > 0


def test_time_that_grows_with_the_square_has_a_power_of_two() -> None:
    runs = [{"cpu": {"simulation": float(size**2)}, "patients": size} for size in (10, 30)]

    assert power_of(*runs) == "2.00"
