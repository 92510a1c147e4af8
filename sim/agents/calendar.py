"""The calendar: each month knows who is due in it, so idle patients cost nothing.

A person has at most one next event. The months are doubly linked lists through the patients' columns,
so an event can be taken back in constant time. Nothing depends on the order within a month.
"""

import numpy as np
import numpy.typing as npt

from sim.agents.columns import NO_ROW, Patients
from sim.luck.compiled import rule


@rule
def schedule(patients: Patients, heads: npt.NDArray[np.int32], row: int, month: int) -> None:
    """Put a person who has no event into a month; an event beyond the horizon is not kept."""
    if month >= heads.size:
        return
    first = int(heads[month])
    patients[row].calendar_next = first
    patients[row].calendar_previous = NO_ROW
    if first != NO_ROW:
        patients[first].calendar_previous = row
    heads[month] = row
    patients[row].event_month = month


@rule
def cancel(patients: Patients, heads: npt.NDArray[np.int32], row: int) -> None:
    """Take a person's next event out of the calendar, if there is one."""
    month = int(patients[row].event_month)
    if month >= heads.size:
        return
    after = int(patients[row].calendar_next)
    before = int(patients[row].calendar_previous)
    if before == NO_ROW:
        heads[month] = after
    else:
        patients[before].calendar_next = after
    if after != NO_ROW:
        patients[after].calendar_previous = before
    patients[row].event_month = heads.size


@rule
def reschedule(patients: Patients, heads: npt.NDArray[np.int32], row: int, month: int) -> None:
    """Replace a person's next event."""
    cancel(patients, heads, row)
    schedule(patients, heads, row, month)
