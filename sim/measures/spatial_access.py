"""How much care people can reach from where they live: floating catchments and gravity.

Costs of travel (minutes, kilometres) are [areas, providers]; nan or infinity means that there is no route.
Weights [areas, providers] say how readily people travel. Access is supply per head of demand, except for
plain gravity. An area that reaches nobody has access 0. Every function raises ValueError on shapes that do not
match or negative numbers.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.measures.checks import FloatArray, divide, not_negative, number


def inside_catchment(cost: npt.ArrayLike, max_cost: float) -> FloatArray:
    """Return weight 1 for a provider at most ``max_cost`` away (the limit itself is inside), else 0."""
    _check_reach("inside_catchment", max_cost)
    return np.where(_costs("inside_catchment", cost) <= max_cost, 1.0, 0.0)


def step_weights(cost: npt.ArrayLike, steps: Sequence[tuple[float, float]]) -> FloatArray:
    """Return the weight of the first zone, given as (largest cost, weight), that a cost falls in; 0 beyond all."""
    distance = _costs("step_weights", cost)
    weights = np.zeros_like(distance)
    for largest, weight in sorted(steps, reverse=True):
        weights = np.where(distance <= largest, weight, weights)
    return weights


def gaussian_weights(cost: npt.ArrayLike, sigma: float, max_cost: float = np.inf) -> FloatArray:
    """Return exp(-cost^2 / (2 sigma^2)), 0 beyond ``max_cost``; not the cut curve of Dai (2010)."""
    distance = _costs("gaussian_weights", cost)
    if not 0 < sigma < np.inf:
        raise ValueError("gaussian_weights: sigma must be above 0, and finite")
    _check_reach("gaussian_weights", max_cost)
    reached = np.isfinite(distance) & (distance <= max_cost)
    return np.where(reached, np.exp(-(np.where(reached, distance, 0.0) ** 2) / (2 * sigma**2)), 0.0)


def power_weights(cost: npt.ArrayLike, scale: float = 1.0, power: float = -1.0, nearest: float = 1.0) -> FloatArray:
    """Return (max(cost, nearest) / scale)^power, so that a provider next door has no infinite weight."""
    distance = _costs("power_weights", cost)
    if not (0 < scale < np.inf and 0 < nearest < np.inf):
        raise ValueError("power_weights: the scale and the nearest cost must be above 0, and finite")
    number("power_weights: the power", power)
    reached = np.isfinite(distance)
    return np.where(reached, (np.maximum(np.where(reached, distance, nearest), nearest) / scale) ** power, 0.0)


def _check_reach(what: str, max_cost: float) -> None:
    if not max_cost >= 0:
        raise ValueError(f"{what}: the largest cost of travel is a number of at least 0")


def gravity_access(supply: npt.ArrayLike, weights: npt.ArrayLike) -> FloatArray:
    """Return each area's weighted sum of supply [areas] (Hansen 1959), whoever else uses it."""
    stock, reach = _supply("gravity_access", supply, weights)
    return np.asarray((reach * stock).sum(axis=1))


def floating_catchment(demand: npt.ArrayLike, supply: npt.ArrayLike, weights: npt.ArrayLike) -> FloatArray:
    """Return access [areas]: the weighted sum of each provider's supply per head of its weighted demand.

    With weights 1 and 0 the two-step floating catchment (Luo and Wang 2003), with zones or a curve the enhanced
    one (Luo and Qi 2009), with a power of the cost gravity with competition (Weibull 1976). Demand times access
    sums to the supply of all providers that anybody reaches.
    """
    stock, reach = _supply("floating_catchment", supply, weights)
    return _shared(_demand("floating_catchment", demand, reach), stock, reach)


def two_step_floating_catchment(
    demand: npt.ArrayLike, supply: npt.ArrayLike, cost: npt.ArrayLike, max_cost: float
) -> FloatArray:
    """Return access [areas] with a catchment of ``max_cost`` around every provider (Luo and Wang 2003)."""
    return floating_catchment(demand, supply, inside_catchment(cost, max_cost))


def three_step_floating_catchment(
    demand: npt.ArrayLike,
    supply: npt.ArrayLike,
    weights: npt.ArrayLike,
    selection: npt.ArrayLike | None = None,
) -> FloatArray:
    """Return access [areas] when people spread over the providers that they can choose from (Wan et al. 2012).

    Each area's weights are multiplied by its share of them, W / sum of W. The sum runs over ``selection``
    [areas, providers] where that is given: all providers, even when the catchment in ``weights`` is cut.
    """
    what = "three_step_floating_catchment"
    stock, reach = _supply(what, supply, weights)
    choice = reach if selection is None else _supply(what, supply, selection)[1]
    whole = choice.sum(axis=1, keepdims=True)
    return _shared(_demand(what, demand, reach), stock, reach * np.nan_to_num(divide(choice, whole)))


def _shared(demand: FloatArray, supply: FloatArray, weights: FloatArray) -> FloatArray:
    heads = (weights * demand[:, None]).sum(axis=0)
    return np.asarray((weights * np.nan_to_num(divide(supply, heads))).sum(axis=1))


def _costs(what: str, cost: npt.ArrayLike) -> FloatArray:
    """Return costs with every missing route at infinity."""
    distance = np.asarray(cost, dtype=np.float64)
    if distance.ndim != 2:
        raise ValueError(f"{what}: costs are a table of areas by providers")
    if (distance < 0).any():
        raise ValueError(f"{what}: no cost of travel may be negative")
    return np.where(np.isnan(distance), np.inf, distance)


def _supply(what: str, supply: npt.ArrayLike, weights: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    stock, reach = not_negative(f"{what} (supply)", supply), not_negative(f"{what} (weights)", weights)
    if reach.ndim != 2 or stock.shape != reach.shape[1:]:
        raise ValueError(f"{what}: weights {reach.shape} are not areas by the {stock.size} providers")
    return stock, reach


def _demand(what: str, demand: npt.ArrayLike, weights: FloatArray) -> FloatArray:
    people = not_negative(f"{what} (demand)", demand)
    if people.shape != weights.shape[:1]:
        raise ValueError(f"{what}: weights {weights.shape} are not the {people.size} areas by providers")
    return people
