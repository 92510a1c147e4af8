"""The model is a real Mesa model: it steps, shows its agents, and leaves memory when it is over."""

import gc
import weakref

import mesa
import pytest

from sim.agents.commissioner import Commissioner
from sim.agents.patient import Patient
from sim.agents.provider import Provider
from sim.model.model import CommissioningModel
from tests.builders import finished_model, held_by, lively_world, model_of, spec_of, step_watched


@pytest.fixture
def model() -> CommissioningModel:
    world = lively_world()
    return model_of(world, spec_of(world, held_by("region")))


def test_a_step_is_a_month_and_the_model_runs_to_its_horizon(model: CommissioningModel) -> None:
    assert isinstance(model, mesa.Model)
    for month in range(24):
        assert model.running
        assert model.state.month == month
        model.step()
    assert not model.running


def test_mesa_can_run_it(model: CommissioningModel) -> None:
    model.run_model()
    assert model.state.month == 24


def test_agents_are_counted_by_kind(model: CommissioningModel) -> None:
    assert model.agent_types == [Provider, Commissioner, Patient]
    assert [len(model.agents_by_type[kind]) for kind in model.agent_types] == [3, 3, len(model.patients)]


def test_a_month_goes_through_its_phases_in_order(model: CommissioningModel) -> None:
    seen: list[str] = []
    step_watched(model, seen.append)
    pathway = ["onset", "diagnosis", "referral", "funding", "waiting", "treatment", "outcome", "settlement"]
    assert seen == ["planning", *pathway, "observation", "learning"]


def test_a_closed_model_leaves_memory() -> None:
    world = lively_world()
    model = finished_model(world, spec_of(world, held_by("region"), twin_sets=1))
    patient = model.agents_by_type[Patient][0]
    gone = weakref.ref(model)

    model.close()
    del model, patient
    gc.collect()

    assert gone() is None


def test_a_model_that_nobody_closed_leaves_memory_too() -> None:
    world = lively_world()
    gone = weakref.ref(finished_model(world, spec_of(world, held_by("region"))))

    gc.collect()

    assert gone() is None


def test_organisations_are_numbered_from_1_in_every_model() -> None:
    world = lively_world()
    for _ in range(2):
        model = model_of(world, spec_of(world, held_by("region")))
        organisations = [one for kind in (Provider, Commissioner) for one in model.agents_by_type[kind]]
        assert [one.unique_id for one in organisations] == list(range(1, len(organisations) + 1))


def test_closing_twice_does_no_harm(model: CommissioningModel) -> None:
    model.close()
    model.close()
    assert not model.running


def test_mesas_own_luck_is_never_used() -> None:
    world = lively_world()
    model = model_of(world, spec_of(world, held_by("region")))
    before = model.random.getstate()
    while model.running:
        model.step()
    assert model.random.getstate() == before
