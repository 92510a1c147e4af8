"""Onset: people fall ill; how long the way to a diagnosis takes is drawn once."""

from sim.agents.calendar import schedule
from sim.agents.columns import ON_TREATMENT, UNDIAGNOSED, Roster
from sim.agents.state import State
from sim.luck.compiled import rule
from sim.luck.decisions import DIAGNOSIS
from sim.luck.draws import exponential, words
from sim.phases.hazard import change_hazard
from sim.world.people import ENTRY_DIAGNOSED, ENTRY_TREATED
from sim.world.time import DAYS_PER_YEAR, month_of


def run(state: State) -> None:
    """Let everyone who falls ill in this month enter, twins included."""
    population, month = state.population, state.month
    fall_ill(state.roster, population.real_from[month], population.real_from[month + 1])
    fall_ill(state.roster, population.twins_from[month], population.twins_from[month + 1])


@rule
def fall_ill(roster: Roster, first: int, last: int) -> None:
    """Enter the rows from ``first`` up to ``last`` and put their next event into the calendar."""
    people, patients, facts = roster.people, roster.patients, roster.facts
    for row in range(first, last):
        service, severity = int(people.service[row]), int(people.severity[row])
        if people.entry[row] == ENTRY_TREATED:
            patients.state[row] = ON_TREATMENT
            patients.diagnosis_day[row] = people.given_day[row]
            patients.start_day[row] = people.given_day[row]
            change_hazard(roster, row, 0, facts.treated_hazard[service])
            continue
        begin = max(int(people.onset_day[row]), 0)
        hazard = facts.undiagnosed_hazard[service, severity]
        if people.entry[row] == ENTRY_DIAGNOSED:
            diagnosis = int(people.given_day[row])
            begin = max(diagnosis, 0)
        else:
            a, _, _, _ = words(roster.luck, people.luck_owner[row], DIAGNOSIS, 0)
            diagnosis = begin + int(exponential(a, facts.delay_years[service]) * DAYS_PER_YEAR)
        change_hazard(roster, row, begin, hazard)
        patients.state[row] = UNDIAGNOSED
        patients.diagnosis_day[row] = diagnosis
        due = max(min(diagnosis, int(patients.death_day[row])), 0)
        schedule(patients, roster.calendar, row, month_of(due))
