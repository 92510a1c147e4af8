"""People as given, before any regime acts: who falls ill, where, when, how severely and with what luck."""

from sim.luck.records import Float64, Int8, Int16, Int32, Table, UInt64, new_table

NEVER = 2_000_000_000
"""The day of what does not happen."""

ENTRY_ILL = 0  # enters undiagnosed, on the day of onset or, for the starting stock, on the first day
ENTRY_DIAGNOSED = 1  # enters with a given day of diagnosis: those waiting at the start, and twins
ENTRY_TREATED = 2  # enters on ongoing treatment


class Person:
    """One row a person: real people sorted by month of entry, then the twins likewise.

    ``luck_owner`` is the identity, except that the twins of a set share one. ``weight`` is the number
    of people a row stands for, 0 for a twin. Days count from the first simulated day and are negative
    before it.
    """

    identity: UInt64
    luck_owner: UInt64
    excess_budget: Float64  # cumulative excess hazard at which the illness kills
    onset_day: Int32
    given_day: Int32  # of diagnosis or start of treatment, for entries other than ill
    background_death_day: Int32
    place: Int32
    weight: Int16
    service: Int8
    severity: Int8  # 1 = severe
    entry: Int8


People = Table[Person]


def empty_people(count: int) -> People:
    """Allocate the rows of ``count`` people."""
    return new_table(Person, count, weight=1, given_day=NEVER, background_death_day=NEVER)
