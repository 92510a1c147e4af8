"""What differs between identical patients who live in different places: the postcode, and nothing else."""

from collections.abc import Sequence

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
    return discordance_of_share(share_reached(reached, weight))


def discordance_of_share(share: FloatArray) -> FloatArray:
    """Return the same chance, 2 p (1 - p), from the shares reached p."""
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


def discordance_own_luck(reached: npt.NDArray[np.int8], weight: npt.ArrayLike) -> FloatArray:
    """Return the chance that two identical patients with luck of their own fare differently in two random places.

    Sets 2k and 2k + 1 of ``reached`` [..., sets, P] have one profile and separate luck; [..., sets // 2] comes back.
    With shares p and q reached it is p (1 - q) + q (1 - p). The luck of the two is independent, so its mean over luck
    is exactly the mean over pairs of places of a (1 - b) + b (1 - a), a and b a patient's probabilities there.
    2 p (1 - p) of one set is not: its twins all have the same luck. A set without a second one is left out.
    """
    share, _ = _share_reached(_pairs(reached), np.asarray(weight, dtype=np.float64))
    p, q = share[..., 0], share[..., 1]
    return p * (1 - q) + q * (1 - p)


def discordance_same_place(reached: npt.NDArray[np.int8], weight: npt.ArrayLike) -> FloatArray:
    """Return the same chance for one random place: luck alone, [..., sets, P] to [..., sets // 2].

    What own luck in two places brings beyond this is twice the variance over places of a patient's probability.
    """
    pairs = _pairs(reached)
    followed = np.where((pairs != NOT_FOLLOWED).all(axis=-2), np.asarray(weight, dtype=np.float64), 0.0)
    total = followed.sum(axis=-1)
    differ = (followed * (pairs[..., 0, :] != pairs[..., 1, :])).sum(axis=-1)
    return np.asarray(differ / np.where(total > 0, total, np.nan))


def nested_parts(
    reached: npt.NDArray[np.int8], weight: npt.ArrayLike, levels: Sequence[npt.NDArray[np.integer]]
) -> list[FloatArray]:
    """Split discordance [...] exactly by nested levels, coarsest first: between units, then between their parts.

    ``levels`` hold the unit of each place [P]; a unit that straddles those above it is cut into its parts. The last
    part lies within the finest units, between their places. With W the people of a unit and p_unit its share, what
    lies between units is 2 sum W (p_unit - p)^2; the parts sum to 2 p (1 - p).
    """
    w = np.asarray(weight, dtype=np.float64)
    whole = discordance(reached, w)
    above = np.zeros_like(whole)
    unit = np.zeros(w.size, dtype=np.int64)
    parts = []
    for level in levels:
        number = np.unique(level, return_inverse=True)[1]
        unit = np.unique(unit * (number.max(initial=0) + 1) + number, return_inverse=True)[1]
        between = _between(reached, w, unit)
        parts.append(between - above)
        above = between
    return [*parts, whole - above]


def wait_difference(
    wait_days: npt.NDArray[np.int32],
    reached: npt.NDArray[np.int8],
    weight: npt.ArrayLike,
    longest_days: npt.ArrayLike,
) -> FloatArray:
    """Return the mean absolute difference in days of one set's waits in two random places, [..., P] to [...].

    Waits are counted as in ``wait_gap``; places are drawn with replacement by ``weight`` [P].
    """
    return wait_mean_and_difference(wait_days, reached, weight, longest_days)[1]


def wait_mean(
    wait_days: npt.NDArray[np.int32],
    reached: npt.NDArray[np.int8],
    weight: npt.ArrayLike,
    longest_days: npt.ArrayLike,
) -> FloatArray:
    """Return the mean over places of one set's wait in days, counted as in ``wait_gap``, [..., P] to [...]."""
    wait, weights = _waits(wait_days, reached, weight, longest_days)
    return np.asarray((wait * _normal(weights)).sum(axis=-1))


