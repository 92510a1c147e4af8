"""Onset: people fall ill; how long the way to a diagnosis takes is drawn once."""

from sim.agents.calendar import schedule
from sim.agents.columns import ON_TREATMENT, UNDIAGNOSED, Roster
from sim.agents.state import State
from sim.luck.compiled import rule
from sim.luck.decisions import DIAGNOSIS
from sim.luck.draws import exponential, words
from sim.phases.hazard import change_hazard, untreated_hazard
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
            a, _, _, _ = words(roster.luck, people[row].luck_owner, DIAGNOSIS, 0)
            diagnosis = begin + int(exponential(a, facts[service].delay_years) * DAYS_PER_YEAR)
        change_hazard(roster, row, begin, hazard)
        patients[row].state = UNDIAGNOSED
        patients[row].diagnosis_day = diagnosis
        due = max(min(diagnosis, int(patients[row].death_day)), 0)
        schedule(patients, roster.calendar, row, month_of(due))
