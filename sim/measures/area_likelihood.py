"""The likelihood of one area's effect under logistic strata, collapsed so that a quadrature is cheap.

With known national log odds o_s per stratum and an area effect x, the log likelihood of area j is
E_j x - g_j(x), where E_j counts its events and g_j(x) = sum_s n_js log(1 + exp(o_s + x)). However many
strata there are, g_j is one smooth function of one number, so it is tabulated once per area and read off
between the grid points. No BLAS call is made: its sums depend on the number of threads.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

REACH = 12.0
"""The grid spans area effects of -12 to 12 log odds; g is straight beyond."""

MIDDLE = 2.0
"""The table spans -2 to 2 until an effect beyond is asked for, as few ever are: it then grows to twice its width."""

STEP = 0.25
"""Grid step in log odds. Quintic interpolation is then off by less than 1e-9 per person."""

CELLS = round(2 * REACH / STEP)


class Strata(NamedTuple):
    """The strata of some data sets: people [A, S], and the national log odds [R, S], infinite where to be left out."""

    people: FloatArray
    log_odds: FloatArray


@dataclass
class AreaLikelihood:
    """Tabulated likelihoods of A areas in R data sets; those that share their people stand together in ``strata``."""

    events: FloatArray  # [R, A]: events in the strata used
    strata: Sequence[Strata]
    table: FloatArray = field(init=False)  # [3, R, A, grid]: g and its first two derivatives
    first: int = field(init=False)  # the point of the grid with which the table begins
    _begin: npt.NDArray[np.intp] = field(init=False)  # [R, A]: the number of each area of each data set

    def __post_init__(self) -> None:
        """Fill the middle of the table."""
        self._fill(MIDDLE)

    def _fill(self, reach: float) -> None:
        """Fill the table for area effects up to ``reach`` on either side."""
        self.first = round((REACH - reach) / STEP)
        grid = np.arange(-REACH, REACH + STEP / 2, STEP)[self.first : CELLS + 1 - self.first]
        self.table = np.empty((3, *self.events.shape, grid.size))
        begin = 0
        for people, log_odds in self.strata:
            sets = slice(begin, begin + len(log_odds))
            for table, part in zip(self.table[:, sets], _jets(log_odds, grid), strict=True):
                np.einsum("as,rsk->rak", people, part, out=table)
            begin = sets.stop
        self._begin = np.arange(self.events.size).reshape(self.events.shape)

    def normaliser(self, effect: FloatArray) -> FloatArray:
        """Return g at area effects [..., R, A], by quintic Hermite interpolation; straight outside."""
        left, t = self._cell(effect)
        at = self._begin * self.table.shape[-1] + left
        f0, d0, c0 = (part.take(at) for part in self.table)
        at += 1
        f1, d1, c1 = (part.take(at) for part in self.table)
        within = _quintic(t, (f0, d0 * STEP, c0 * STEP**2), (f1, d1 * STEP, c1 * STEP**2))
        beyond = effect - np.clip(effect, -REACH, REACH)
        return within + np.where(beyond > 0, d1, d0) * beyond if beyond.any() else within

    def slope_and_curvature(self, effect: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the first two derivatives of g at area effects [R, A], the slope by cubic Hermite."""
        left, t = self._cell(effect)
        at = self._begin * self.table.shape[-1] + left
        _, slopes, curvatures = self.table
        d0, c0 = slopes.take(at), curvatures.take(at)
        at += 1
        d1, c1 = slopes.take(at), curvatures.take(at)
        bend = t * t * (3 - 2 * t)
        slope = d0 + (d1 - d0) * bend + STEP * t * (1 - t) * ((1 - t) * c0 - t * c1)
        return slope, c0 + (c1 - c0) * t

    def _cell(self, effect: FloatArray) -> tuple[npt.NDArray[np.intp], FloatArray]:
        """Find the cell of the table for each effect, and where in it (0 to 1) the effect lies; the ends outside."""
        position = (np.clip(effect, -REACH, REACH) + REACH) / STEP
        left = np.minimum(position.astype(np.intp), CELLS - 1)
        lowest, highest = left.min(initial=CELLS // 2), left.max(initial=CELLS // 2)
        while lowest < self.first or highest >= CELLS - self.first:
            self._fill(min(2 * (REACH - STEP * self.first), REACH))
        return left - self.first, position - left


def tabulate(events: FloatArray, people: FloatArray, log_odds: FloatArray) -> AreaLikelihood:
    """Build the tables from events [R, A, S], people [A, S] and national log odds [R, S].

    A stratum with infinite log odds in a data set is left out of that data set's table and events.
    """
    return tabulate_each([(events, people, log_odds)])


def tabulate_each(parts: Sequence[tuple[FloatArray, FloatArray, FloatArray]]) -> AreaLikelihood:
    """Build one table of several such parts of the same areas, whose data sets then follow on each other."""
    # Strata picked from wider tables lie scattered in memory, over which sums take twice as long.
    compact = [tuple(np.ascontiguousarray(array) for array in part) for part in parts]
    events = [np.einsum("ras,rs->ra", events, np.isfinite(log_odds)) for events, _, log_odds in compact]
    return AreaLikelihood(np.concatenate(events), [Strata(people, log_odds) for _, people, log_odds in compact])


def _jets(log_odds: FloatArray, grid: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return log(1 + exp(o_s + x)) and its first two derivatives in x, [R, S, grid]; 0 for a stratum left out."""
    used = np.isfinite(log_odds)
    x = np.where(used, log_odds, 0.0)[:, :, None] + grid
    decay = np.exp(-np.abs(x))
    softplus = np.maximum(x, 0.0) + np.log1p(decay)
    probability = np.where(x >= 0, 1.0, decay) / (1 + decay)
    softplus, probability = (part * used[:, :, None] for part in (softplus, probability))
    return softplus, probability, probability * (1 - probability)


Jet = tuple[FloatArray, FloatArray, FloatArray]


def _quintic(t: FloatArray, left: Jet, right: Jet) -> FloatArray:
    """Interpolate value, slope and curvature (per cell) given at both ends of a cell."""
    f0, d0, c0 = left
    f1, d1, c1 = right
    rise = f1 - f0
    a3 = 10 * rise - 6 * d0 - 4 * d1 - 1.5 * c0 + 0.5 * c1
    a4 = -15 * rise + 8 * d0 + 7 * d1 + 1.5 * c0 - c1
    a5 = 6 * rise - 3 * (d0 + d1) - 0.5 * (c0 - c1)
    return np.asarray(f0 + t * (d0 + t * (c0 / 2 + t * (a3 + t * (a4 + t * a5)))))
