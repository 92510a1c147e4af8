"""People as given, before any regime acts: who falls ill, where, when, how severely and with what luck."""

from typing import Annotated

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

    identity: Annotated[UInt64, "identity", "64 bits from place, service, month of entry and ordinal; unique"]
    luck_owner: Annotated[UInt64, "identity", "whose luck this is; the identity, but one for all twins of a set"]
    excess_budget: Annotated[Float64, "cumulative hazard", "excess hazard at which the illness kills, unit exponential"]
    onset_day: Annotated[Int32, "day", "of onset; before the first day for those already ill"]
    given_day: Annotated[Int32, "day", "of diagnosis or start of treatment, for entries other than ill"]
    background_death_day: Annotated[Int32, "day", "of death by the life table"]
    place: Annotated[Int32, "row", "where the person lives"]
    weight: Annotated[Int16, "people", "for whom the row stands; 0 for a twin"]
    service: Annotated[Int8, "row", "what the person would be treated with"]
    severity: Annotated[Int8, "0 or 1", "1 = severe"]
    entry: Annotated[Int8, "code", "how the person enters: ill, diagnosed or on treatment"]


People = Table[Person]


def empty_people(count: int) -> People:
    """Allocate the rows of ``count`` people."""
    return new_table(Person, count, weight=1, given_day=NEVER, background_death_day=NEVER)
