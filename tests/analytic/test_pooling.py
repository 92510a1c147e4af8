"""Mechanism 1: the spending of a pool varies as one over the square root of its size.

What the rest of the portfolio costs is a compound Poisson sum, X = Σ c over N ~ Poisson(μ) cases:
CV(X) = √(1 + CV_c²)/√μ, and the sums of J places vary as √J times one place's.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from sim.governance.accounts import PoolingParameters, accounts_of
from sim.governance.portfolio import rest_spend
from sim.luck.draws import luck_of
from sim.luck.identity import text_identity
from sim.model.run import run
from sim.world.world import World
from tests.analytic.bounds import Z, slope
from tests.builders import SHORT_OF_MONEY, finished_model, held_by, lively_world, population_of, small_world, spec_of

Pounds = npt.NDArray[np.float64]

PLACES = 64
SIZES = {"place": 1, "district": 4, "region": 16, "nation": 64}  # places in a unit of each level
CASES = 200.0  # expected a year in one place
CASE_PENCE = 1_000_000.0
CASE_CV = 1.5
YEARS, REPLICATES = 40, 50


@pytest.fixture(scope="module")
def world() -> World:
    return small_world(PLACES, units={level: PLACES // size for level, size in SIZES.items()})


def spending(cv: float, borne: float = 1.0, cases: float = CASES) -> Pounds:
    """Draw what each place's patients cost, float64[years of all replicates, P] in pence."""
    expected = np.array([[0.0, 0.0, cases * CASE_PENCE]] * PLACES)
    keys = np.array([text_identity("rest", f"place {place}") for place in range(PLACES)], dtype=np.uint64)
    drawn = [
        rest_spend(expected, keys, CASE_PENCE, cv, borne, year, luck_of(7, replicate))[:, 2]
        for replicate in range(REPLICATES)
        for year in range(YEARS)
    ]
    return np.array(drawn, dtype=np.float64)


def by_account(world: World, level: str, spent: Pounds) -> Pounds:
    """Add up what the accounts of a level pay, float64[years, A]."""
    payers = accounts_of(world.places, world.services, [held_by(level)], PoolingParameters())
    account = payers.rest_payer[0][:, 2]
    return np.stack([spent[:, account == one].sum(axis=1) for one in range(payers.count)], axis=1)


def cv_of(amounts: Pounds) -> tuple[float, float]:
    """Return the coefficient of variation of like accounts, and its standard error (for nearly normal sums)."""
    cv = float(np.sqrt(amounts.var(axis=0, ddof=1).mean()) / amounts.mean())
    return cv, cv / np.sqrt(2.0 * amounts.size)


@pytest.fixture(scope="module")
def spent() -> Pounds:
    return spending(CASE_CV)


@pytest.fixture(scope="module")
def cvs(world: World, spent: Pounds) -> dict[str, tuple[float, float]]:
    return {level: cv_of(by_account(world, level, spent)) for level in SIZES}


def test_the_accounts_of_a_level_are_as_many_as_its_units(world: World, spent: Pounds) -> None:
    for level, size in SIZES.items():
        assert by_account(world, level, spent[:1]).shape == (1, PLACES // size)


def test_the_cv_of_an_account_is_that_of_a_compound_poisson_sum(cvs: dict[str, tuple[float, float]]) -> None:
    for level, size in SIZES.items():
        cv, error = cvs[level]
        cases = size * CASES

        assert abs(cv - np.sqrt(1 + CASE_CV**2) / np.sqrt(cases)) <= Z * error
        assert abs(cv - 1.0 / np.sqrt(cases)) > Z * error  # cases do not cost the same
        assert abs(cv - CASE_CV / np.sqrt(cases)) > Z * error  # nor is their number fixed


def test_cases_of_one_cost_leave_the_poisson_spread(world: World) -> None:
    cv, error = cv_of(by_account(world, "district", spending(0.0)))

    assert abs(cv - 1.0 / np.sqrt(4 * CASES)) <= Z * error


@pytest.fixture(scope="module")
def cvs_of_places() -> dict[str, tuple[float, float]]:
    """The same sizes, but of one place each."""
    return {level: cv_of(spending(CASE_CV, cases=size * CASES)) for level, size in SIZES.items()}


@pytest.mark.parametrize("pools", ["cvs", "cvs_of_places"])
def test_the_cv_falls_with_the_square_root_of_the_pool(pools: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(pools)
    cv, error = (np.array(column) for column in zip(*found.values(), strict=True))

    fitted, fitted_error = slope(np.log(list(SIZES.values())), np.log(cv), error / cv)

    assert abs(fitted + 0.5) <= Z * fitted_error
    assert abs(fitted + 0.4) > Z * fitted_error
    assert abs(fitted + 0.6) > Z * fitted_error


@pytest.mark.parametrize("level", ["district", "region", "nation"])
def test_sums_of_places_vary_as_the_root_of_their_number(world: World, spent: Pounds, level: str) -> None:
    together, pounds = by_account(world, level, spent), SIZES[level]

    ratio = together.std(axis=0, ddof=1).mean() / spent.std(axis=0, ddof=1).mean()

    error = ratio / np.sqrt(2.0 * together.size)
    assert abs(ratio - np.sqrt(pounds)) <= Z * error
    assert abs(ratio - pounds**0.6) > Z * error


def test_the_mean_is_what_was_expected(spent: Pounds) -> None:
    error = spent.std(ddof=1) / np.sqrt(spent.size)

    assert abs(spent.mean() - CASES * CASE_PENCE) <= Z * error


def test_only_the_part_that_is_borne_varies() -> None:
    whole, part = spending(CASE_CV), spending(CASE_CV, borne=0.4)

    np.testing.assert_allclose(part - part.mean(), 0.4 * (whole - whole.mean()), atol=2.0)


def test_every_level_pays_the_same_in_total(world: World, spent: Pounds) -> None:
    totals = [by_account(world, level, spent).sum(axis=1) for level in SIZES]

    for total in totals:
        np.testing.assert_array_equal(total, totals[0])


@pytest.mark.parametrize("level", SIZES)
def test_the_model_charges_those_draws_to_its_accounts(world: World, level: str) -> None:
    spec = spec_of(world, held_by(level), {"budget.cap_enabled": False}, services=(), years=2, burn_in_years=0)
    model = finished_model(world, spec)
    government, portfolio = model.government, spec.parameters.portfolio
    expected = np.repeat(government.envelope.rest[np.newaxis, :, 0] / PLACES, PLACES, axis=0)
    luck, cost = model.state.roster.luck, portfolio.mean_case_gbp * 100

    for year in range(2):
        drawn = rest_spend(expected, government.place_keys, cost, portfolio.case_cost_cv, 1.0, year, luck)
        by_unit = drawn.sum(axis=1).reshape(-1, SIZES[level]).sum(axis=1)
        np.testing.assert_allclose(np.sort(government.books.spend[:, year]), np.sort(by_unit), atol=PLACES)


def lives_under(world: World, level: str, changes: dict[str, Any]) -> tuple[int, int]:
    spec = spec_of(world, held_by(level), {**SHORT_OF_MONEY, **changes}, twin_sets=2)
    result = run(spec, world, population_of(world, spec))
    return result.lives_checksum, result.twins_checksum


def test_without_pooling_effects_local_budgets_and_one_national_budget_give_the_same_lives() -> None:
    world = lively_world()
    off = {"pooling.enabled": False}
    nation = lives_under(world, "nation", {})

    assert lives_under(world, "district", off) == nation
    assert lives_under(world, "region", off) == nation
    assert lives_under(world, "district", {}) != nation
