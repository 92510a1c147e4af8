"""One number over all lives: it sees every day of every life, and no order."""

import numpy as np
import pytest

from sim.agents.columns import Roster
from sim.model.checksum import lives_checksum
from tests.builders import finished_model, held_by, lively_world, spec_of

COLUMNS = (
    "diagnosis_day",
    "policy_day",
    "approval_day",
    "start_day",
    "stop_day",
    "death_day",
    "state",
    "cell",
    "wait_minutes",
)


@pytest.fixture(scope="module")
def roster() -> Roster:
    world = lively_world()
    return finished_model(world, spec_of(world, held_by("nation"))).state.roster


def checksum(roster: Roster) -> int:
    return lives_checksum(roster, 0, roster.people.size)


@pytest.mark.parametrize("column", COLUMNS)
def test_every_part_of_a_life_matters(roster: Roster, column: str) -> None:
    patients = roster.patients.copy()
    patients[40][column] += 1
    assert checksum(roster._replace(patients=patients)) != checksum(roster)


def test_whose_life_it_is_matters(roster: Roster) -> None:
    patients = roster.patients.copy()
    one, other = 40, 41
    patients[[one, other]] = patients[[other, one]]
    assert checksum(roster._replace(patients=patients)) != checksum(roster)


def test_the_order_of_rows_does_not_matter(roster: Roster) -> None:
    order = np.random.default_rng(1).permutation(roster.people.size)
    shuffled = roster._replace(people=roster.people[order], patients=roster.patients[order])
    assert checksum(shuffled) == checksum(roster)


def test_it_is_a_sum_of_parts_and_fits_64_bits(roster: Roster) -> None:
    middle, last = 100, roster.people.size
    parts = [lives_checksum(roster, 0, middle), lives_checksum(roster, middle, last)]
    halves = [sum((part >> shift) % 2**32 for part in parts) % 2**32 for shift in (32, 0)]
    assert checksum(roster) == halves[0] << 32 | halves[1]
    assert 0 < checksum(roster) < 2**64
    assert lives_checksum(roster, 5, 5) == 0


def test_what_is_not_a_life_does_not_matter(roster: Roster) -> None:
    patients = roster.patients.copy()
    patients["event_month"] += 1
    patients["queue_key"] += 1
    assert checksum(roster._replace(patients=patients)) == checksum(roster)
