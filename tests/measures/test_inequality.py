from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measures import decomposition, inequality

RELATIVE: tuple[Callable[..., float], ...] = (
    inequality.gini,
    inequality.theil_t,
    inequality.theil_l,
    inequality.generalised_entropy_2,
    inequality.hoover,
    lambda x, w=None: inequality.atkinson(x, 0.5, w),
    lambda x, w=None: inequality.atkinson(x, 1.0, w),
    lambda x, w=None: inequality.atkinson(x, 11.0, w),
)
AREAS = st.lists(st.tuples(st.floats(0.01, 100.0), st.integers(1, 50), st.sampled_from("abc")), min_size=2, max_size=25)
Areas = list[tuple[float, int, str]]


def split(areas: Areas) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    value, people, group = zip(*areas, strict=True)
    return np.array(value), np.array(people), np.array(group)


@pytest.mark.parametrize("index", RELATIVE)
@given(areas=AREAS, scale=st.floats(0.1, 1000))
def test_the_unit_does_not_matter(index: Callable[..., float], areas: Areas, scale: float) -> None:
    value, people, _ = split(areas)

    assert index(value * scale, people) == pytest.approx(index(value, people), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("index", [*RELATIVE, lambda x, w=None: inequality.kolm(x, 0.1, w)])
@given(areas=AREAS)
def test_weights_are_people_and_order_does_not_matter(index: Callable[..., float], areas: Areas) -> None:
    value, people, _ = split(areas)
    one_by_one = np.repeat(value, people)[::-1]

    assert index(one_by_one) == pytest.approx(index(value, people), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("index", [*RELATIVE, lambda x, w=None: inequality.kolm(x, 0.1, w)])
def test_equal_areas_have_no_inequality(index: Callable[..., float]) -> None:
    assert index([3.0, 3.0, 3.0], [1, 5, 2]) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("index", RELATIVE)
def test_taking_from_the_worse_off_raises_inequality(index: Callable[..., float]) -> None:
    assert index([1.0, 4.0, 7.0]) > index([2.0, 4.0, 6.0])


@pytest.mark.parametrize("decompose", [decomposition.decompose_theil_t, decomposition.decompose_theil_l])
@given(areas=AREAS)
def test_within_and_between_make_the_whole(decompose: Callable[..., decomposition.Decomposition], areas: Areas) -> None:
    total, within, between = decompose(*split(areas))

    assert within + between == pytest.approx(total, rel=1e-9, abs=1e-12)
    assert between >= -1e-12


def test_adding_the_same_to_all_leaves_kolm_and_lowers_gini() -> None:
    value = np.array([1.0, 2.0, 5.0])

    assert inequality.kolm(value + 10, 0.3) == pytest.approx(inequality.kolm(value, 0.3))
    assert inequality.gini(value + 10) < inequality.gini(value)


def test_an_area_at_zero_stays_in_theil_t_and_undoes_the_logs() -> None:
    assert inequality.theil_t([0.0, 1.0]) == pytest.approx(np.log(2))
    assert np.isnan(inequality.theil_l([0.0, 1.0]))
    assert np.isnan(inequality.atkinson([0.0, 1.0], 1.0))
    assert inequality.atkinson([0.0, 1.0], 0.5) == pytest.approx(0.5)
