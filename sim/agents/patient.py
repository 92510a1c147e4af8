"""Patients: real Mesa agents to look at, columns to compute with."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.column_set import ColumnSet, RowAgent
from sim.agents.columns import NO_ROW, STATE_NAMES
from sim.agents.state import State
from sim.world.people import NEVER

Rows = npt.NDArray[np.int64]
Column = Callable[[State, Rows], npt.NDArray[Any]]

GIVEN = ("severity", "weight", "onset_day")
DAYS = ("diagnosis_day", "policy_day", "approval_day", "start_day", "stop_day", "death_day")


class Patient(RowAgent):
    """One patient, or one twin (weight 0). Attributes are read from the columns at the moment of asking.

    place and service are ids; state is a word; days count from the first simulated day, None for what
    has not been set; provider is the id of the centre of referral, None before.
    """

    def __getattr__(self, name: str) -> Any:
        """Read an attribute from the columns; raise AttributeError for anything else."""
        if name in COLUMNS:
            value = PatientSet(self.model, np.array([self.row])).column(name)[0]
            return value.item() if isinstance(value, np.generic) else value
        raise AttributeError(f"a patient has no attribute {name!r}")

    def __repr__(self) -> str:
        """Say who this is in one line."""
        return f"<Patient {self.unique_id:016x} in {self.place}: {self.service}, {self.state}>"


class PatientSet(ColumnSet):
    """Patients on the columns of a model; the whole population unless rows are given."""

    def __init__(self, model: Any, rows: npt.NDArray[np.int64] | None = None) -> None:
        """Hold everyone, or the given rows."""
        everyone = model.state.roster.people.identity.size
        super().__init__(model, np.arange(everyone) if rows is None else rows)

    def look(self, row: int) -> Patient:
        """Return the view of one row."""
        return Patient(self.model, row, int(self.model.state.roster.people[row].identity))

    def column(self, name: str) -> npt.NDArray[Any]:
        """Return one attribute of every patient in the set; raise AttributeError for an unknown one."""
        if name not in COLUMNS:
            raise AttributeError(f"a patient has no attribute {name!r}")
        return COLUMNS[name](self.model.state, self.rows)


def _days(name: str) -> Column:
    def column(state: State, rows: Rows) -> npt.NDArray[Any]:
        days = getattr(state.roster.patients, name)[rows]
        dated: npt.NDArray[Any] = days.astype(object)
        dated[days == NEVER] = None
        return dated

    return column


def _given(name: str) -> Column:
    return lambda state, rows: getattr(state.roster.people, name)[rows]


def _provider(state: State, rows: Rows) -> npt.NDArray[Any]:
    cell = state.roster.patients.cell[rows]
    ids: npt.NDArray[Any] = np.array([*state.world.providers.ids, None], dtype=object)
    provider = np.where(cell == NO_ROW, -1, state.cells.provider[cell])
    return ids.take(provider)


COLUMNS: dict[str, Column] = {
    "unique_id": _given("identity"),
    "place": lambda state, rows: np.array(state.world.places.codes)[state.roster.people.place[rows]],
    "service": lambda state, rows: np.array(state.world.services.ids)[state.roster.people.service[rows]],
    "state": lambda state, rows: np.array(STATE_NAMES)[state.roster.patients.state[rows]],
    "provider": _provider,
    **{name: _given(name) for name in GIVEN},
    **{name: _days(name) for name in DAYS},
}
