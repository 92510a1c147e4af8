"""Patients, providers and commissioners can be picked up, read and followed."""

from itertools import groupby

import numpy as np
import pytest

from sim.agents.column_set import NotOnColumnsError
from sim.agents.commissioner import Commissioner
from sim.agents.patient import Patient
from sim.agents.provider import Provider
from sim.luck.identity import unit_identity
from sim.model.model import CommissioningModel
from sim.world.people import NEVER
from tests.builders import finished_model, held_by, lively_world, model_of, spec_of, without_offer


def test_a_patient_tells_what_stands_in_the_columns(model: CommissioningModel) -> None:
    state = model.state
    for patient in model.agents_by_type[Patient].where(state="treated")[:20]:
        row = patient.row
        people, patients = state.roster.people, state.roster.patients
        assert patient.unique_id == people["identity"][row]
        assert patient.place == state.world.places.codes[people["place"][row]]
        assert patient.service == state.world.services.ids[people["service"][row]]
        assert patient.start_day == patients["start_day"][row]
        assert (patient.stop_day is None) == (patients["stop_day"][row] == NEVER)
        assert patient.provider in (*state.world.providers.ids, None)
        assert repr(patient).startswith(f"<Patient {patient.unique_id:016x} in {patient.place}")


def test_a_patient_is_followed_through_time() -> None:
    world = lively_world(capacity_share_of_need=0.4)
    model = model_of(world, spec_of(world, held_by("nation"), {"budget.cap_enabled": False}, twin_sets=1))
    lives: dict[int, list[str]] = {patient.row: [] for patient in model.agents_by_type[Patient]}
    while model.running:
        for patient in model.agents_by_type[Patient]:
            lives[patient.row].append(patient.state)
        model.step()

    courses = [[state for state, _ in groupby(life)] for life in lives.values()]
    assert ["unborn", "undiagnosed", "awaiting a slot", "on treatment"] in courses
    assert ["unborn", "awaiting a slot", "dead"] in courses
    assert ["unborn", "undiagnosed", "no bed"] in courses
    assert not any("dead" in life[:-1] or "unborn" in life[1:] for life in courses)


def test_two_views_of_one_patient_are_equal_and_stay_up_to_date(model: CommissioningModel) -> None:
    one, two = model.agents_by_type[Patient][7], model.patients[7]
    assert one == two
    assert one is not two
    assert hash(one) == hash(two)
    assert one != model.patients[8]
    model.state.roster.patients[7].start_day = 123
    assert one.start_day == two.start_day == 123


def test_patients_of_two_models_are_never_equal() -> None:
    world = lively_world()
    spec = spec_of(world, held_by("nation"))
    first, second = model_of(world, spec), model_of(world, spec)
    assert first.patients[0].unique_id == second.patients[0].unique_id
    assert first.patients[0] != second.patients[0]


def test_a_patient_cannot_be_removed(model: CommissioningModel) -> None:
    with pytest.raises(NotOnColumnsError):
        model.patients[0].remove()


@pytest.mark.parametrize("method", ["step", "advance"])
def test_a_patient_cannot_be_driven(model: CommissioningModel, method: str) -> None:
    with pytest.raises(NotOnColumnsError):
        getattr(model.patients[0], method)()


def test_providers_tell_their_offers_queues_and_income(model: CommissioningModel) -> None:
    state = model.state
    providers = model.agents_by_type[Provider]
    assert [provider.code for provider in providers] == list(state.world.providers.ids)
    assert [provider.name for provider in providers] == list(state.world.providers.names)
    assert all(provider.generated for provider in providers)
    assert all(provider.services == state.world.services.ids for provider in providers)
    assert sum(provider.income_pence for provider in providers) == state.ledger.provider_income.sum() > 0
    assert sum(provider.queued for provider in providers) == state.cells["queued"].sum() > 0
    assert sum(provider.occupied for provider in providers) == state.cells["occupied"].sum() > 0
    assert sum(provider.cases_this_year for provider in providers) == state.cells["cases"].sum() > 0


def test_commissioners_tell_whom_they_pay_for_and_how_they_stand(model: CommissioningModel) -> None:
    world, units = model.state.world, model.state.world.places.unit_of["region"]
    commissioners = model.agents_by_type[Commissioner]
    by_places = {commissioner.places: commissioner for commissioner in commissioners}
    codes = np.array(world.places.codes)
    assert set(by_places) == {tuple(codes[units == unit]) for unit in range(3)}
    for places, commissioner in by_places.items():
        assert commissioner.identity == unit_identity(places)
        assert commissioner.population == 50_000 * len(places)
        assert commissioner.services == world.services.ids
        assert commissioner.plan_pence == model.government.books.plan[commissioner.row, 1] > 0
    assert sum(one.spent_pence for one in commissioners) == model.state.accounts["spent"].sum() > 0
    assert sum(one.committed_pence for one in commissioners) == model.state.accounts["committed"].sum() > 0
    assert sum(one.queued for one in commissioners) == model.state.accounts["queued"].sum() > 0


def test_a_commissioner_tells_its_last_plan_once_the_run_is_over() -> None:
    world = lively_world()
    model = finished_model(world, spec_of(world, held_by("nation")))
    (commissioner,) = model.agents_by_type[Commissioner]
    assert commissioner.plan_pence == model.government.books.plan[0, -1]


def test_all_agents_stand_in_one_set_patients_last(model: CommissioningModel) -> None:
    everyone = model.agents
    kinds = [type(agent) for agent in everyone]
    assert len(everyone) == len(kinds) == 3 + 3 + len(model.patients)
    assert kinds == [Provider] * 3 + [Commissioner] * 3 + [Patient] * len(model.patients)
    assert everyone[6] == model.patients[0]
    assert everyone[-1] == model.patients[-1]
    assert everyone[4:8] == everyone.to_list()[4:8]
    assert model.patients[3] in everyone
    assert everyone[1] in everyone
    assert everyone.get("unique_id")[6:] == model.patients.get("unique_id")
    with pytest.raises(IndexError):
        everyone[len(everyone)]


def test_all_agents_can_be_selected_and_miss_no_attribute_silently(model: CommissioningModel) -> None:
    generated = model.agents.select(lambda agent: isinstance(agent, Provider) and agent.generated)
    assert [agent.code for agent in generated] == list(model.state.world.providers.ids)
    assert len(model.agents.select()) == len(model.agents)
    with pytest.raises(AttributeError):
        model.agents.get("severity")


def test_a_provider_offers_only_what_it_has_capacity_for() -> None:
    world = without_offer(lively_world(n_services=4), provider=2, service=0)
    model = model_of(world, spec_of(world, held_by("nation"), {"network.planning_enabled": True}))
    assert model.state.world.offers.service.size == world.offers.service.size + 1  # a possible site stands ready
    services = model.agents_by_type[Provider][2].services
    assert services == world.services.ids[1:]
    model.state.capacity[(model.state.cells["service"] == 0) & (model.state.cells["provider"] == 2)] = 5.0
    assert model.agents_by_type[Provider][2].services == world.services.ids
