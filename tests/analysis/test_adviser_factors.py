"""The rule on the four factors: what is unknown speaks for nothing, and is told apart from speaking against."""

from dataclasses import replace

import numpy as np
import pytest

from sim.analysis.adviser import Advice, advise
from sim.analysis.adviser_factors import (
    AGREES,
    DISAGREES,
    NOT_TOLD,
    OPEN,
    Factors,
    agreement,
    delegated_by,
    factors_of,
    picked,
)
from sim.analysis.adviser_verdicts import KEEP, MOVE, judge
from sim.world.world import World
from tests.analysis.advised import SERVICES, Country, advice_of, effects_in, groups_of
from tests.builders import EVERY_KIND, lively_world
from tests.study import fakes

UNITS = {"nation": 1, "nhs_region_2022": 3, "icb_2022": 6}
TERMS = (0.2, 0.1)


@pytest.fixture(scope="module")
def world() -> World:
    """Return a world of three services that differ in their patients and in what one costs."""
    made = lively_world(units=UNITS, kinds=EVERY_KIND)
    return with_services(made, need_per_year=[90.0, 60.0, 40.0], cost_gbp=[1e4, 2e4, 4e4])


def with_services(world: World, **columns: list[float]) -> World:
    """Return the world with some facts of its three services replaced."""
    old = world.services
    new = {name: np.array(values, dtype=getattr(old, name).dtype) for name, values in columns.items()}
    return replace(world, services=replace(old, **new))


def factors_in(world: World) -> tuple[Advice, list[Factors]]:
    advice = advise(fakes.study(replicates=1, services=world.services.ids), tuple(UNITS))
    found = factors_of(advice, world, TERMS)
    return advice, sorted(found, key=lambda one: world.services.ids.index(one.service))


def test_a_factor_speaks_at_the_median_and_three_of_four_pick_a_service(world: World) -> None:
    _, found = factors_in(with_services(world, centres=[30, 20, 10], cost_gbp=[1.0, 2.0, 3e6]))
    middle = [
        float(np.median([getattr(one, name) for one in found]))
        for name in ("patients", "centres", "cost_gbp", "risk_gbp_a_head")
    ]
    for one in found:
        speaks = (one.patients >= middle[0], one.centres >= middle[1])
        speaks += (one.cost_gbp <= middle[2], one.risk_gbp_a_head <= middle[3])
        assert (one.of_four, one.picked) == (sum(speaks), sum(speaks) >= 3)
    assert found[2].of_four <= 1  # dear, few centres, and a risk that goes with the cost
    assert {one.picked for one in found} == {True, False}


def test_unknown_centres_are_not_few(world: World) -> None:
    """Of a service in the middle in everything else, unknown centres leave the rule open, and the median to others."""
    _, known = factors_in(with_services(world, centres=[30, 20, 10]))
    _, some = factors_in(with_services(world, centres=[30, 20, 0]))
    last_known, last = known[2], some[2]

    assert last.of_four == last_known.of_four  # fewest or unknown: neither speaks for it
    assert last.picked is (None if last.of_four == 2 else last.of_four >= 3)
    assert some[1].of_four == known[1].of_four - 1  # of the known 30 and 20 the median is 25
    assert all(one.of_four <= 3 for one in factors_in(with_services(world, centres=[0, 0, 0]))[1])


def test_a_rule_that_hangs_on_what_is_unknown_says_nothing() -> None:
    advice = advice_of()
    country = Country(
        {("service_a", "icb_2022"): {"access": 9.0}}, luck=0.1, unseen=frozenset({("service_b", "access")})
    )
    told = {one.service: one for one in judge(advice, effects_in(country, advice), groups_of(SERVICES))}

    assert [agreement(advice, yes, told["service_a"]) for yes in (True, False, None)] == [AGREES, DISAGREES, NOT_TOLD]
    assert [agreement(advice, yes, told["service_b"]) for yes in (True, False)] == [NOT_TOLD, NOT_TOLD]
    assert agreement(advice, True, told["service_c"]) == OPEN


def test_a_rule_agrees_only_where_it_sends_the_service_to_the_level_of_the_verdict() -> None:
    """Regions are better for the service, and boards are worse: the rule, which knows boards and nation, is wrong."""
    advice = advice_of()
    gains = {("service_a", "nhs_region_2022"): {"access": 9.0}, ("service_a", "icb_2022"): {"access": -9.0}}
    stays = {("service_b", level): {"access": -9.0} for level in advice.moved}
    country = Country({**gains, **stays}, luck=0.1)
    told = {one.service: one for one in judge(advice, effects_in(country, advice), groups_of(SERVICES))}

    assert (told["service_a"].verdict, told["service_a"].level) == (MOVE, "nhs_region_2022")
    assert [agreement(advice, yes, told["service_a"]) for yes in (True, False)] == [DISAGREES, DISAGREES]
    assert told["service_b"].verdict == KEEP
    assert [agreement(advice, yes, told["service_b"]) for yes in (True, False)] == [DISAGREES, AGREES]


def test_of_fewer_than_three_services_the_rule_picks_none(world: World) -> None:
    """Of two each is at least, or at most, as much as their middle; of one everything is the middle."""
    for count in (1, 2):
        advice = advise(fakes.study(replicates=1, services=world.services.ids[:count]), tuple(UNITS))
        found = factors_of(advice, world, TERMS)
        assert [(one.picked, one.of_four) for one in found] == [(None, 0)] * count


def test_a_factor_that_is_the_same_everywhere_is_unknown(world: World) -> None:
    for same, other in (([20] * 3, [0] * 3), ([5] * 3, [5, 0, 5])):
        alike, unknown = (factors_in(with_services(world, centres=centres))[1] for centres in (same, other))
        assert [(one.of_four, one.picked) for one in alike] == [(one.of_four, one.picked) for one in unknown]
    _, apart = factors_in(with_services(world, centres=[30, 20, 10]))
    assert [one.of_four for one in apart] != [one.of_four for one in alike]


def test_what_cannot_be_compared_stays_in_the_assignments_of_the_rule_and_the_list(world: World) -> None:
    advice, found = factors_in(world)
    a, b, c = world.services.ids
    factors = [replace(one, picked=yes, on_the_list=True) for one, yes in zip(found, (True, True, None), strict=True)]
    where = {one.service: level for one, level in zip(factors, ("icb_2022", "nation", "nation"), strict=True)}

    assert picked(factors) == [a, b]
    assert delegated_by(advice, factors, [b]) == tuple(where[service] for service in advice.services)
    backwards = advise(advice.origin, tuple(UNITS)[::-1])
    assert dict(zip(advice.services, delegated_by(backwards, factors, [c]), strict=True))[c] == "icb_2022"
    by_list = dict(zip(advice.services, delegated_by(advice, factors, [b], by_list=True), strict=True))
    assert by_list == {a: "icb_2022", b: "nation", c: "icb_2022"}
