"""Filling the columns of people: counts first, then one keyed life after the other."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.luck.compiled import maker, rule
from sim.luck.decisions import ONSET_COUNT, SAMPLING_PHASE, STOCK, UNOBSERVED_NEED
from sim.luck.draws import Luck, poisson, standard_normal, unit, words
from sim.luck.identity import person_identity
from sim.world.draw_person import draw_given_life, draw_onset, draw_stock_history
from sim.world.facts import ServiceFacts
from sim.world.people import People
from sim.world.time import first_day

Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


class Source(NamedTuple):
    """What every draw of a population reads: keys of places and services, weights, facts and luck."""

    keys: Keys  # [P, S]
    place_codes: Keys  # [P]
    weight: Longs  # [S] people a row stands for
    facts: ServiceFacts
    cumulative: Floats  # hazard of the life table by age
    luck: Luck


STOCK_MONTH = 1 << 20
"""Added to the kind of a starting stock to make the month that enters an identity."""


@maker
def true_need(expected: Floats, keys: Keys, spread: Floats, luck: Luck) -> Floats:
    """Return need with the part that no formula sees, float64[P, S] people a year.

    Each place's need is multiplied by a log-normal factor of mean 1, drawn once a replicate.
    """
    need = expected.copy()
    for place in range(expected.shape[0]):
        for service in range(expected.shape[1]):
            a, b, _, _ = words(luck, keys[place, service], UNOBSERVED_NEED, 0)
            sd = spread[service]
            need[place, service] *= np.exp(sd * standard_normal(a, b) - 0.5 * sd * sd)
    return need


@rule
def sampled(before: int, drawn: int, weight: int) -> int:
    """Return how many rows of ``weight`` people stand for ``drawn`` more after ``before``.

    Rows follow the running total, so the spread of a sampled service stays that of people, not of rows.
    """
    return (before + drawn) // weight - before // weight


@rule
def sampling_phase(luck: Luck, key: np.uint64, weight: int) -> int:
    """Return where the running total begins, evenly from 0 to weight - 1."""
    a, _, _, _ = words(luck, key, SAMPLING_PHASE, 0)
    return int(unit(a) * weight)


@maker
def count_stock(source: Source, means: Floats) -> Counts:
    """Return the rows of each starting stock, int32[3, P, S]."""
    counts = np.zeros(means.shape, dtype=np.int32)
    for kind in range(means.shape[0]):
        for place in range(means.shape[1]):
            for service in range(means.shape[2]):
                key, weight = source.keys[place, service], source.weight[service]
                people = poisson(source.luck, key, STOCK, 16 + kind, means[kind, place, service])
                before = sampling_phase(source.luck, key, weight)
                counts[kind, place, service] = sampled(before, people, weight)
    return counts


@maker
def count_onsets(source: Source, monthly: Floats, months: int) -> Counts:
    """Return the rows that fall ill, int32[months, P, S]: Poisson people by place, service and month."""
    counts = np.zeros((months, monthly.shape[0], monthly.shape[1]), dtype=np.int32)
    for place in range(monthly.shape[0]):
        for service in range(monthly.shape[1]):
            key, weight = source.keys[place, service], source.weight[service]
            before = sampling_phase(source.luck, key, weight)
            for month in range(months):
                people = poisson(source.luck, key, ONSET_COUNT, month, monthly[place, service])
                counts[month, place, service] = sampled(before, people, weight)
                before += people
    return counts


@rule
def new_person(people: People, row: int, source: Source, place: int, service: int) -> None:
    """Write where a person lives, what for, and how many people the row stands for."""
    people[row].luck_owner = people[row].identity
    people[row].place = place
    people[row].service = service
    people[row].weight = source.weight[service]


@rule
def fill_stock(people: People, source: Source, counts: Counts, mean_years: Floats) -> int:
    """Write everyone who is ill on the first day; return how many rows were written."""
    row = 0
    for kind in range(counts.shape[0]):
        for place in range(counts.shape[1]):
            for service in range(counts.shape[2]):
                for ordinal in range(counts[kind, place, service]):
                    key = source.keys[place, service]
                    people[row].identity = person_identity(key, STOCK_MONTH + kind, ordinal)
                    new_person(people, row, source, place, service)
                    people[row].entry = kind
                    draw_stock_history(people, row, source.facts, mean_years[kind, service], source.luck)
                    draw_given_life(people, row, source.facts, source.cumulative, source.luck)
                    row += 1
    return row


@rule
def fill_onsets(people: People, source: Source, row: int, counts: Counts) -> None:
    """Write everyone who falls ill in the simulated months, month by month."""
    for month in range(counts.shape[0]):
        first = first_day(month)
        length = first_day(month + 1) - first
        for place in range(counts.shape[1]):
            for service in range(counts.shape[2]):
                for ordinal in range(counts[month, place, service]):
                    key = source.keys[place, service]
                    people[row].identity = person_identity(key, month, ordinal)
                    new_person(people, row, source, place, service)
                    draw_onset(people, row, first, length, source.luck)
                    draw_given_life(people, row, source.facts, source.cumulative, source.luck)
                    row += 1
