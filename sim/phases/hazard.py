"""Dying: two hazards run beside each other, the life table's and the illness's own."""

from sim.agents.columns import Roster
from sim.luck.compiled import step
from sim.world.people import NEVER
from sim.world.time import DAYS_PER_YEAR

LONGEST_YEARS = 1000.0


@step
def change_hazard(roster: Roster, row: int, day: int, per_year: float) -> None:
    """Set the excess hazard from a day on, and with it the day of death on this course.

    A person dies of the illness when the excess hazard lived through reaches the budget drawn at the
    start (inversion of the cumulative hazard), or of something else when the life table says so.
    """
    patients = roster.patients
    years = max(day - int(patients.hazard_since_day[row]), 0) / DAYS_PER_YEAR
    left = max(patients.excess_left[row] - patients.hazard_per_year[row] * years, 0.0)
    patients.excess_left[row] = left
    patients.hazard_since_day[row] = day
    patients.hazard_per_year[row] = per_year
    death = NEVER
    if per_year > 0.0 and left < per_year * LONGEST_YEARS:
        death = day + int(left / per_year * DAYS_PER_YEAR)
    patients.death_day[row] = max(min(death, int(roster.people.background_death_day[row])), day)
