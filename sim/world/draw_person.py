"""One person's luck at the start of their life in the model: onset, severity and the two hazards of death."""

import numpy as np
import numpy.typing as npt

from sim.luck.compiled import rule, step
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


@step
def draw_given_life(
    people: People, row: int, facts: ServiceFacts, cumulative: npt.NDArray[np.float64], luck: Luck
) -> None:
    """Draw severity, age and both hazards of death; the person is alive on the day of entry.

    Onset and given day must be set. The background hazard is that of the life table from the age at
    entry; the illness kills when its own cumulative hazard reaches a unit exponential budget.
    """
    service = int(people.service[row])
    a, b, c, _ = words(luck, people.luck_owner[row], ONSET, 1)
    people.severity[row] = 1 if unit(a) < facts.severe_share[service] else 0
    onset_age = max(0.0, facts.onset_age_mean[service] + facts.onset_age_sd[service] * standard_normal(b, c))
    entry_day = 0 if people.entry[row] == ENTRY_TREATED else int(people.given_day[row])
    if people.entry[row] == ENTRY_ILL:
        entry_day = int(people.onset_day[row])
    entry_day = max(entry_day, 0)
    age = min(onset_age + (entry_day - int(people.onset_day[row])) / DAYS_PER_YEAR, OLDEST_ENTRY)
    a, b, _, _ = words(luck, people.luck_owner[row], DEATH, 0)
    death_age = _age_at_hazard(cumulative, _hazard_at_age(cumulative, age) + exponential(a, 1.0))
    people.background_death_day[row] = min(entry_day + days(death_age - age), NEVER)
    people.excess_budget[row] = exponential(b, 1.0)


@step
def draw_onset(people: People, row: int, first: int, length: int, luck: Luck) -> None:
    """Place a new onset on one of the days of its month."""
    a, _, _, _ = words(luck, people.luck_owner[row], ONSET, 0)
    people.onset_day[row] = first + int(unit(a) * length)


@step
def draw_stock_history(
    people: People, row: int, facts: ServiceFacts, mean_years: float, luck: Luck
) -> None:
    """Give a person of the starting stock a past: how long ill, waiting or on treatment already.

    Times already spent are exponential with the mean that belongs to the stock (``mean_years``: of
    being undiagnosed, of the wait, or on treatment), as in a steady state.
    """
    a, b, _, _ = words(luck, people.luck_owner[row], STOCK, 1)
    spent = days(exponential(a, mean_years))
    if people.entry[row] == ENTRY_ILL:
        people.onset_day[row] = -spent
        return
    people.given_day[row] = -spent
    people.onset_day[row] = -spent - days(exponential(b, facts.delay_years[int(people.service[row])]))


@rule
def draw_twin_day(people: People, row: int, facts: ServiceFacts, first: int, last: int, luck: Luck) -> None:
    """Place the diagnosis of a set of twins evenly on the days from ``first`` to ``last``."""
    a, b, _, _ = words(luck, people.luck_owner[row], TWIN_SET, 0)
    service = int(people.service[row])
    people.entry[row] = ENTRY_DIAGNOSED
    people.given_day[row] = first + int(unit(a) * (last - first + 1))
    people.onset_day[row] = people.given_day[row] - days(exponential(b, facts.delay_years[service]))
