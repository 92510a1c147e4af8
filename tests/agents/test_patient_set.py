"""Patients answer as a Mesa AgentSet that can be read, and refuse everything that would drive them."""

import numpy as np
import pytest
from mesa.agent import AgentSet

from sim.agents.column_set import NotOnColumnsError
from sim.agents.columns import STATE_NAMES
from sim.agents.patient import COLUMNS, Patient, PatientSet
from sim.agents.together import AllAgents
from sim.model.model import CommissioningModel

PUBLIC = [name for name in dir(AgentSet) if not name.startswith("_")]
PATIENTS_CAN = {"agg", "get", "select"}
ALL_CAN = {"get", "select"}
OPERATORS = ("__and__", "__or__", "__sub__", "__xor__", "__iand__", "__ior__", "__isub__", "__ixor__")


@pytest.fixture
def patients(model: CommissioningModel) -> PatientSet:
    return model.agents_by_type[Patient]


def test_it_is_an_agent_set_of_everyone_twins_included(model: CommissioningModel, patients: PatientSet) -> None:
    assert isinstance(patients, AgentSet)
    assert len(patients) == model.state.population.people.size
    assert len(patients) == len(list(patients)) == len(patients.to_list())
    assert all(isinstance(patient, Patient) for patient in patients[:5])


def test_items_are_views_by_position_from_either_end_and_by_slice(patients: PatientSet) -> None:
    everyone = list(patients)
    assert patients[3] == everyone[3]
    assert patients[-1] == everyone[-1]
    assert patients[2:9:3] == everyone[2:9:3]
    with pytest.raises(IndexError):
        patients[len(patients)]


def test_select_and_where_find_the_same_patients(patients: PatientSet) -> None:
    treated = patients.where(state="treated", service="service_00001")
    assert 0 < len(treated) < len(patients)
    by_function = patients.select(lambda one: one.state == "treated" and one.service == "service_00001")
    assert by_function.rows.tolist() == treated.rows.tolist()
    assert patients.select() is patients
    assert len(patients.where(state="nowhere")) == 0


def test_select_has_no_other_options(patients: PatientSet) -> None:
    for options in ({"at_most": 3}, {"inplace": True}, {"agent_type": Patient}):
        with pytest.raises(TypeError):
            patients.select(lambda _: True, **options)


def test_get_and_agg_read_columns(patients: PatientSet) -> None:
    severity = patients.get("severity")
    assert severity == [one.severity for one in patients]
    assert patients.get(["severity", "state"])[4] == [patients[4].severity, patients[4].state]
    assert patients.agg("weight", sum) == sum(patients.get("weight"))
    assert patients.agg("severity", np.mean) == np.mean(severity)
    assert patients.where(state="nowhere").get("place") == []


def test_several_functions_aggregate_at_once_as_in_mesa(patients: PatientSet) -> None:
    assert patients.agg("severity", [min, max]) == [0, 1]


def test_an_unknown_attribute_is_an_error_and_not_a_blank(patients: PatientSet) -> None:
    for ask in (
        lambda: patients.get("colour"),
        lambda: patients.where(colour="red"),
        lambda: patients.agg("colour", len),
        lambda: patients[0].colour,
    ):
        with pytest.raises(AttributeError, match="colour"):
            ask()
    with pytest.raises(TypeError):
        patients.get("colour", handle_missing="default", default_value=0)


def test_patients_can_be_counted_by_an_attribute(patients: PatientSet) -> None:
    counted = patients.count_by("state")
    assert sum(counted.values()) == len(patients)
    assert counted["dead"] == len(patients.where(state="dead"))
    assert set(counted) <= set(STATE_NAMES)


def test_a_patient_belongs_to_the_set_of_its_own_model_only(model: CommissioningModel, patients: PatientSet) -> None:
    assert patients[5] in patients
    assert patients[5] not in patients.where(unique_id=patients[4].unique_id)
    assert model not in patients


@pytest.mark.parametrize("name", sorted(set(PUBLIC) - PATIENTS_CAN))
def test_no_public_method_of_mesa_silently_does_nothing(patients: PatientSet, name: str) -> None:
    with pytest.raises(NotOnColumnsError, match=name):
        getattr(patients, name)("step")


@pytest.mark.parametrize("name", sorted(set(PUBLIC) - ALL_CAN))
def test_no_public_method_of_all_agents_silently_does_nothing(model: CommissioningModel, name: str) -> None:
    assert isinstance(model.agents, AllAgents)
    with pytest.raises(NotOnColumnsError, match=name):
        getattr(model.agents, name)("step")


@pytest.mark.parametrize("name", OPERATORS)
def test_no_operator_of_sets_answers_for_patients(patients: PatientSet, name: str) -> None:
    with pytest.raises(TypeError):
        getattr(patients, name)(patients.where(severity=1))


@pytest.mark.parametrize("name", OPERATORS)
def test_no_operator_of_sets_answers_for_all_agents(model: CommissioningModel, name: str) -> None:
    with pytest.raises(TypeError):
        getattr(model.agents, name)(model.agents)


def test_what_a_class_refuses_is_what_mesa_has_and_it_has_not() -> None:
    can = {name for name in PUBLIC if name in vars(AllAgents) and "refuse" not in getattr(AllAgents, name).__qualname__}
    assert can == ALL_CAN


def test_every_column_answers_for_everyone_and_for_nobody(patients: PatientSet) -> None:
    for name in COLUMNS:
        assert len(patients.column(name)) == len(patients)
        assert len(patients.where(state="nowhere").column(name)) == 0
