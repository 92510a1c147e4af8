"""Keyed draws: a pure function of (seed, replicate, owner, decision, occasion).

The regime is never in the key, so two regimes give the same person the same luck.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.luck.compiled import copied, maker, rule
from sim.luck.philox import LOW_32, SHIFT_32, Words, philox

TO_UNIT = 2.0**-32
LARGEST_UNIT = 1.0 - 2.0**-53
LARGEST_POISSON_STEP = 500.0
CHUNK_STRIDE = 1 << 20
"""Occasions below 2^20 are the caller's; the chunks of a large Poisson count lie above."""


class Luck(NamedTuple):
    """The key of one replicate: both words are 32 bits carried in uint64."""

    seed: np.uint64
    replicate: np.uint64


def luck_of(seed: int, replicate: int) -> Luck:
    """Make the key of a replicate; raises ValueError outside 0 to 2^32 - 1."""
    for name, number in (("seed", seed), ("replicate", replicate)):
        if not 0 <= number < 2**32:
            raise ValueError(f"{name} must lie between 0 and {2**32 - 1}, got {number}")
    return Luck(np.uint64(seed), np.uint64(replicate))


@copied
def words(luck: Luck, owner: np.uint64, decision: int, occasion: int) -> Words:
    """Return four 32-bit words of luck for one owner, decision and occasion."""
    return philox(
        owner & LOW_32, owner >> SHIFT_32, np.uint64(decision), np.uint64(occasion), luck.seed, luck.replicate
    )


@copied
def unit(word: np.uint64) -> float:
    """Turn a 32-bit word into a number strictly between 0 and 1."""
    return (float(word) + 0.5) * TO_UNIT


@rule
def unit_fine(high: np.uint64, low: np.uint64) -> float:
    """Turn two words into a number strictly between 0 and 1 with 53 random bits."""
    return min((float(high) * 4294967296.0 + float(low) + 0.5) * TO_UNIT * TO_UNIT, LARGEST_UNIT)


@copied
def exponential(word: np.uint64, mean: float) -> float:
    """Turn a word into an exponential time with the given mean, in the mean's unit."""
    return -math.log(unit(word)) * mean


@rule
def standard_normal(first: np.uint64, second: np.uint64) -> float:
    """Turn two words into a standard normal number (Box and Muller 1958)."""
    return math.sqrt(-2.0 * math.log(unit(first))) * math.cos(2.0 * math.pi * unit(second))


def standard_normals(
    luck: Luck, owners: npt.NDArray[np.uint64], decision: int, occasion: int
) -> npt.NDArray[np.float64]:
    """Return a standard normal number for each owner, in the shape of ``owners``."""
    return normals_in_line(luck, np.ascontiguousarray(owners).ravel(), decision, occasion).reshape(owners.shape)


@maker
def normals_in_line(
    luck: Luck, owners: npt.NDArray[np.uint64], decision: int, occasion: int
) -> npt.NDArray[np.float64]:
    """Return a standard normal number for each of some owners, [n]."""
    drawn = np.zeros(owners.size)
    for at in range(owners.size):
        a, b, _, _ = words(luck, owners[at], decision, occasion)
        drawn[at] = standard_normal(a, b)
    return drawn


@maker
def units(luck: Luck, owners: npt.NDArray[np.uint64], decision: int, occasion: int) -> npt.NDArray[np.float64]:
    """Return a number strictly between 0 and 1 for each of some owners, [n]."""
    drawn = np.zeros(owners.size)
    for at in range(owners.size):
        a, _, _, _ = words(luck, owners[at], decision, occasion)
        drawn[at] = unit(a)
    return drawn


@rule
def poisson_from_unit(u: float, mean: float) -> int:
    """Invert the Poisson distribution at ``u`` by adding probabilities from zero upwards."""
    probability = math.exp(-mean)
    cumulative = probability
    count = 0
    while u > cumulative and probability > 0.0:
        count += 1
        probability *= mean / count
        cumulative += probability
    return count


@rule
def poisson(luck: Luck, owner: np.uint64, decision: int, occasion: int, mean: float) -> int:
    """Draw a keyed Poisson count; large means are summed over chunks that do not underflow."""
    if mean <= 0.0:
        return 0
    chunks = int(math.ceil(mean / LARGEST_POISSON_STEP))
    count = 0
    for chunk in range(chunks):
        a, b, _, _ = words(luck, owner, decision, occasion + chunk * CHUNK_STRIDE)
        count += poisson_from_unit(unit_fine(a, b), mean / chunks)
    return count
