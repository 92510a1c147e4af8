"""The points of the designs that draw them, between 0 and 1 on every axis."""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sim.specification.design import Design

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Cube = npt.NDArray[np.float64]

UnitPoint = tuple[float, ...]


@lru_cache(maxsize=8)
def unit_points(design: Design, axes: int) -> tuple[UnitPoint, ...]:
    """Return the points of a sampled design for so many axes, in the order of the design; each is made once.

    The same design gives the same points on every machine. In sobol, saltelli and morris the first points stay
    when more samples or trajectories are asked for; lhs is drawn anew.
    """
    drawn = _DRAWN[design.method](design, axes)
    return tuple(tuple(row) for row in drawn.tolist())


def problem_of(names: Sequence[str]) -> dict[str, Any]:
    """Return the problem as SALib's analyses take it, in the coordinates of ``unit_points``."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0] for _ in names]}


def _luck(design: Design) -> "np.random.Generator":
    import numpy as np

    return np.random.default_rng(design.seed)


def _lhs(design: Design, axes: int) -> "Cube":
    """Draw a Latin hypercube: on every axis one point in each of N equal strata."""
    from scipy.stats import qmc

    return qmc.LatinHypercube(axes, rng=_luck(design)).random(design.samples)


def _sobol(design: Design, axes: int) -> "Cube":
    """Draw a scrambled Sobol sequence; it is made to a power of 2 and cut, so that N may be any number."""
    from scipy.stats import qmc

    powers = math.ceil(math.log2(design.samples))
    return qmc.Sobol(axes, rng=_luck(design)).random_base2(powers)[: design.samples]


def _saltelli(design: Design, axes: int) -> "Cube":
    """Draw Saltelli's scheme for first and total order: per sample one point of A, one for each axis, one of B."""
    from SALib.sample import sobol

    names = [str(number) for number in range(axes)]
    found: Cube = sobol.sample(problem_of(names), design.samples, calc_second_order=False, seed=_luck(design))
    return found


def _morris(design: Design, axes: int) -> "Cube":
    """Draw Morris's trajectories; every coordinate lies exactly on its level."""
    import numpy as np
    from SALib.sample import morris

    names = [str(number) for number in range(axes)]
    drawn = morris.sample(problem_of(names), design.trajectories, num_levels=design.levels, seed=_luck(design))
    found: Cube = np.round(drawn * (design.levels - 1)) / (design.levels - 1)
    return found


_DRAWN: dict[str, Callable[[Design, int], "Cube"]] = {
    "lhs": _lhs,
    "sobol": _sobol,
    "saltelli": _saltelli,
    "morris": _morris,
}
