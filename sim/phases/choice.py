"""Choice: how likely each centre is chosen from each place, as waits were last published."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.agents.columns import Reach
from sim.luck.compiled import copied, rule

Floats = npt.NDArray[np.float64]

LEAST_TOTAL = 1e-250
"""Below this, products may have vanished that are not small beside each other, and odds are taken from logarithms."""


class Looks(NamedTuple):
    """What everyone sees who chooses a centre until waits are published again, and who has looked at it already.

    The table of choice is filled for a place and a service when somebody there chooses first; many never do.
    """

    drawn: Floats  # [C] log odds: what draws people to a centre wherever they live
    pull: Floats  # [C] the same as odds, over the best centre of the service
    per_hour: float  # log odds that an hour of travel takes
    home: float  # log odds that the area of the contracting holder gives
    looked: npt.NDArray[np.bool_]  # [P, S] whether the table of choice holds what is seen from here


def new_looks(first: npt.NDArray[np.int32], drawn: Floats, weights: tuple[float, float], places: int) -> Looks:
    """Return what is seen by people of so many places, at which nobody has looked.

    ``first`` says where the cells of each service begin; ``weights`` are the log odds of an hour and of home.
    """
    pull = np.zeros_like(drawn)
    over_the_best(first, drawn, pull)
    return Looks(drawn, pull, *weights, np.zeros((places, first.size - 1), dtype=np.bool_))


def look_again(first: npt.NDArray[np.int32], looks: Looks, drawn: Floats) -> None:
    """Let everyone see what draws people to centres now."""
    looks.drawn[:] = drawn
    over_the_best(first, drawn, looks.pull)
    looks.looked[:] = False


@rule
def over_the_best(first: npt.NDArray[np.int32], drawn: Floats, pull: Floats) -> None:
    """Turn log odds into odds over the best centre of each service; 0 where a centre, or all, are closed."""
    for service in range(first.size - 1):
        best = -math.inf
        for cell in range(first[service], first[service + 1]):
            best = max(best, drawn[cell])
        for cell in range(first[service], first[service + 1]):
            pull[cell] = math.exp(drawn[cell] - best) if drawn[cell] > -math.inf else 0.0


@rule
def fade(hours: Floats, per_hour: float, nearness: Floats) -> None:
    """Fill in what is left of a centre's odds at a distance, float64[P, C]."""
    for place in range(hours.shape[0]):
        for cell in range(hours.shape[1]):
            nearness[place, cell] = math.exp(-per_hour * hours[place, cell])


@rule
def fill_choices(reach: Reach, looks: Looks, choice: Floats) -> None:
    """Fill a table of choice, float64[P, C], for all places and services."""
    for place in range(choice.shape[0]):
        for service in range(reach.first.size - 1):
            fill_choice(reach, looks, place, service, choice)


@rule
def fill_choice(reach: Reach, looks: Looks, place: int, service: int, choice: Floats) -> None:
    """Fill one place's part of a table with cumulative logit probabilities of the centres of one service.

    The log odds of a centre are what draws people to it, less ``per_hour`` for each hour of travel, and ``home`` in the
    area of the place's contracting holder. Where no centre is open, all are equally likely.
    """
    first, last = int(reach.first[service]), int(reach.first[service + 1])
    at_home = math.exp(looks.home)
    for cell in range(first, last):
        odds = looks.pull[cell] * reach.nearness[place, cell]
        choice[place, cell] = odds * at_home if reach.in_footprint[place, cell] else odds
    total = add_up(choice, place, first, last)
    if total < LEAST_TOTAL:
        odds_by_logarithms(reach, looks, place, service, choice)
        total = add_up(choice, place, first, last)
    for cell in range(first, last):
        choice[place, cell] /= total


@copied
def add_up(choice: Floats, place: int, first: int, last: int) -> float:
    """Turn the odds of centres into cumulative odds; return their sum."""
    total = 0.0
    for cell in range(first, last):
        total += choice[place, cell]
        choice[place, cell] = total
    return total


@rule
def odds_by_logarithms(reach: Reach, looks: Looks, place: int, service: int, choice: Floats) -> None:
    """Fill in odds over those of the centre that is best from here, or 1 for all where none is open."""
    first, last = int(reach.first[service]), int(reach.first[service + 1])
    best = -math.inf
    for cell in range(first, last):
        odds = looks.drawn[cell] - looks.per_hour * reach.hours[place, cell]
        if reach.in_footprint[place, cell]:
            odds += looks.home
        choice[place, cell] = odds
        best = max(best, odds)
    for cell in range(first, last):
        choice[place, cell] = math.exp(choice[place, cell] - best) if best > -math.inf else 1.0
