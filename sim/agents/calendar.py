"""The calendar: each month knows who is due in it, so idle patients cost nothing.

A person has at most one next event. The months are doubly linked lists through the patients' columns,
so an event can be taken back in constant time. Nothing depends on the order within a month.
"""

from sim.agents.columns import NO_ROW, Int32, PatientColumns
from sim.luck.compiled import step


@step
def schedule(patients: PatientColumns, heads: Int32, row: int, month: int) -> None:
    """Put a person who has no event into a month; an event beyond the horizon is not kept."""
    if month >= heads.size:
        return
    first = int(heads[month])
    patients.calendar_next[row] = first
    patients.calendar_previous[row] = NO_ROW
    if first != NO_ROW:
        patients.calendar_previous[first] = row
    heads[month] = row
    patients.event_month[row] = month


@step
def cancel(patients: PatientColumns, heads: Int32, row: int) -> None:
    """Take a person's next event out of the calendar, if there is one."""
    month = int(patients.event_month[row])
    if month >= heads.size:
        return
    after = int(patients.calendar_next[row])
    before = int(patients.calendar_previous[row])
    if before == NO_ROW:
        heads[month] = after
    else:
        patients.calendar_next[before] = after
    if after != NO_ROW:
        patients.calendar_previous[after] = before
    patients.event_month[row] = heads.size


@step
def reschedule(patients: PatientColumns, heads: Int32, row: int, month: int) -> None:
    """Replace a person's next event."""
    cancel(patients, heads, row)
    schedule(patients, heads, row, month)
