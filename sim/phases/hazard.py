"""Dying: two hazards run beside each other, the life table's and the illness's own."""

from sim.agents.columns import Roster
from sim.luck.compiled import copied
from sim.world.people import NEVER
from sim.world.time import DAYS_PER_YEAR

LONGEST_YEARS = 1000.0


@copied
def untreated_hazard(roster: Roster, row: int) -> float:
    """Return the yearly excess hazard of a person without treatment, by severity."""
    fact = roster.facts[int(roster.people[row].service)]
    return fact.untreated_hazard_severe if roster.people[row].severity == 1 else fact.untreated_hazard


@copied
def change_hazard(roster: Roster, row: int, day: int, per_year: float) -> None:
    """Set the excess hazard from a day on, and with it the day of death on this course.

    A person dies of the illness when the excess hazard lived through reaches the budget drawn at the
    start (inversion of the cumulative hazard), or of something else when the life table says so.
    """
    patients = roster.patients
    years = max(day - int(patients[row].hazard_since_day), 0) / DAYS_PER_YEAR
    left = max(patients[row].excess_left - patients[row].hazard_per_year * years, 0.0)
    patients[row].excess_left = left
    patients[row].hazard_since_day = day
    patients[row].hazard_per_year = per_year
    death = NEVER
    if per_year > 0.0 and left < per_year * LONGEST_YEARS:
        death = day + int(left / per_year * DAYS_PER_YEAR)
    patients[row].death_day = max(min(death, int(roster.people[row].background_death_day)), day)
