"""What differs between identical patients who live in different places: the postcode, and nothing else."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

NOT_FOLLOWED = -1


def discordance(reached: npt.NDArray[np.int8], weight: npt.ArrayLike) -> FloatArray:
    """Return the chance that two places drawn at random, with replacement, treat one set's twins differently.

    ``reached`` [..., P] is 1 in time, 0 not, -1 not followed long enough; ``weight`` [P] is the population.
    Both places are drawn among those followed: 2 p (1 - p) with p the weighted share reached. The twins of
    a set share their luck, so this is the effect of place. Nan for a set that nobody followed.
    """
    share, _ = _share_reached(reached, np.asarray(weight, dtype=np.float64))
    return 2 * share * (1 - share)


def discordance_of_distinct_places(reached: npt.NDArray[np.int8], weight: npt.ArrayLike) -> FloatArray:
    """Return the same chance for two different places: pairs i != j with probability proportional to w_i w_j.

    Nan for a set with fewer than two places followed.
    """
    w = np.asarray(weight, dtype=np.float64)
    share, followed = _share_reached(reached, w)
    total = followed.sum(axis=-1)
    same_place = (followed**2).sum(axis=-1) / np.where(total > 0, total, np.nan) ** 2
    several = (followed > 0).sum(axis=-1) > 1
    return 2 * share * (1 - share) / np.where(several, 1 - same_place, np.nan)


def wait_gap(
    wait_days: npt.NDArray[np.int32],
    reached: npt.NDArray[np.int8],
    weight: npt.ArrayLike,
    longest_days: npt.ArrayLike,
) -> FloatArray:
    """Return the 90th minus the 10th percentile over places of one set's wait in days, [..., P] to [...].

    Percentiles are of people (``weight`` [P]). A wait is counted up to ``longest_days`` [...], the access
    window, over which everyone counted was followed; treatment later or never counts as the whole window.
    """
    longest = np.asarray(longest_days, dtype=np.float64)[..., None]
    followed = reached != NOT_FOLLOWED
    wait = np.where(wait_days < 0, longest, np.minimum(wait_days, longest))
    weights = np.where(followed, np.asarray(weight, dtype=np.float64), 0.0)
    order = np.argsort(wait, axis=-1, kind="stable")
    ordered = np.take_along_axis(wait, order, axis=-1)
    below = np.cumsum(np.take_along_axis(weights, order, axis=-1), axis=-1)
    gap = _percentile(ordered, below, 0.9) - _percentile(ordered, below, 0.1)
    return np.where(followed.any(axis=-1), gap, np.nan)


def mean_over_sets(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the sum over the sets that are defined, and their number: [S, sets] to two of [S]."""
    known = np.isfinite(values)
    return np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1).astype(np.float64)


def _share_reached(reached: npt.NDArray[np.int8], weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the weighted share reached of each set, and the weights of the places followed."""
    followed = np.where(reached != NOT_FOLLOWED, weight, 0.0)
    total = followed.sum(axis=-1)
    hits = np.where(reached == 1, weight, 0.0).sum(axis=-1)
    return hits / np.where(total > 0, total, np.nan), followed


def _percentile(ordered: FloatArray, below: FloatArray, share: float) -> FloatArray:
    """Return the first ordered value at which the running weight reaches ``share`` of the whole."""
    first = np.argmax(below >= share * below[..., -1:], axis=-1)
    return np.take_along_axis(ordered, first[..., None], axis=-1)[..., 0]
