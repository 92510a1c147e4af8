"""What uncertainty does to a choice between options: acceptability curve, frontier, loss and value of information.

Costs and effects are [simulations, options], thresholds [T] in money per unit of effect; row i of both is one
state of the world. Answers are per decision, not times a population. Raise ValueError on other shapes.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures.checks import FloatArray, finite, not_negative, same_shape


class Uncertainty(NamedTuple):
    """Results by threshold, [T, options] unless said otherwise; money is in the unit of the costs."""

    net_monetary_benefit: FloatArray  # means over simulations
    acceptability: FloatArray  # share of simulations in which an option is best; sums to 1
    best: npt.NDArray[np.intp]  # [T]: option with the highest mean, the one to choose
    frontier: FloatArray  # [T]: acceptability of that option
    expected_loss: FloatArray  # mean benefit forgone by choosing an option
    value_of_information: FloatArray  # [T]: expected value of perfect information (EVPI)


def uncertainty_of_choice(cost: npt.ArrayLike, effect: npt.ArrayLike, thresholds: npt.ArrayLike) -> Uncertainty:
    """Return how sure the choice is at each threshold; of options with equal benefit the first counts as best.

    EVPI is the mean of the best benefit less the best of the mean benefits, the expected loss of the option
    with the highest mean.
    """
    price, gain = finite("uncertainty_of_choice (cost)", cost), finite("uncertainty_of_choice (effect)", effect)
    same_shape("uncertainty_of_choice", price, gain)
    if price.ndim != 2:
        raise ValueError("uncertainty_of_choice: costs and effects are tables of simulations by options")
    worth = np.atleast_1d(not_negative("uncertainty_of_choice (thresholds)", thresholds))
    benefit = gain * worth[:, None, None] - price
    mean = benefit.mean(axis=1)
    first_best = benefit.argmax(axis=2)
    acceptability = (first_best[:, :, None] == np.arange(price.shape[1])).mean(axis=1)
    best = mean.argmax(axis=1)
    loss = (benefit.max(axis=2, keepdims=True) - benefit).mean(axis=1)
    rows = np.arange(worth.size)
    return Uncertainty(mean, acceptability, best, acceptability[rows, best], loss, loss[rows, best])
