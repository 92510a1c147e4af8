import math

import numpy as np
import pytest
from scipy.integrate import quad

from sim.measures.random_intercept import fit_random_intercept, fit_random_intercepts

Z_AT_1E4 = 3.8906


def simulate(
    tau: float, areas: int, strata: int = 6, people: float = 40.0, seed: int = 1
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw areas that differ by tau; return events, people [area, stratum] and the true log odds."""
    rng = np.random.default_rng(seed)
    n = rng.poisson(people, (areas, strata))
    offset = rng.normal(0.3, 1.0, strata)
    odds = offset + tau * rng.standard_normal((areas, 1))
    return rng.binomial(n, 1 / (1 + np.exp(-odds))), n, offset


def marginal(events: np.ndarray, people: np.ndarray, offset: np.ndarray, at: tuple[float, float]) -> float:
    """Compute the log likelihood by brute force."""
    shift, tau = at
    total = 0.0
    for e, n in zip(events, people, strict=True):

        def log_density(u: float, e: np.ndarray = e, n: np.ndarray = n) -> float:
            x = offset + shift + u
            prior = -((u / tau) ** 2) / 2 - math.log(tau * math.sqrt(2 * math.pi))
            return float((e * x - n * np.logaddexp(0, x)).sum()) + prior

        grid = np.linspace(-6 * tau, 6 * tau, 2001)
        peak = grid[np.argmax([log_density(u) for u in grid])]
        top = log_density(peak)
        area, _ = quad(lambda u, top=top: math.exp(log_density(u) - top), -9 * tau, 9 * tau, points=[peak])
        total += top + math.log(area)
    return total


def test_log_likelihood_agrees_with_brute_force_and_is_highest_at_the_fit() -> None:
    events, people, offset = simulate(0.5, areas=7)
    fit = fit_random_intercept(events, people, offset)

    best = marginal(events, people, offset, (fit.shift, fit.tau))

    assert fit.log_likelihood == pytest.approx(best, abs=1e-6)
    for step in ((0.02, 0.0), (-0.02, 0.0), (0.0, 0.02), (0.0, -0.02)):
        assert marginal(events, people, offset, (fit.shift + step[0], fit.tau + step[1])) < best


def test_recovers_the_tau_put_in_and_rejects_one_a_fifth_off() -> None:
    truth, areas = 0.3, 400
    fits = [fit_random_intercept(*simulate(truth, areas, people=15.0, seed=s)) for s in range(30)]
    tau = np.array([fit.tau for fit in fits])
    bound = Z_AT_1E4 * tau.std(ddof=1) / math.sqrt(tau.size)

    assert abs(tau.mean() - truth) < bound
    assert abs(tau.mean() - 1.2 * truth) > bound
    assert abs(tau.mean() - 0.8 * truth) > bound


def test_plain_spread_of_areas_takes_chance_for_variation() -> None:
    truth, spread = 0.3, []
    for seed in range(30):
        events, people, offset = simulate(truth, 400, people=15.0, seed=seed)
        expected = (people / (1 + np.exp(-offset))).sum(axis=1)
        rest = people.sum(axis=1) - expected
        missed = people.sum(axis=1) - events.sum(axis=1)
        spread.append(np.std(np.log((events.sum(axis=1) + 0.5) / (missed + 0.5) / (expected / rest))))

    assert abs(np.mean(spread) - truth) > Z_AT_1E4 * np.std(spread, ddof=1) / math.sqrt(len(spread))


def test_areas_that_do_not_differ_have_no_spread() -> None:
    people = np.full((9, 2), 100)

    fit = fit_random_intercept(np.full((9, 2), 50), people, [0.0, 0.0])

    assert fit.tau == 0.0
    assert fit.shift == pytest.approx(0.0, abs=1e-6)


def test_order_of_areas_and_of_strata_does_not_matter() -> None:
    events, people, offset = simulate(0.4, areas=30)
    rng = np.random.default_rng(9)
    rows, columns = rng.permutation(30), rng.permutation(offset.size)

    one = fit_random_intercept(events, people, offset)
    other = fit_random_intercept(events[rows][:, columns], people[rows][:, columns], offset[columns])

    assert other == pytest.approx(one, rel=1e-9)


def test_splitting_a_stratum_in_two_changes_nothing() -> None:
    events, people, offset = simulate(0.4, areas=30, strata=2)
    part = np.random.default_rng(2).hypergeometric(events[:, 0], people[:, 0] - events[:, 0], people[:, 0] // 3)
    halves = np.column_stack([part, events[:, 0] - part, events[:, 1]])
    people_of = np.column_stack([people[:, 0] // 3, people[:, 0] - people[:, 0] // 3, people[:, 1]])

    one = fit_random_intercept(events, people, offset)
    other = fit_random_intercept(halves, people_of, offset[[0, 0, 1]])

    assert other == pytest.approx(one, rel=1e-9)


def test_a_common_shift_moves_from_offset_to_shift() -> None:
    events, people, offset = simulate(0.4, areas=30)

    one = fit_random_intercept(events, people, offset)
    other = fit_random_intercept(events, people, offset - 0.7)

    assert other.tau == pytest.approx(one.tau, rel=1e-6)
    assert other.shift == pytest.approx(one.shift + 0.7, abs=1e-6)


def test_strata_of_certain_outcome_say_nothing() -> None:
    events, people, offset = simulate(0.4, areas=30)
    more = np.full((30, 1), 25)

    one = fit_random_intercept(events, people, offset)
    other = fit_random_intercept(
        np.hstack([events, more, 0 * more]), np.hstack([people, more, more]), [*offset, np.inf, -np.inf]
    )

    assert other == pytest.approx(one, rel=1e-9)


def test_without_an_open_stratum_there_is_no_answer() -> None:
    fit = fit_random_intercept(np.full((4, 1), 3), np.full((4, 1), 3), [np.inf])

    assert all(math.isnan(value) for value in fit)


@pytest.mark.parametrize(("people", "tau"), [(1.0, 0.6), (40.0, 0.3), (4000.0, 0.1)])
def test_nine_points_do_as_well_as_twenty_five(people: float, tau: float) -> None:
    events, n, offset = simulate(tau, areas=42, people=people)
    sets = (events[None].astype(float), n.astype(float), offset[None])

    few, many = fit_random_intercepts(*sets, nodes=9), fit_random_intercepts(*sets)

    assert few.tau == pytest.approx(many.tau, rel=1e-4)
    assert few.shift == pytest.approx(many.shift, abs=1e-4)


def test_data_sets_fitted_together_are_those_fitted_alone() -> None:
    first, people, offset = simulate(0.4, areas=20)
    second = np.random.default_rng(7).binomial(people, 0.4)
    both = np.stack([first, second]).astype(float)

    together = fit_random_intercepts(both, people.astype(float), np.vstack([offset, offset]))

    for r, events in enumerate((first, second)):
        alone = fit_random_intercept(events, people, offset)
        assert (together.shift[r], together.tau[r]) == pytest.approx(alone[:2], abs=1e-6)


@pytest.mark.parametrize("tau", [0.0, 0.05, 1.0, 2.5])
@pytest.mark.parametrize("people", [0.3, 5.0, 20_000.0])
def test_the_search_settles_for_rare_and_common_services(tau: float, people: float) -> None:
    fits = [fit_random_intercept(*simulate(tau, 42, people=people, seed=seed)) for seed in range(12)]

    assert all(math.isfinite(value) for fit in fits for value in fit)
