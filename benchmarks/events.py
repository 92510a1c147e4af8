"""Count what happened in a run: every change of a real person's state that left a date behind."""

import numpy as np
import numpy.typing as npt

from sim.agents.columns import DIVERTED
from sim.model.model import CommissioningModel
from sim.world.services import EMERGENCY
from sim.world.time import first_day

Days = npt.NDArray[np.int32]


def changes_of_state(model: CommissioningModel) -> dict[str, int]:
    """Return how many rows fell ill, were diagnosed, left the pathway, asked, were agreed to, began, ended and died.

    Only what lies in the simulated days is counted, and a row once, whatever its weight. An emergency is
    not asked for. Applications for what is not funded leave no date and are not counted.
    """
    state = model.state
    real, end = state.population.real, first_day(state.population.plan.months)
    people, patients = state.roster.people, state.roster.patients
    death = patients.death_day[:real]
    planned = state.roster.facts.kind[people.service[:real]] != EMERGENCY

    def within(days: Days) -> npt.NDArray[np.bool_]:
        return (days[:real] >= 0) & (days[:real] < end)

    def lived_to(days: Days) -> npt.NDArray[np.bool_]:
        return within(days) & (days[:real] <= death)

    happened = {
        "fell ill": within(people.onset_day),
        "diagnosed": lived_to(patients.diagnosis_day),
        "left the pathway": (patients.lost[:real] != 0) & (patients.lost[:real] != DIVERTED),
        "asked for funds": lived_to(patients.policy_day) & planned,
        "agreed to": lived_to(patients.approval_day) & planned,
        "began treatment": lived_to(patients.start_day),
        "ended treatment": within(patients.stop_day) & (patients.stop_day[:real] < death),
        "died": within(death),
    }
    return {name: int(rows.sum()) for name, rows in happened.items()}