def wait_mean_and_difference(
    wait_days: npt.NDArray[np.int32],
    reached: npt.NDArray[np.int8],
    weight: npt.ArrayLike,
    longest_days: npt.ArrayLike,
) -> tuple[FloatArray, FloatArray]:
    """Return what ``wait_mean`` and ``wait_difference`` do, in one pass."""
    wait, weights = _waits(wait_days, reached, weight, longest_days)
    weights = _normal(weights)
    order = np.argsort(wait, axis=-1, kind="stable")
    t, w = np.take_along_axis(wait, order, axis=-1), np.take_along_axis(weights, order, axis=-1)
    amount = w * t
    shorter, days = np.cumsum(w, axis=-1) - w, np.cumsum(amount, axis=-1) - amount
    difference = 2 * (w * (t * shorter - days)).sum(axis=-1)
    return np.asarray((wait * weights).sum(axis=-1)), np.asarray(difference)


def share_reached(reached: npt.NDArray[np.int8], weight: npt.ArrayLike) -> FloatArray:
    """Return the share of one set's twins treated in time, [..., P] to [...], by ``weight`` [P]; nan if unknown."""
    return _share_reached(reached, np.asarray(weight, dtype=np.float64))[0]


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
    wait, weights = _waits(wait_days, reached, weight, longest_days)
    order = np.argsort(wait, axis=-1, kind="stable")
    ordered = np.take_along_axis(wait, order, axis=-1)
    below = np.cumsum(np.take_along_axis(weights, order, axis=-1), axis=-1)
    gap = _percentile(ordered, below, 0.9) - _percentile(ordered, below, 0.1)
    return np.where((reached != NOT_FOLLOWED).any(axis=-1), gap, np.nan)


def mean_over_sets(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the sum over the sets that are defined, and their number: [S, sets] to two of [S]."""
    known = np.isfinite(values)
    return np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1).astype(np.float64)


def _waits(
    wait_days: npt.NDArray[np.int32],
    reached: npt.NDArray[np.int8],
    weight: npt.ArrayLike,
    longest_days: npt.ArrayLike,
) -> tuple[FloatArray, FloatArray]:
    """Return the waits, counted up to the longest, and the weights of the places followed, both [..., P]."""
    longest = np.asarray(longest_days, dtype=np.float64)[..., None]
    wait = np.where(wait_days < 0, longest, np.minimum(wait_days, longest))
    weights = np.where(reached != NOT_FOLLOWED, np.asarray(weight, dtype=np.float64), 0.0)
    return np.asarray(wait), weights


def _normal(weights: FloatArray) -> FloatArray:
    """Return weights that sum to 1 over places; nan where there are none."""
    total = weights.sum(axis=-1, keepdims=True)
    return np.asarray(weights / np.where(total > 0, total, np.nan))


def _pairs(reached: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
    """Put the two sets of each profile side by side, [..., sets, P] to [..., sets // 2, 2, P]."""
    *before, sets, places = reached.shape
    return reached[..., : sets // 2 * 2, :].reshape(*before, sets // 2, 2, places)


def _between(reached: npt.NDArray[np.int8], weight: FloatArray, unit: npt.NDArray[np.intp]) -> FloatArray:
    """Return twice the variance of the share reached between units of places, [..., P] to [...]."""
    weights = _normal(np.where(reached != NOT_FOLLOWED, weight, 0.0))
    people, hits = _by_unit(weights, unit), _by_unit(weights * (reached == 1), unit)
    share = hits / np.where(people > 0, people, 1.0)
    return np.asarray(2 * (people * (share - hits.sum(axis=-1, keepdims=True)) ** 2).sum(axis=-1))


def _by_unit(values: FloatArray, unit: npt.NDArray[np.intp]) -> FloatArray:
    """Sum values over the places of each unit, [..., P] to [..., U]."""
    units = int(unit.max(initial=-1)) + 1
    if units < 2:
        return np.asarray(np.einsum("...p,pu->...u", values, np.ones((unit.size, units))))
    lines = values.reshape(-1, unit.size)
    cell = np.arange(len(lines))[:, None] * units + unit
    sums = np.bincount(cell.ravel(), lines.ravel(), len(lines) * units)
    return np.asarray(sums.reshape(*values.shape[:-1], units), dtype=np.float64)


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
