import numpy as np
import pytest

from sim.measures.funnel import arcsine_limit, exact_limit, normal_limit


@pytest.mark.parametrize("share", [0.001, 0.025, 0.975, 0.999])
def test_limits_agree_for_large_areas(share: float) -> None:
    n = np.array([20_000, 100_000])
    z = {0.001: -3.090232, 0.025: -1.959964, 0.975: 1.959964, 0.999: 3.090232}[share]

    exact, normal = exact_limit(n, 0.3, share), normal_limit(n, 0.3, share)

    assert exact == pytest.approx(normal, abs=1e-4)
    assert arcsine_limit(n, 0.3, z) == pytest.approx(normal, abs=1e-4)


def test_as_many_areas_fall_below_the_exact_limit_as_it_says_and_not_below_the_normal_one() -> None:
    rng = np.random.default_rng(3)
    # A count stands for the unit interval that ends at it, as in the interpolation.
    share = (rng.binomial(60, 0.1, 40_000) - rng.random(40_000)) / 60
    bound = 3.8906 * np.sqrt(0.025 * 0.975 / share.size)

    assert abs((share < exact_limit([60], 0.1, 0.025)[0]).mean() - 0.025) < bound
    assert abs((share < normal_limit(60, 0.1, 0.025)).mean() - 0.025) > bound


def test_over_dispersion_widens_the_funnel() -> None:
    narrow, wide = (arcsine_limit([50, 5000], 0.8, -1.96, tau2) for tau2 in (0.0, 0.002))

    assert np.all(wide < narrow)
