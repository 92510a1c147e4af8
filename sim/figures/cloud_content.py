"""What a figure of points drawn at random shows: each difference against the input on which it hangs most."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.measures.intervals import Interval, mean_interval

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
MOST_PARTS, FEWEST_IN_PART = 5, 5
HIGHER, LOWER = 1, -1
SHUFFLES = 40


@dataclass(frozen=True)
class Input:
    """What is varied: its key and unit, and its value at each point, [points]."""

    key: str
    unit: str
    values: FloatArray


@dataclass(frozen=True)
class Differences:
    """One regime less the baseline at each point, [points], nan where it was not measured, as it is drawn.

    ``sides`` [points] is 1 where the interval of a point lies above zero, -1 where it lies below, 0 else; of a single
    replicate, which has no interval, the side of the difference itself.
    """

    values: FloatArray
    sides: IntArray


@dataclass(frozen=True)
class Cloud:
    """The differences of one outcome, and the input on which they hang most, of those that are numbers.

    ``share`` is the part of their variance that lies between equal parts of the points, in order of that input, mean
    over regimes; ``by_chance`` what the best input would have if none changed anything; both nan with too few points.
    """

    measure: str
    label: str
    unit: str
    over: Input
    by_regime: Mapping[str, Differences]
    share: float
    by_chance: float

    def parts(self, regime: str) -> list[tuple[float, Interval]]:
        """Return for each part the middle of its inputs, and the mean difference with its 95 % interval over points."""
        values = self.by_regime[regime].values
        return [
            (float(np.median(self.over.values[part])), mean_interval(values[part]))
            for part in parts_of(self.over.values, values)
        ]


@dataclass(frozen=True)
class Clouds:
    """All outcomes that are drawn; ``points`` are the numbers of the points, ``inputs`` counts what is varied."""

    clouds: Sequence[Cloud]
    regimes: Sequence[str]
    baseline: str
    design: str
    points: Sequence[int]
    inputs: int
    years: str
    replicates: int
    descriptions: Sequence[tuple[str, str]] = ()
    run_keys: Sequence[str] = ()


def cloud_of(
    names: tuple[str, str, str], inputs: Sequence[Input], by_regime: Mapping[str, Differences]
) -> Cloud | None:
    """Choose the input on which the differences of an outcome hang most; None without one that is a number.

    ``names`` are measure, label and unit. Of inputs that explain the same the first is chosen.
    """
    if not inputs:
        return None
    values = [differences.values for differences in by_regime.values()]
    shares = _shares(inputs, values)
    best = shares.index(max(shares))
    told = (shares[best], _by_chance(inputs, values)) if shares[best] > 0.0 else (math.nan, math.nan)
    return Cloud(*names, inputs[best], by_regime, *told)


def parts_of(order: FloatArray, values: FloatArray) -> list[IntArray]:
    """Cut the points that have a value into equal parts by an input, of five points or more; none where few have.

    >>> [part.tolist() for part in parts_of(np.arange(10.0)[::-1], np.zeros(10))]
    [[9, 8, 7, 6, 5], [4, 3, 2, 1, 0]]
    """
    there = np.flatnonzero(np.isfinite(values))
    number = min(MOST_PARTS, there.size // FEWEST_IN_PART)
    if number < 2:
        return []
    return np.array_split(there[np.argsort(order[there], kind="stable")], number)


def _shares(inputs: Sequence[Input], values_by_regime: Sequence[FloatArray]) -> list[float]:
    """Return for each input the share of variance between parts (correlation ratio), mean over regimes."""
    found = [[_share(parts_of(one.values, values), values) for values in values_by_regime] for one in inputs]
    return [float(np.mean(shares)) for shares in found]


def _share(parts: Sequence[IntArray], values: FloatArray) -> float:
    there = values[np.isfinite(values)]
    total = float(((there - there.mean()) ** 2).sum()) if there.size else 0.0
    if not parts or total <= 0.0:
        return 0.0
    return float(sum(part.size * (values[part].mean() - there.mean()) ** 2 for part in parts)) / total


def _by_chance(inputs: Sequence[Input], values_by_regime: Sequence[FloatArray]) -> float:
    """Return the share of the best input when differences are dealt out to the points anew, mean over the deals."""
    rng = np.random.default_rng(0)
    deals = [rng.permutation(inputs[0].values.size) for _ in range(SHUFFLES)]
    return float(np.mean([max(_shares(inputs, [values[deal] for values in values_by_regime])) for deal in deals]))
