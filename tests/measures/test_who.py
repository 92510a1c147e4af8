import numpy as np
import pytest

from sim.measures.rows import ALL_PATIENTS, ALL_SERVICES
from sim.measures.who import (
    Grouping,
    access_of_groups,
    benjamini_hochberg,
    groupings,
    moved,
    residents_of_groups,
    spread,
    tail_mean,
    two_sided_p,
)
from sim.world.world import load_england
from tests.builders import small_world

PEOPLE = np.array([[100.0, 10.0], [300.0, 0.0], [50.0, 30.0]])
REACHED = np.array([[50.0, 10.0], [150.0, 0.0], [50.0, 15.0]])
BY_PLACE = Grouping("area", "area", [("a", "A"), ("b", "B"), ("c", "C")], of_place=np.array([0, 0, 1]))
BY_SERVICE = Grouping("tier", "tier", [("x", "X"), ("y", "Y")], of_service=np.array([1, 0]))


def test_patients_are_pooled_within_groups_of_places() -> None:
    shares = access_of_groups(PEOPLE, REACHED, BY_PLACE, ALL_PATIENTS)

    assert shares == pytest.approx([210 / 410, 65 / 80, np.nan], nan_ok=True)


def test_services_count_alike_where_anybody_needs_them() -> None:
    shares = access_of_groups(PEOPLE, REACHED, BY_PLACE, ALL_SERVICES)

    assert shares == pytest.approx([(200 / 400 + 1) / 2, (1 + 0.5) / 2, np.nan], nan_ok=True)


@pytest.mark.parametrize("weighting", [ALL_PATIENTS, ALL_SERVICES])
def test_groups_of_services_hold_every_place(weighting: str) -> None:
    assert access_of_groups(PEOPLE, REACHED, BY_SERVICE, weighting) == pytest.approx([25 / 40, 250 / 450])


def test_residents_belong_to_groups_of_places_only() -> None:
    population = np.array([10, 20, 40])

    assert residents_of_groups(population, BY_PLACE).tolist() == [30, 40, 0]
    assert np.isnan(residents_of_groups(population, BY_SERVICE)).all()


def test_the_worst_served_tenth_takes_part_of_the_area_at_its_edge() -> None:
    share, residents = np.array([0.9, 0.2, 0.4, np.nan]), np.array([85.0, 5.0, 10.0, 7.0])

    assert tail_mean(share, residents) == pytest.approx((5 * 0.2 + 5 * 0.4) / 10)
    assert tail_mean(share, residents, best=True) == pytest.approx(0.9)
    assert np.isnan(tail_mean(np.array([np.nan]), np.array([7.0])))


def test_the_spread_is_weighted_by_residents() -> None:
    assert spread(np.array([0.5, 0.7]), np.array([1.0, 3.0])) == pytest.approx(0.2 * np.sqrt(3) / 4)
    assert spread(np.array([0.5, 0.5, np.nan]), np.array([1.0, 3.0, 2.0])) == 0.0


def test_people_move_with_their_area() -> None:
    falls, rises = moved(np.array([0.5, 0.7, 0.9]), np.array([0.6, 0.7, 0.88]), np.array([1.0, 2.0, 5.0]), 0.01)

    assert (falls, rises) == (1 / 8, 5 / 8)


def test_the_p_value_is_that_of_a_paired_t_test() -> None:
    from scipy.stats import ttest_1samp

    sample = [0.01, 0.03, -0.02, 0.05]

    assert two_sided_p(sample) == pytest.approx(ttest_1samp(sample, 0.0).pvalue)
    assert [two_sided_p(same) for same in ([0.0, 0.0], [0.1, 0.1], [0.1] * 8)] == [1.0, 0.5, 2.0**-7]
    assert np.isnan(two_sided_p([0.1]))


def test_p_values_are_adjusted_as_elsewhere() -> None:
    from scipy.stats import false_discovery_control

    p = np.array([0.04, 0.001, 0.2, 0.03, 0.0011])

    assert benjamini_hochberg(p) == pytest.approx(false_discovery_control(p, method="bh"))
    assert benjamini_hochberg([0.04, np.nan, 0.03]) == pytest.approx([0.04, np.nan, 0.04], nan_ok=True)


def test_every_place_and_service_of_england_has_its_group() -> None:
    world = load_england()
    found = {grouping.id: grouping for grouping in groupings(world)}

    assert list(found) == ["england", "icb", "deprivation", "rurality", "rarity", "tier", "service"]
    for grouping in found.values():
        one = grouping.of_place if grouping.of_place is not None else grouping.of_service
        assert one is not None
        assert set(one.tolist()) == set(range(len(grouping.groups)))
    rarity = found["rarity"].of_service
    assert rarity is not None
    assert rarity[world.services.ids.index("acute_porphyria")] == 0
    assert rarity[world.services.ids.index("chemotherapy")] == 3


def test_the_most_deprived_fifth_is_the_first() -> None:
    world = small_world()
    [fifths] = [grouping for grouping in groupings(world) if grouping.id == "deprivation"]

    assert fifths.of_place is not None
    assert fifths.of_place[int(np.argmax(world.places.imd_score))] == 0


def test_a_world_without_icbs_has_no_such_grouping() -> None:
    assert "icb" not in {grouping.id for grouping in groupings(small_world())}
