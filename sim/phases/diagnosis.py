"""Diagnosis: those whose illness is recognised this month; and those who may apply once more."""

import numpy as np
import numpy.typing as npt

from sim.agents.calendar import cancel, reschedule
from sim.agents.columns import DIAGNOSED, NO_POLICY, NO_ROW, UNDIAGNOSED, Roster
from sim.agents.state import State
from sim.luck.compiled import rule
from sim.phases.hazard import change_hazard, untreated_hazard
from sim.world.time import month_of


def run(state: State) -> None:
    """Walk through everyone due this month and list the diagnosed and the reapplying."""
    lists = state.lists
    lists.diagnosed.count, lists.reapplying.count = recognise(
        state.roster, state.month, lists.diagnosed.rows, lists.reapplying.rows
    )


@rule
def recognise(
    roster: Roster, month: int, diagnosed: npt.NDArray[np.int32], reapplying: npt.NDArray[np.int32]
) -> tuple[int, int]:
    """Diagnose those who live to see their day; return the lengths of both lists.

    Everyone else who is due (deaths, ends of treatment) stays in the month for the outcome phase.
    """
    patients = roster.patients
    recognised, again = 0, 0
    row = int(roster.calendar[month])
    while row != NO_ROW:
        after = int(patients[row].calendar_next)
        state = int(patients[row].state)
        if state == UNDIAGNOSED and patients[row].diagnosis_day <= patients[row].death_day:
            day = max(int(patients[row].diagnosis_day), 0)
            patients[row].state = DIAGNOSED
            change_hazard(roster, row, day, untreated_hazard(roster, row))
            reschedule(patients, roster.calendar, row, month_of(int(patients[row].death_day)))
            diagnosed[recognised] = row
            recognised += 1
        elif state == NO_POLICY and month_of(int(patients[row].death_day)) > month:
            cancel(patients, roster.calendar, row)
            reapplying[again] = row
            again += 1
        row = after
    return recognised, again
