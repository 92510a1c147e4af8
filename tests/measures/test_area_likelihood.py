import numpy as np
import pytest

from sim.measures.area_likelihood import MIDDLE, REACH, AreaLikelihood, tabulate

RNG = np.random.default_rng(4)
PEOPLE = RNG.poisson(30.0, (3, 8)).astype(float)
LOG_ODDS = np.vstack([RNG.normal(0, 2, 8), RNG.normal(0, 2, 8)])


def areas(log_odds: np.ndarray = LOG_ODDS) -> AreaLikelihood:
    return tabulate(np.ones((2, 3, 8)), PEOPLE, log_odds)


def direct(x: float) -> np.ndarray:
    return np.einsum("as,rs->ra", PEOPLE, np.logaddexp(0, LOG_ODDS + x))


@pytest.mark.parametrize("x", [-REACH, -3.21, -0.5, 0.0, 0.1, 2.0 / 3, 7.77, REACH])
def test_the_table_reads_like_the_sum_over_strata(x: float) -> None:
    effect = np.full((2, 3), x)

    assert areas().normaliser(effect) == pytest.approx(direct(x), rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("x", [-3.21, 0.1, 2.0 / 3])
def test_the_slopes_are_those_of_the_sum(x: float) -> None:
    slope, curvature = areas().slope_and_curvature(np.full((2, 3), x))
    h = 1e-4

    assert slope == pytest.approx((direct(x + h) - direct(x - h)) / (2 * h), rel=1e-3)
    assert curvature == pytest.approx((direct(x + h) - 2 * direct(x) + direct(x - h)) / h**2, rel=0.02)


def test_beyond_the_table_everybody_has_the_event_or_nobody() -> None:
    far = areas().normaliser(np.full((2, 3), REACH + 30)) - areas().normaliser(np.full((2, 3), REACH + 20))

    assert far == pytest.approx(np.broadcast_to(10 * PEOPLE.sum(axis=1), (2, 3)), rel=1e-3)
    assert areas().normaliser(np.full((2, 3), -REACH - 30)) == pytest.approx(0.0, abs=0.01 * PEOPLE.sum(axis=1).min())


def test_a_stratum_of_certain_outcome_is_left_out_of_its_own_data_set_only() -> None:
    certain = LOG_ODDS.copy()
    certain[0, 2] = np.inf
    kept = np.delete(np.arange(8), 2)

    with_it = areas(certain)
    without = tabulate(np.ones((2, 3, 7)), PEOPLE[:, kept], LOG_ODDS[:, kept])

    assert with_it.events[0] == pytest.approx(without.events[0])
    assert with_it.table[:, 0] == pytest.approx(without.table[:, 0])
    assert with_it.table[:, 1] == pytest.approx(areas().table[:, 1])


def test_an_effect_beyond_the_middle_fills_the_rest_of_the_table_and_changes_nothing_inside() -> None:
    asked = areas()
    before, width = asked.normaliser(np.full((2, 3), 0.1)), asked.table.shape[-1]

    far = asked.normaliser(np.array([[0.1, MIDDLE + 0.2, 0.0], [-MIDDLE - 1.0, 0.0, 0.0]]))

    assert asked.table.shape[-1] > width
    assert far[0, 1] == pytest.approx(direct(MIDDLE + 0.2)[0, 1], rel=1e-9)
    assert far[1, 0] == pytest.approx(direct(-MIDDLE - 1.0)[1, 0], rel=1e-9)
    assert (asked.normaliser(np.full((2, 3), 0.1)) == before).all()
