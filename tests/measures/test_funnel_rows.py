"""The funnel's shares: standardisation takes the case mix out, and luck alone stays inside the limits."""

import numpy as np
import pytest

from sim.measures.chance import redraw_events
from sim.measures.funnel_rows import LIMITS, share_outside, standardise

PEOPLE = np.array([[400, 100], [100, 400], [250, 250]])


def outside(people: np.ndarray, events: np.ndarray) -> dict[str, float]:
    found, redrawn = standardise(people, events), standardise(people, redraw_events(people, events, 1, 0, 40))
    own = {f"funnel_outside_{name}_icb": float(share_outside(found, at)) for name, at in LIMITS.items()}
    floors = {f"{name}_chance_floor": share_outside(redrawn, LIMITS[name.split("_")[2]]).mean() for name in own}
    return {**own, **floors}


def test_areas_that_differ_in_their_patients_only_have_the_national_share() -> None:
    events = PEOPLE * [9, 5] // 10  # the same shares, 0.9 and 0.5, everywhere

    found = standardise(PEOPLE, events)

    assert np.ptp(events.sum(axis=1) / PEOPLE.sum(axis=1)) > 0.2
    assert found.share == pytest.approx(np.full(3, 0.7))


def test_an_area_that_treats_a_tenth_more_than_expected_has_a_tenth_more() -> None:
    people = np.full((1000, 1), 100)
    events = np.full((1000, 1), 50)
    events[0] = 55

    assert standardise(people, events).share[0] == pytest.approx(0.55, rel=1e-3)


def test_by_luck_alone_about_five_in_a_hundred_lie_outside_and_the_floor_says_so() -> None:
    people = np.full((2000, 1), 300)
    events = np.random.default_rng(4).binomial(people, 0.8)

    found = outside(people, events)

    assert found["funnel_outside_95_icb"] == pytest.approx(0.05, abs=0.02)
    assert found["funnel_outside_95_icb_chance_floor"] == pytest.approx(0.05, abs=0.01)
    assert found["funnel_outside_998_icb"] < 0.01


def test_areas_that_differ_lie_outside_and_their_floor_does_not_follow() -> None:
    people = np.full((40, 1), 1000)
    events = np.where(np.arange(40)[:, None] % 2, 700, 900)

    found = outside(people, events)

    assert found["funnel_outside_998_icb"] == 1.0
    assert found["funnel_outside_998_icb_chance_floor"] < 0.02


@pytest.mark.parametrize("treated", [0, 1])
def test_nobody_stands_out_where_all_share_one_outcome(treated: int) -> None:
    assert share_outside(standardise(PEOPLE, PEOPLE * treated), LIMITS["95"]) == 0.0


def test_without_anyone_there_is_nothing_to_judge() -> None:
    nobody = np.zeros((3, 0), dtype=np.int64)

    assert np.isnan(share_outside(standardise(nobody, nobody), LIMITS["95"]))


def test_an_area_without_people_is_not_counted() -> None:
    people = np.array([[0], [1000], [1000]])
    events = np.array([[0], [900], [500]])

    assert share_outside(standardise(people, events), LIMITS["95"]) == 1.0
