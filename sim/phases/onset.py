"""Onset: people fall ill; how long the way to a diagnosis takes is drawn once."""

from sim.agents.calendar import schedule
from sim.agents.columns import ON_TREATMENT, UNDIAGNOSED, Reach, Roster
from sim.agents.state import State
from sim.luck.compiled import rule
from sim.phases.diagnosis import DiagnosisParameters, years_to_diagnosis
from sim.phases.hazard import change_hazard, untreated_hazard
from sim.world.people import ENTRY_DIAGNOSED, ENTRY_TREATED
from sim.world.time import DAYS_PER_YEAR, month_of


def run(state: State, parameters: DiagnosisParameters) -> None:
    """Let everyone who falls ill in this month enter, twins included."""
    population, month = state.population, state.month
    share = parameters.recognition_share_per_contact if parameters.enabled else 0.0
    for first in (population.real_from, population.twins_from):
        fall_ill(state.roster, state.reach, share, first[month], first[month + 1])


@rule
def fall_ill(roster: Roster, reach: Reach, share: float, first: int, last: int) -> None:
    """Enter the rows from ``first`` up to ``last`` and put their next event into the calendar."""
    people, patients, facts = roster.people, roster.patients, roster.facts
    for row in range(first, last):
        service = int(people[row].service)
        if people[row].entry == ENTRY_TREATED:
            patients[row].state = ON_TREATMENT
            patients[row].diagnosis_day = people[row].given_day
            patients[row].start_day = people[row].given_day
            change_hazard(roster, row, 0, facts[service].treated_hazard)
            continue
        begin = max(int(people[row].onset_day), 0)
        hazard = untreated_hazard(roster, row) * facts[service].before_diagnosis
        if people[row].entry == ENTRY_DIAGNOSED:
            diagnosis = int(people[row].given_day)
            begin = max(diagnosis, 0)
        else:
            readiness = reach.recognition[int(people[row].place), service]
            years = years_to_diagnosis(roster, row, facts[service].delay_years, share, readiness)
            diagnosis = begin + int(years * DAYS_PER_YEAR)
        change_hazard(roster, row, begin, hazard)
        patients[row].state = UNDIAGNOSED
        patients[row].diagnosis_day = diagnosis
        due = max(min(diagnosis, int(patients[row].death_day)), 0)
        schedule(patients, roster.calendar, row, month_of(due))
