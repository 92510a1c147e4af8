"""One person's luck at the start of their life in the model: onset, severity and the two hazards of death."""

import numpy as np
import numpy.typing as npt

from sim.luck.compiled import rule
from sim.luck.decisions import DEATH, ONSET, STOCK, TWIN_SET
from sim.luck.draws import Luck, exponential, standard_normal, unit, words
from sim.world.facts import ServiceFacts
from sim.world.life_table import age_at_hazard, hazard_at_age
from sim.world.people import ENTRY_DIAGNOSED, ENTRY_ILL, ENTRY_TREATED, NEVER, People
from sim.world.time import DAYS_PER_YEAR

OLDEST_ENTRY = 100.0

_hazard_at_age = rule(hazard_at_age)
_age_at_hazard = rule(age_at_hazard)


@rule
def days(years: float) -> int:
    """Turn years into whole days."""
    return int(years * DAYS_PER_YEAR)


@rule
def draw_given_life(
    people: People, row: int, facts: ServiceFacts, cumulative: npt.NDArray[np.float64], luck: Luck
) -> None:
    """Draw severity, age and both hazards of death; the person is alive on the day of entry.

    Onset and given day must be set.
    """
    draw_deaths(people, row, draw_profile(people, row, facts, luck), cumulative, luck)


@rule
def draw_profile(people: People, row: int, facts: ServiceFacts, luck: Luck) -> float:
    """Draw severity, and return the age in years on the day of entry; onset and given day must be set."""
    service = int(people[row].service)
    a, b, c, _ = words(luck, people[row].luck_owner, ONSET, 1)
    people[row].severity = 1 if unit(a) < facts[service].severe_share else 0
    onset_age = max(0.0, facts[service].onset_age_mean + facts[service].onset_age_sd * standard_normal(b, c))
    entry_day = day_of_entry(people, row)
    return min(onset_age + (entry_day - int(people[row].onset_day)) / DAYS_PER_YEAR, OLDEST_ENTRY)


@rule
def day_of_entry(people: People, row: int) -> int:
    """Return the simulated day on which a person enters the model."""
    entry_day = 0 if people[row].entry == ENTRY_TREATED else int(people[row].given_day)
    if people[row].entry == ENTRY_ILL:
        entry_day = int(people[row].onset_day)
    return max(entry_day, 0)


@rule
def draw_deaths(people: People, row: int, age: float, cumulative: npt.NDArray[np.float64], luck: Luck) -> None:
    """Draw both hazards of death of someone of an age in years on the day of entry.

    The background hazard is that of the life table from then on; the illness kills when its own cumulative
    hazard reaches a unit exponential budget.
    """
    entry_day = day_of_entry(people, row)
    a, b, _, _ = words(luck, people[row].luck_owner, DEATH, 0)
    death_age = _age_at_hazard(cumulative, _hazard_at_age(cumulative, age) + exponential(a, 1.0))
    people[row].background_death_day = min(entry_day + days(death_age - age), NEVER)
    people[row].excess_budget = exponential(b, 1.0)


@rule
def draw_onset(people: People, row: int, first: int, length: int, luck: Luck) -> None:
    """Place a new onset on one of the days of its month."""
    a, _, _, _ = words(luck, people[row].luck_owner, ONSET, 0)
    people[row].onset_day = first + int(unit(a) * length)


@rule
def draw_stock_history(people: People, row: int, facts: ServiceFacts, mean_years: float, luck: Luck) -> None:
    """Give a person of the starting stock a past: how long ill, waiting or on treatment already.

    Times already spent are exponential with the mean that belongs to the stock (``mean_years``: of
    being undiagnosed, of the wait, or on treatment), as in a steady state; at least a day of a wait or of
    treatment, which began before the first day.
    """
    a, b, _, _ = words(luck, people[row].luck_owner, STOCK, 1)
    spent = days(exponential(a, mean_years))
    if people[row].entry == ENTRY_ILL:
        people[row].onset_day = -spent
        return
    people[row].given_day = -max(spent, 1)
    people[row].onset_day = people[row].given_day - days(exponential(b, facts[int(people[row].service)].delay_years))


@rule
def draw_twin_day(people: People, row: int, facts: ServiceFacts, first: int, last: int, luck: Luck) -> None:
    """Place the diagnosis of a set of twins evenly on the days from ``first`` to ``last``."""
    a, b, _, _ = words(luck, people[row].luck_owner, TWIN_SET, 0)
    service = int(people[row].service)
    people[row].entry = ENTRY_DIAGNOSED
    people[row].given_day = first + int(unit(a) * (last - first + 1))
    people[row].onset_day = people[row].given_day - days(exponential(b, facts[service].delay_years))
