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
    reached, what was. ``quantile`` is the normal quantile of the level of the look, so that independent replication
    has the same interval, and ``plain_quantile`` that of the rule's confidence, which is enough for whoever knows the
    number of replicates beforehand. At both the variances are taken as known, which favours independent replication.
    """

    pairs: int
    half_width: float
    quantile: float
    plain_quantile: float
    first_variance: float
    second_variance: float
    difference_variance: float

    @property
    def independent(self) -> int:
        """Return the replicates of each regime when every run has people and luck of its own.

        The half-width of the difference of two independent means of n values each is z sqrt((v1 + v2) / n).
        """
        return _replicates(self.quantile, self.unpaired_variance, self.half_width)

    @property
    def independent_known(self) -> int:
        """Return the same when that number was known beforehand, so that nobody had to look."""
        return _replicates(self.plain_quantile, self.unpaired_variance, self.half_width)

    @property
    def paired(self) -> int:
        """Return the replicates when regimes are paired, with the interval of the look, if batches had no size."""
        return _replicates(self.quantile, self.difference_variance, self.half_width)

    @property
    def unpaired_variance(self) -> float:
        """Return the variance of a difference of two runs that share nothing."""
        return self.first_variance + self.second_variance

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
        """Return by what factor pairing divides the variance of the difference."""
        return self.unpaired_variance / self.difference_variance


def savings_of(look: Look, pairs: Pairs) -> Savings | None:
    """Compute the savings at a look from the pairs behind it; None where pairs tell no half-width to compare at."""
    from scipy.special import ndtri

    found = pairs.up_to(look.replicates)
    if not math.isfinite(look.half_width):
        return None
    first, second, difference = (_variance(part) for part in (found.first, found.second, found.differences))
    half_width = look.rule.half_width if look.narrow else look.half_width
    quantile, plain = (float(ndtri(0.5 + level / 2)) for level in (look.level, look.rule.confidence))
    return Savings(found.first.size, half_width, quantile, plain, first, second, difference)


def _variance(values: FloatArray) -> float:
    return float(np.var(values, ddof=1))


def _replicates(quantile: float, variance: float, half_width: float) -> int:
    """Return the fewest values, at least two, whose mean has an interval no wider than asked."""
    return max(math.ceil(quantile**2 * variance / half_width**2), FEWEST)
