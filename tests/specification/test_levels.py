from sim.specification import levels
from sim.specification.levels import in_words, known_levels, level_hint, unit_counts
from sim.specification.services import known_services
from sim.world.places import LEVEL_COLUMNS


def test_levels_are_the_geographies_of_the_world() -> None:
    assert set(known_levels()) == set(LEVEL_COLUMNS)


def test_units_are_counted_in_the_data() -> None:
    assert unit_counts()["nation"] == 1
    assert unit_counts()["icb_2022"] > unit_counts()["nhs_region_2022"] > 1


def test_every_level_has_words() -> None:
    assert set(levels._PLURALS) == set(known_levels())
    assert in_words("nation") == "the national body"
    assert in_words("sha_2006") == f"{unit_counts()['sha_2006']} strategic health authorities (2006)"


def test_a_near_miss_is_suggested() -> None:
    assert level_hint("icb_2020").startswith("did you mean `icb_202")


def test_services_are_sorted_and_have_a_group_of_the_matrix() -> None:
    from sim.governance.matrix import GROUPS

    assert list(known_services()) == sorted(known_services())
    assert {service.group for service in known_services().values()} == set(GROUPS)
