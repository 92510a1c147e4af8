"""The chance floor: what an index of variation reads when places differ by luck alone."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures.strata import national_probability

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

REDRAWS = 20


class Floor(NamedTuple):
    """Mean and standard deviation of an index over redraws of the same people without any place effect."""

    mean: float
    sd: float


def redraw_events(people: IntArray, events: IntArray, seed: int, replicate: int, redraws: int = REDRAWS) -> IntArray:
    """Redraw the events [redraw, area, stratum] with each stratum's national probability everywhere.

    Binomial draws in the order redraw, area, stratum from a generator keyed by (seed, replicate), so that
    every regime of a replicate meets the same stream.
    """
    generator = np.random.Generator(np.random.Philox(key=np.array([seed, replicate], dtype=np.uint64)))
    probability = national_probability(events, people)
    return generator.binomial(people, probability, size=(redraws, *people.shape))


def chance_floor(index: Callable[[IntArray], FloatArray], redrawn: IntArray) -> Floor:
    """Return the floor of an index that maps events [redraw, area, stratum] to one value per redraw.

    A redraw whose index is undefined (nan) is left out; nan when none is left.
    """
    values = index(redrawn)
    known = values[np.isfinite(values)]
    if not known.size:
        return Floor(math.nan, math.nan)
    return Floor(float(known.mean()), float(known.std(ddof=1)) if known.size > 1 else math.nan)
