"""Cohorts: how old people are when they fall ill or when a run begins, and what else they may die of."""

from dataclasses import dataclass
from math import erf, sqrt

import numpy as np
import numpy.typing as npt

from sim.world.facts import ServiceFacts
from sim.world.life_table import LifeTable
from sim.world.population import stock_years
from sim.world.world import World

MONTHS = 12
AGES = 101
"""Ages are counted in whole years from 0; whoever is 100 or older stands in the last."""

Floats = npt.NDArray[np.float64]


def onset_ages(facts: ServiceFacts) -> Floats:
    """Return the share of onsets at each year of age, float64[S, AGES]; ages below 0 count as 0."""
    shares = np.zeros((facts.onset_age_mean.size, AGES))
    ends = np.arange(1, AGES)
    for s, (mean, sd) in enumerate(zip(facts.onset_age_mean, facts.onset_age_sd, strict=True)):
        steps = np.sign(ends - mean) if sd == 0 else np.array([erf((end - mean) / (sd * sqrt(2.0))) for end in ends])
        shares[s] = np.diff((1.0 + steps) / 2.0, prepend=0.0, append=1.0)
    return shares


def later(ages: Floats, mean_years: Floats) -> Floats:
    """Return ages after an exponential time with a mean for each service, float64[S, AGES]."""
    years = np.arange(AGES) + 0.5
    result = np.zeros_like(ages)
    for s, mean in enumerate(mean_years):
        over = 1.0 - np.exp(-years / mean) if mean > 0 else np.ones(AGES)
        result[s] = np.convolve(ages[s], np.diff(over, prepend=0.0))[:AGES]
    result[:, -1] += ages.sum(axis=1) - result.sum(axis=1)
    return result


@dataclass(frozen=True)
class Ages:
    """How old people are at onset, and those of the starting stocks of a date: undiagnosed, waiting, on treatment."""

    onset: Floats  # [S, AGES] shares
    stocks: Floats  # [3, S, AGES] shares


def ages_of(world: World, facts: ServiceFacts, start_month: int) -> Ages:
    """Return the ages with which a projection begins in a month since January 1900."""
    onset = onset_ages(facts)
    return Ages(onset, stock_ages(world, facts, onset, 1900 + start_month / MONTHS))


def stock_ages(world: World, facts: ServiceFacts, onset: Floats, start_year: float) -> Floats:
    """Return the ages of the starting stocks of a date, float64[3, S, AGES], from those at onset, [S, AGES].

    Everyone has been ill since the age of onset: for the times that ``draw_stock_history`` draws.
    """
    undiagnosed, waiting, treated = stock_years(world, start_year)
    diagnosis = later(onset, facts.delay_years)
    return np.stack([later(onset, undiagnosed), later(diagnosis, waiting), later(diagnosis, treated)])


def onsets_by_birth(ages: Floats, year: int, years: int) -> Floats:
    """Return those who fall ill in a simulated year, by age, as those of each class of birth, float64[S, B].

    The B = AGES + years + 1 classes are a year wide; class j is as old as j − years on the first day.
    """
    return np.pad(ages, [(0, 0), (years - year, year + 1)])


def stock_by_birth(ages: Floats, years: int) -> Floats:
    """Return those of each whole age on the first day, float64[S, AGES], as those of each class of birth, [S, B]."""
    return np.asarray((onsets_by_birth(ages, 0, years) + np.pad(ages, [(0, 0), (years + 1, 0)])) / 2.0)


def background_hazards(life_table: LifeTable, years: int) -> Floats:
    """Return the yearly background hazard of each class of birth in each simulated month, float64[months, B]."""
    months = np.arange(years * MONTHS)[:, np.newaxis]
    age = np.maximum(np.arange(AGES + years + 1) - years + months / MONTHS, 0.0)
    ages, table = life_table.ages, life_table.cumulative_hazard
    return np.asarray((np.interp(age + 1.0 / MONTHS, ages, table) - np.interp(age, ages, table)) * MONTHS)
