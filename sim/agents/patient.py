"""Patients: real Mesa agents to look at, columns to compute with."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.column_set import ColumnSet, RowAgent
from sim.agents.columns import NO_ROW, STATE_NAMES
from sim.world.people import NEVER

GIVEN = ("severity", "weight", "onset_day")
DAYS = ("diagnosis_day", "policy_day", "approval_day", "start_day", "stop_day", "death_day")


class Patient(RowAgent):
    """One patient, or one twin (weight 0). Attributes are read from the columns at the moment of asking.

    place and service are ids; state is a word; days count from the first simulated day, None for what
    has not been set; provider is the id of the centre of referral, None before.
    """

    def __getattr__(self, name: str) -> Any:
        """Read an attribute from the columns; raise AttributeError for anything else."""
        if name in ("place", "service", "state", "provider", *GIVEN, *DAYS):
            value = PatientSet(self.model, np.array([self.row])).column(name)[0]
            return value.item() if isinstance(value, np.generic) else value
        raise AttributeError(f"a patient has no attribute {name!r}")

    def __repr__(self) -> str:
        """Say who this is in one line."""
        return f"<Patient {self.unique_id:016x} in {self.place}: {self.service}, {self.state}>"


class PatientSet(ColumnSet):
    """Patients on the columns of a model; the whole population unless rows are given."""

    view = Patient

    def __init__(self, model: Any, rows: npt.NDArray[np.int64] | None = None) -> None:
        """Hold everyone, or the given rows."""
        everyone = model.state.roster.people.identity.size
        super().__init__(model, np.arange(everyone) if rows is None else rows)

    def look(self, row: int) -> Patient:
        """Return the view of one row."""
        return Patient(self.model, row, int(self.model.state.roster.people.identity[row]))

    def column(self, name: str) -> npt.NDArray[Any]:
        """Return one attribute of every patient in the set; raise AttributeError for an unknown one."""
        state, rows = self.model.state, self.rows
        roster = state.roster
        if name == "place":
            return np.array(state.world.places.codes)[roster.people.place[rows]]
        if name == "service":
            return np.array(state.world.services.ids)[roster.people.service[rows]]
        if name == "state":
            return np.array(STATE_NAMES)[roster.patients.state[rows]]
        if name == "unique_id":
            return roster.people.identity[rows]
        if name in GIVEN:
            values: npt.NDArray[Any] = getattr(roster.people, name)[rows]
            return values
        if name == "provider":
            cell = roster.patients.cell[rows]
            ids = np.array([*state.world.providers.ids, None], dtype=object)
            return ids[np.where(cell == NO_ROW, -1, state.cells.provider[cell])]
        if name in DAYS:
            days = getattr(roster.patients, name)[rows]
            return np.where(days == NEVER, None, days.astype(object))
        raise AttributeError(f"a patient has no attribute {name!r}")
