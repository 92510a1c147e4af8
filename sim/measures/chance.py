"""The chance floor: what an index of variation reads when places differ by luck alone."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures.intervals import Interval
from sim.measures.strata import areas_by_strata, national_probability

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

REDRAWS = 20


class Floor(NamedTuple):
    """Mean and standard deviation of an index over redraws of the same people without any place effect."""

    mean: float
    sd: float
    redraws: int

    def excess(self, value: float, confidence: float = 0.95) -> Interval:
        """Return how far an index lies above the floor, with the interval that luck alone leaves around it.

        Student's interval of one more redraw, (value - mean) ± t sd sqrt(1 + 1/n): it leaves out 0 when the
        index is one that places without any effect of their own would seldom show. nan where either is unknown.
        """
        from scipy.special import stdtrit

        above = value - self.mean
        if self.redraws < 2:
            return Interval(above, math.nan, math.nan, self.redraws)
        quantile = float(stdtrit(self.redraws - 1, 0.5 + confidence / 2))
        half = quantile * self.sd * math.sqrt(1 + 1 / self.redraws)
        return Interval(above, above - half, above + half, self.redraws)


def redraw_events(people: IntArray, events: IntArray, seed: int, replicate: int, redraws: int = REDRAWS) -> IntArray:
    """Redraw the events [redraw, area, stratum] with each stratum's national probability everywhere.

    Binomial draws in the order redraw, area, stratum from a generator keyed by (seed, replicate), so that
    every regime of a replicate meets the same stream.
    """
    people, events = areas_by_strata("redraw_events", people, events)
    if seed < 0 or replicate < 0 or redraws < 1:
        raise ValueError("redraw_events: seed and replicate are whole numbers from 0, redraws from 1")
    generator = np.random.Generator(np.random.Philox(key=np.array([seed, replicate], dtype=np.uint64)))
    probability = national_probability(events, people)
    return generator.binomial(people, probability, size=(redraws, *people.shape))


def floor_of(values: FloatArray) -> Floor:
    """Return the floor from an index's value in each redraw [redraw].

    A redraw whose index is undefined (nan) is left out; nan when none is left.
    """
    drawn = np.asarray(values, dtype=np.float64)
    known = drawn[np.isfinite(drawn)]
    if not known.size:
        return Floor(math.nan, math.nan, 0)
    return Floor(float(known.mean()), float(known.std(ddof=1)) if known.size > 1 else math.nan, int(known.size))
