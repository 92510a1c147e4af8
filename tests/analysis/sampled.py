"""Functions whose sensitivity is known, and designs of points at which they are read."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.analysis.space import Space

FloatArray = npt.NDArray[np.float64]

ISHIGAMI = Space.of_numbers(("x1", "x2", "x3", "inert"), (-np.pi,) * 4, (np.pi,) * 4)
A, B = 7.0, 0.1
VARIANCE = A**2 / 8 + B * np.pi**4 / 5 + B**2 * np.pi**8 / 18 + 0.5
"""Ishigami and Homma (1990); the parts of the variance below are those of Saltelli et al. (2000)."""
FIRST = np.array([0.5 * (1 + B * np.pi**4 / 5) ** 2, A**2 / 8, 0.0, 0.0]) / VARIANCE
JOINT = 8 * B**2 * np.pi**8 / 225 / VARIANCE
TOTAL = FIRST + np.array([JOINT, 0.0, JOINT, 0.0])


def ishigami(points: FloatArray) -> FloatArray:
    x1, x2, x3 = points[:, 0], points[:, 1], points[:, 2]
    return np.sin(x1) + A * np.sin(x2) ** 2 + B * x3**4 * np.sin(x1)


def replicated(values: FloatArray, replicates: int, noise: float, seed: int = 1) -> FloatArray:
    """Return outputs [P, R] with luck of a known standard deviation."""
    rng = np.random.default_rng(seed)
    return values[:, np.newaxis] + noise * rng.standard_normal((len(values), replicates))


def _problem(space: Space) -> dict[str, Any]:
    return {"num_vars": space.inputs, "names": list(space.names), "bounds": [[0.0, 1.0]] * space.inputs}


def saltelli(space: Space, n: int, second: bool = False) -> FloatArray:
    from SALib.sample import sobol

    return space.spread(sobol.sample(_problem(space), n, calc_second_order=second, seed=3))


def trajectories(space: Space, number: int, levels: int = 4) -> FloatArray:
    from SALib.sample import morris

    return space.spread(morris.sample(_problem(space), number, num_levels=levels, seed=3))


def latin(space: Space, number: int, seed: int = 5) -> FloatArray:
    from scipy.stats import qmc

    return space.spread(qmc.LatinHypercube(space.inputs, rng=np.random.default_rng(seed)).random(number))
