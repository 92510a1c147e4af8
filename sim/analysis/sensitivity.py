"""Which inputs drive an output: Morris screening and Sobol indices of the model's own runs, by SALib.

Outputs are [P, R], one row for each point of the design in its order; the mean over replicates is analysed, and what
chance alone would give stands beside every index.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.analysis.chance import Chance, chance_of, check_outputs, verdict_on
from sim.analysis.space import CannotAnalyseError, FloatArray, Space

RESAMPLES = 500
CONFIDENCE = 0.95
LEAST_N = 16
MU_STAR, FIRST, TOTAL = "mu_star", "S1", "ST"
ROUNDING = 1e-9
"""Unit distances below this are rounding of equal numbers."""


@dataclass(frozen=True)
class Index:
    """One index of one input with its interval, and ``chance``: what luck alone gives an input that does nothing.

    S1 and ST are shares of the output's variance; mu_star is in the output's unit for the input's whole range.
    ``mu`` (the mean effect with its sign) and ``sigma`` (how unlike the effects are) go with mu_star, else nan.
    """

    input: str
    index: str
    value: float
    low: float
    high: float
    chance: float
    verdict: str
    mu: float = math.nan
    sigma: float = math.nan


@dataclass(frozen=True)
class Emulated:
    """How well an emulator foretold points it had not seen: share of variance explained, and of 95 % intervals met."""

    points: int
    held_out_r2: float
    held_out_coverage: float


@dataclass(frozen=True)
class Sensitivity:
    """Indices of one output, the method and its size N (trajectories or base samples), and the luck in the output."""

    method: str
    n: int
    points: int
    indices: tuple[Index, ...]
    chance: Chance
    variance: float
    emulated: Emulated | None = None

    def of(self, index: str) -> list[Index]:
        """Return one kind of index by falling value."""
        return sorted((one for one in self.indices if one.index == index), key=lambda one: -one.value)


def morris(space: Space, points: FloatArray, outputs: FloatArray, levels: int, seed: int) -> Sensitivity:
    """Screen inputs by elementary effects (Morris 1991, Campolongo et al. 2007) from a design of SALib's.

    ``levels`` is that of the design. An effect is over the move that was made, so it is for an input's whole range
    whatever steps its values allow. ``chance`` of mu* is 2 s / (√π m), the mean size of the difference of two equal
    means whose luck has standard deviation s, over the move m. Raise CannotAnalyseError on another design.
    """
    from SALib.analyze import morris as salib

    check_outputs(points, outputs)
    steps, moves = _completed(space, points)
    means = outputs.mean(axis=1)
    delta = levels / (2.0 * (levels - 1))
    found = salib.analyze(
        _problem(space),
        steps,
        _as_if_by(delta, steps, moves, means),
        num_resamples=RESAMPLES,
        conf_level=CONFIDENCE,
        num_levels=levels,
        seed=seed,
    )
    luck = chance_of(outputs)
    floors = 2.0 * math.sqrt(luck.variance / math.pi) * (1.0 / moves).mean(axis=0)
    columns = [np.asarray(found[name], dtype=np.float64) for name in ("mu_star", "mu_star_conf", "mu", "sigma")]
    indices = tuple(
        Index(name, MU_STAR, size, size - half, size + half, floor, verdict_on(size - half, floor), mu, sigma)
        for name, floor, size, half, mu, sigma in zip(
            space.names, floors.tolist(), *(column.tolist() for column in columns), strict=True
        )
    )
    return Sensitivity("morris", len(moves), len(points), indices, luck, float(means.var()))


def _as_if_by(delta: float, steps: FloatArray, moves: FloatArray, means: FloatArray) -> FloatArray:
    """Return outputs [P] whose changes are those that moves of ``delta`` would have made at the same slopes.

    SALib divides every change by the step of the design, which switches and other short lists do not keep.
    """
    trajectories, inputs = moves.shape
    by_trajectory = means.reshape(trajectories, inputs + 1)
    moved = np.abs(np.diff(steps.reshape(trajectories, inputs + 1, inputs), axis=1)).argmax(axis=2)
    changes = np.diff(by_trajectory, axis=1) * delta / np.take_along_axis(moves, moved, axis=1)
    return np.concatenate([by_trajectory[:, :1], by_trajectory[:, :1] + changes.cumsum(axis=1)], axis=1).ravel()


def _completed(space: Space, points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the trajectories on 0 to 1, each step moving one input, and how far each moved [trajectory, input].

    A step that rounding to whole numbers or options has undone moves nothing; its effect is none, so it is given
    to one of the inputs that the trajectory does not move otherwise, by a step of its own, and its move is infinite.
    """
    length = space.inputs + 1
    if len(points) % length or len(points) < 2 * length:
        wanted = f"{space.inputs} inputs want two or more trajectories of {length} points"
        raise CannotAnalyseError(f"{len(points)} points are no Morris design: {wanted}")
    scaled, sizes = space.scaled(points), []
    for start in range(0, len(points), length):
        moves = np.abs(np.diff(scaled[start : start + length], axis=0))
        moved = moves > ROUNDING
        if (moved.sum(axis=1) > 1).any() or (moved.sum(axis=0) > 1).any():
            raise CannotAnalyseError(
                f"points {start + 1} to {start + length} are no Morris trajectory: each input moves once, alone"
            )
        sizes.append(np.where(moved.any(axis=0), moves.max(axis=0), np.inf))
        idle = [place for place in range(space.inputs) if not moved[:, place].any()]
        for row, place in zip(np.flatnonzero(~moved.any(axis=1)).tolist(), idle, strict=True):
            scaled[start + row + 1 : start + length, place] += 1.0
    return scaled, np.array(sizes)


