"""Sobol indices of an emulator: its expected output at many points, with the doubt of the emulator in the intervals.

The doubt is that of whole functions drawn from the process (Le Gratiet, Cannamela and Iooss 2014): how far their
indices lie from those of the expected output at the same points.
"""

import math

import numpy as np

from sim.analysis.chance import chance_of, check_outputs, verdict_on
from sim.analysis.emulator import NORMAL_95, Emulator, check_score, fit, held_out
from sim.analysis.sensitivity import Emulated, Index, Sensitivity, salib_sobol
from sim.analysis.space import FloatArray, Space

MANY = 4096
"""Base samples at which the expected output is read."""
MOST_JOINT = 2048
"""Points at which whole functions are drawn together; their covariance is a square of this."""
FUNCTIONS = 40


def sobol_of_emulator(space: Space, points: FloatArray, outputs: FloatArray, seed: int) -> Sensitivity:
    """Return Sobol indices from runs [P, R] at any design, by way of an emulator of their means over replicates.

    ``chance`` beside an index is the larger of the luck in the means and what the emulator leaves unexplained in
    points that it has not seen. Raise CannotAnalyseError on outputs that are not finite, too few points, or an
    emulator that foretells too badly.
    """
    from threadpoolctl import threadpool_limits

    check_outputs(points, outputs)
    luck, means = chance_of(outputs), outputs.mean(axis=1)
    with threadpool_limits(1):  # of matrices this small threads spend their time on waiting for each other
        emulator = fit(space, points, means, luck.variance, seed)
        score = held_out(emulator, points, means, seed)
        check_score(score)
        found = _indices(emulator, seed)
    unexplained = min(max(1.0 - score.r2, 0.0), 1.0)
    # With one replicate the luck is part of what is left unexplained, so that is the floor then.
    floor = unexplained if math.isnan(luck.of_means) else max(luck.of_means, unexplained)
    indices = tuple(
        Index(name, kind, value, value - half, value + half, floor, verdict_on(value - half, floor))
        for name, kind, value, half in found
    )
    emulated = Emulated(len(points), score.r2, score.coverage)
    return Sensitivity("sobol on an emulator", MANY, len(points), indices, luck, float(means.var()), emulated)


def _indices(emulator: Emulator, seed: int) -> list[tuple[str, str, float, float]]:
    """Return input, index, value and half-width of every index.

    The value is that of the expected output, moved by how much drawn functions differ from it on average; the
    half-width joins the error of sampling and the spread of the functions.
    """
    space = emulator.space
    joint = 2 ** int(math.log2(MOST_JOINT / (space.inputs + 2)))
    many = salib_sobol(space, emulator.expected(_saltelli(space, MANY, seed)), False, seed)
    few = _saltelli(space, joint, seed)
    middle = np.array([value for *_, value, _ in salib_sobol(space, emulator.expected(few), False, seed, resamples=2)])
    draws = emulator.realisations(few, FUNCTIONS, np.random.default_rng([seed, FUNCTIONS]))
    drawn = np.array([[value for *_, value, _ in salib_sobol(space, one, False, seed, resamples=2)] for one in draws])
    shift, spread = (drawn - middle).mean(axis=0), NORMAL_95 * drawn.std(axis=0, ddof=1)
    return [
        (name, kind, value + float(more), math.hypot(half, float(doubt)))
        for (name, kind, value, half), more, doubt in zip(many, shift, spread, strict=True)
    ]


def _saltelli(space: Space, n: int, seed: int) -> FloatArray:
    """Return the points of a Saltelli design of the space, SALib's order, without the rows for pairs."""
    from SALib.sample import sobol as salib

    bounds = [[0.0, 1.0]] * space.inputs
    problem = {"num_vars": space.inputs, "names": list(space.names), "bounds": bounds}
    # SALib takes a seed of 0 for none.
    return space.spread(np.asarray(salib.sample(problem, n, calc_second_order=False, seed=seed + 1), dtype=np.float64))
