"""Choice: how likely each centre is chosen from each place, as waits were last published."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.agents.columns import Reach
from sim.luck.compiled import rule

Floats = npt.NDArray[np.float64]


class Looks(NamedTuple):
    """What everyone sees who chooses a centre until waits are published again, and who has looked at it already.

    The table of choice is filled for a place and a service when somebody there chooses first; many never do.
    """

    drawn: Floats  # [C] log odds: what draws people to a centre wherever they live
    per_hour: float  # log odds that an hour of travel takes
    home: float  # log odds that the area of the contracting holder gives
    looked: npt.NDArray[np.bool_]  # [P, S] whether the table of choice holds what is seen from here


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
    best = -math.inf
    for cell in range(first, last):
        utility = looks.drawn[cell] - looks.per_hour * reach.hours[place, cell]
        if reach.in_footprint[place, cell]:
            utility += looks.home
        choice[place, cell] = utility
        best = max(best, utility)
    total = 0.0
    for cell in range(first, last):
        total += math.exp(choice[place, cell] - best) if best > -math.inf else 1.0
        choice[place, cell] = total
    for cell in range(first, last):
        choice[place, cell] /= total