def sobol(space: Space, points: FloatArray, outputs: FloatArray, seed: int) -> Sensitivity:
    """Return first-order and total Sobol indices (Saltelli et al. 2010) of runs at the points of a Saltelli design.

    Intervals are bootstrapped. Raise CannotAnalyseError unless the points are such a design, whole, with N a power
    of 2, and every output is finite.
    """
    check_outputs(points, outputs)
    n, second = saltelli_size(space, points)
    means = outputs.mean(axis=1)
    luck = chance_of(outputs)
    indices = []
    for name, kind, value, half in salib_sobol(space, means, second, seed):
        low = value - half
        indices.append(Index(name, kind, value, low, value + half, luck.of_means, verdict_on(low, luck.of_means)))
    return Sensitivity("sobol", n, len(points), tuple(indices), luck, float(means.var()))


def saltelli_size(space: Space, points: FloatArray) -> tuple[int, bool]:
    """Return the base samples N and whether the design also holds the rows for pairs; raise CannotAnalyseError."""
    k, count, scaled = space.inputs, len(points), space.scaled(points)
    for rows, second in ((k + 2, False), (2 * k + 2, True)):
        n = count // rows
        if count % rows == 0 and _is_saltelli(scaled.reshape(n, rows, k)):
            if n & (n - 1):
                raise CannotAnalyseError(f"N = {n} base samples is no power of 2; Sobol sequences are even only then")
            if n < LEAST_N:
                raise CannotAnalyseError(f"N = {n} base samples are too few for an interval; take {LEAST_N} or more")
            return n, second
    raise CannotAnalyseError(
        f"{count} points are no whole Saltelli design of {k} inputs: that has N x {k + 2} points (or N x {2 * k + 2}), "
        "each block of them with the inputs exchanged one by one"
    )


def _is_saltelli(blocks: FloatArray) -> bool:
    """Tell whether row j + 1 of every block is its first row with input j of its last row."""
    first, last = blocks[:, 0], blocks[:, -1]
    expected = np.repeat(first[:, np.newaxis], blocks.shape[2], axis=1)
    for place in range(blocks.shape[2]):
        expected[:, place, place] = last[:, place]
    return bool(np.allclose(blocks[:, 1 : blocks.shape[2] + 1], expected, rtol=0.0, atol=ROUNDING))


def salib_sobol(
    space: Space, outputs: FloatArray, second: bool, seed: int, resamples: int = RESAMPLES
) -> Iterable[tuple[str, str, float, float]]:
    """Yield input, index, value and half-width of its bootstrapped interval from outputs [P] in Saltelli's order."""
    from SALib.analyze import sobol as salib

    # SALib takes a seed of 0 for none and would then draw from global state.
    found = salib.analyze(
        _problem(space),
        outputs,
        calc_second_order=second,
        num_resamples=resamples,
        conf_level=CONFIDENCE,
        seed=seed + 1,
    )
    for kind in (FIRST, TOTAL):
        for name, value, half in zip(space.names, found[kind].tolist(), found[f"{kind}_conf"].tolist(), strict=True):
            yield name, kind, value, half


def _problem(space: Space) -> dict[str, Any]:
    bounds = [[0.0, 1.0]] * space.inputs
    return {"num_vars": space.inputs, "names": list(space.names), "bounds": bounds}
