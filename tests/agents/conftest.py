"""A small model in mid-run, to look at."""

import pytest

from sim.model.model import CommissioningModel
from tests.builders import SHORT_OF_MONEY, held_by, lively_world, model_of, spec_of


@pytest.fixture
def model() -> CommissioningModel:
    """Return a model of three regions after a year and a half."""
    world = lively_world(capacity_share_of_need=0.6)
    model = model_of(world, spec_of(world, held_by("region"), SHORT_OF_MONEY, years=2, twin_sets=1))
    for _ in range(18):
        model.step()
    return model
