import numpy as np

from sim.analysis.courses import apart, qalys_lived
from sim.analysis.parted import Differences, differences, worth_telling
from tests.analysis.conftest import Pair


def by_hand() -> Differences:
    parted = np.array([True, True, True, True, False, True])
    return Differences(
        rows=np.arange(6),
        weight=np.array([1, 1, 1, 1, 1, 10]),
        parted=parted,
        in_time_differs=np.array([True, False, False, True, False, False]),
        gain=np.array([0.5, -0.5, 0.2, -0.1, 0.0, 0.3]),
    )


IDENTITY = np.array([60, 50, 40, 30, 20, 10], dtype=np.uint64)


def test_lives_are_picked_by_identity_and_from_both_sides_in_turn() -> None:
    assert worth_telling(by_hand(), IDENTITY, "parted", 2) == [5, 3, 2, 1]
    assert worth_telling(by_hand(), IDENTITY, "in_time", 2) == [0, 3]


def test_shares_count_people_not_rows() -> None:
    shares = by_hand().shares

    assert (shares.people, shares.parted, shares.in_time_differs) == (15, 14, 2)
    assert (shares.better_first, shares.better_second) == (12, 2)


def test_the_better_off_live_more_qalys(pair: Pair) -> None:
    found = differences(*pair.runs)
    gain = qalys_lived(pair.runs[0]) - qalys_lived(pair.runs[1])

    clear = np.abs(gain[found.rows]) > 1e-6
    assert clear.any()
    assert (np.sign(found.gain)[clear] == np.sign(gain[found.rows])[clear]).all()
    assert not found.gain[~apart(pair.runs[0].courses, pair.runs[1].courses)[found.rows]].any()


def test_exchanging_the_runs_exchanges_the_sides(pair: Pair) -> None:
    there, back = (differences(*runs).shares for runs in (pair.runs, pair.runs[::-1]))

    assert there.parted == back.parted > 0
    assert (there.better_first, there.better_second) == (back.better_second, back.better_first)


def test_one_service_and_place_are_a_part_of_the_whole(pair: Pair) -> None:
    services, places, people = pair.world.services.ids, pair.world.places.codes, pair.population.people

    found = differences(*pair.runs, services[1], places[2])

    assert found.rows.size
    assert set(people.service[found.rows].tolist()) == {1}
    assert set(people.place[found.rows].tolist()) == {2}
