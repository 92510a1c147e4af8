"""How many runs the pairing of regimes and the rule of stopping saved against independent replication."""

import math
from dataclasses import dataclass

import numpy as np

from sim.analysis.stopping import Look, Pairs
from sim.measures.intervals import FloatArray

FEWEST = 2


@dataclass(frozen=True)
class Savings:
    """What one difference took, and what independent replication would take for the same half-width.

    The variances are those of each regime over replicates and of their paired differences, in the unit of the
    measure squared, estimated from ``pairs`` replicates. ``half_width`` is what was asked for or, where that was not
    reached, what was. ``quantile`` is the normal quantile of the rule's confidence: a plain interval at a number of
    replicates that was known beforehand, which favours independent replication.
    """

    pairs: int
    half_width: float
    quantile: float
    first_variance: float
    second_variance: float
    difference_variance: float

    @property
    def independent(self) -> int:
        """Return the replicates of each regime when every run has people and luck of its own.

        The half-width of the difference of two independent means of n values each is z sqrt((v1 + v2) / n).
        """
        return _replicates(self.quantile, self.first_variance + self.second_variance, self.half_width)

    @property
    def paired(self) -> int:
        """Return the replicates when regimes are paired and the variance of their difference was known beforehand."""
        return _replicates(self.quantile, self.difference_variance, self.half_width)

    @property
    def made(self) -> int:
        """Return the runs of both regimes that were made."""
        return 2 * self.pairs

    @property
    def saved(self) -> int:
        """Return the runs that were saved; below zero where independent replication would have taken fewer."""
        return 2 * self.independent - self.made

    @property
    def by_pairing(self) -> float:
        """Return by what factor pairing divides the variance of the difference; infinite where it leaves none."""
        unpaired = self.first_variance + self.second_variance
        return unpaired / self.difference_variance if self.difference_variance > 0 else math.inf


def savings_of(look: Look, pairs: Pairs) -> Savings | None:
    """Compute the savings at a look from the pairs behind it; None where pairs tell no half-width to compare at."""
    from scipy.special import ndtri

    found = pairs.up_to(look.replicates)
    if not math.isfinite(look.half_width):
        return None
    first, second, difference = (_variance(part) for part in (found.first, found.second, found.differences))
    half_width = look.rule.half_width if look.narrow else look.half_width
    quantile = float(ndtri(0.5 + look.rule.confidence / 2))
    return Savings(found.first.size, half_width, quantile, first, second, difference)


def _variance(values: FloatArray) -> float:
    return float(np.var(values, ddof=1))


def _replicates(quantile: float, variance: float, half_width: float) -> int:
    """Return the fewest values, at least two, whose mean has an interval no wider than asked."""
    return max(math.ceil(quantile**2 * variance / half_width**2), FEWEST)
