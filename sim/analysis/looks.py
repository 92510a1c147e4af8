"""The one level at which every look at a growing sample has an interval, such that all of them hold together.

Pocock (Biometrika 64, 1977, 191-199) tests at every look at one nominal level. It follows from the law of the
standardised sums of normal values at the looks, a Markov chain whose density is carried from look to look where no
limit has been crossed yet (Armitage, McPherson and Rowe, Journal of the Royal Statistical Society A 132, 1969,
235-244). The looks here are at Student's t, whose variance is estimated anew at every look, and this makes looks a
little less alike than those sums are. So a look counts for its degrees of freedom, which understates how alike looks
are, and ``SPENT`` leaves a part of the chance of a miss unspent. Both were chosen by simulating t at looks from first
batches of 2 to 20 values, of confidences from 0.5 to 0.999: without them up to 1.16 times as many sequences miss as
should, with them at most as many as should (tests/analysis/test_looks.py). Where one looks at every value, as twenty
rules with a number each may, somewhat more do at the highest confidences: up to 1.05 times at 0.999.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

SPENT = 0.875
"""The part of the chance of a miss that is spent on a chain of which the variance is known."""
MOST_ALIKE = 1 + 1 / 256
"""Looks that follow one another more closely count as if they were so far apart, which makes the level higher."""
FEWEST_NODES, NODES_A_STEP = 64, 16

FloatArray = npt.NDArray[np.float64]


@lru_cache(maxsize=64)
def level_of_looks(counts: tuple[int, ...], confidence: float) -> float:
    """Return the level of Student's t at each look, such that the intervals of all looks hold together.

    Args:
        counts: The values at each look, rising, from 2: those of all looks that may ever be taken.
        confidence: The probability, at least, that no interval of any look misses, whatever the rule of stopping.

    >>> round(level_of_looks((6,), 0.95), 4), round(level_of_looks((6, 9, 14), 0.95), 4)
    (0.95, 0.9804)
    """
    from scipy.optimize import brentq
    from scipy.special import ndtr, ndtri

    if len(counts) == 1:
        return confidence
    spent = SPENT * (1.0 - confidence)
    information = _information(counts)
    alone, bonferroni = (float(-ndtri(spent / 2 / times)) for times in (1, len(counts)))
    limit = brentq(lambda limit: crossing_probability(information, limit) - spent, alone, bonferroni, xtol=1e-9)
    return float(1.0 - 2.0 * ndtr(-limit))


def crossing_probability(information: Sequence[float] | FloatArray, limit: float) -> float:
    """Return the probability that a standardised sum of normal values is beyond plus or minus a limit at any look.

    Args:
        information: Rises from look to look; two looks are correlated by the root of the ratio of theirs.
        limit: In standard deviations.
    """
    steps = np.diff(information)
    alike = math.sqrt(max(information[1:] / steps, default=1.0))
    places, weights = np.polynomial.legendre.leggauss(FEWEST_NODES + NODES_A_STEP * math.ceil(alike))
    reach = limit * math.sqrt(information[0])
    at = places * reach
    mass = _normal(at, information[0]) * weights * reach
    for step, then in zip(steps, information[1:], strict=True):
        reach = limit * math.sqrt(then)
        reached = places * reach
        mass = (_normal(reached[:, None] - at[None, :], step) @ mass) * weights * reach
        at = reached
    return float(1.0 - mass.sum())


def _information(counts: Sequence[int]) -> FloatArray:
    """Return the information at each look: its degrees of freedom, and more where looks are too close."""
    freedom = np.array(counts, dtype=np.float64) - 1.0
    ratios = np.maximum(freedom[1:] / freedom[:-1], MOST_ALIKE)
    information: FloatArray = freedom[0] * np.concatenate([[1.0], np.cumprod(ratios)])
    return information


def _normal(values: FloatArray, variance: float) -> FloatArray:
    density: FloatArray = np.exp(-(values**2) / (2.0 * variance)) / math.sqrt(2.0 * math.pi * variance)
    return density
