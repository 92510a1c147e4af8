"""Luck that differs between settings: found where it is, and no trend found where it does not differ."""

import numpy as np
import numpy.typing as npt
import pytest

from sim.analysis.history_matching import CUT_OFF, Aim, Input, latin_hypercube, match
from sim.analysis.local_chance import LocalChance

FloatArray = npt.NDArray[np.float64]
INPUTS = (Input("budget.a", 0.0, 1.0), Input("budget.b", 0.0, 1.0))
QUIET, LOUD = np.array([[0.05, 0.5]]), np.array([[0.95, 0.5]])
REPLICATES = 4


def sample_variances(seed: int, growth: float, settings: int = 40) -> tuple[FloatArray, FloatArray]:
    """Return settings, and the sample variances of replicates whose standard deviation is exp(growth * a)."""
    rng = np.random.default_rng(seed)
    unit = latin_hypercube(rng, settings, 2)
    values = rng.normal(0.0, np.exp(growth * unit[:, :1]), (settings, REPLICATES))
    return unit, values.var(axis=1, ddof=1)


@pytest.mark.parametrize("seed", range(5))
def test_luck_that_grows_is_found_where_it_is(seed: int) -> None:
    chance = LocalChance(*sample_variances(seed, growth=3.0))

    for where in (QUIET, LOUD):
        assert np.sqrt(chance.at(where))[0] == pytest.approx(np.exp(3.0 * where[0, 0]), rel=0.6)


def test_luck_that_is_the_same_everywhere_shows_no_trend_on_average() -> None:
    found = [LocalChance(*sample_variances(seed, growth=0.0)) for seed in range(60)]
    ratios = np.array([np.log(one.at(LOUD) / one.at(QUIET))[0] for one in found])

    # 40 sample variances of 3 degrees of freedom: a slope with a standard error of about 0.45.
    assert abs(ratios.mean()) < 3.9 * 0.45 / np.sqrt(len(ratios))
    assert ratios.std() < 0.8


def test_without_luck_there_is_none_anywhere() -> None:
    unit, variances = sample_variances(1, growth=0.0)

    assert LocalChance(unit, 0.0 * variances).at(unit).tolist() == [0.0] * len(unit)
    assert LocalChance(unit, np.where(unit[:, 0] > 0.5, variances, 0.0)).at(LOUD)[0] > 0.0


def test_what_only_luck_could_reach_is_ruled_out_where_luck_is_small_and_kept_where_it_is_large() -> None:
    rng = np.random.default_rng(7)

    def simulate(settings: FloatArray) -> FloatArray:
        return rng.normal(0.0, 0.05 * np.exp(4.0 * settings[:, :1, np.newaxis]), (len(settings), REPLICATES, 1))

    observed = 1.0
    history = match(simulate, INPUTS, [Aim("s", observed, 0.0, 0.05)], waves=1, points=40, seed=1)

    assert not history.holds(QUIET).any()
    assert history.holds(LOUD).all()
    pooled = history.waves[0].values.var(axis=1, ddof=1).mean()  # one luck for all would have kept the quiet ones, too
    assert observed / np.sqrt(pooled) < CUT_OFF
