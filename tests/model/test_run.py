"""From a specification to a result, with one population for all regimes of a replicate."""

from dataclasses import replace

import numpy as np
import pytest

from sim.model import summary
from sim.model.run import population_plan, run, simulate_unit, simulated_timeline
from sim.specification.run import RunSpec
from sim.world.people import ENTRY_DIAGNOSED
from sim.world.services import ONE_OFF
from sim.world.world import World
from tests.builders import differing, held_by, lively_world, population_of, result_of, spec_of


@pytest.fixture(scope="module")
def world() -> World:
    return lively_world()


def test_regimes_of_a_replicate_share_one_population_and_none_spoils_it_for_the_next(world: World) -> None:
    specs = [spec_of(world, held_by(level), twin_sets=2) for level in ("nation", "district", "nation")]
    together = [result for _, result in simulate_unit(specs, world)]
    assert differing(together[0], together[2]) == []
    assert [differing(result, result_of(world, spec)) for result, spec in zip(together, specs, strict=True)] == [[]] * 3
    assert differing(together[0], together[1])


def test_each_result_comes_with_its_specification(world: World) -> None:
    specs = [spec_of(world, held_by(level)) for level in ("nation", "district")]
    assert [spec for spec, _ in simulate_unit(specs, world)] == specs


@pytest.mark.parametrize("other", [{"seed": 2}, {"replicate": 1}, {"years": 2}, {"twin_sets": 1}, {"services": ()}])
def test_specifications_of_different_populations_do_not_run_together(world: World, other: dict) -> None:
    one = spec_of(world, held_by("nation"))
    with pytest.raises(ValueError, match="does not share the population"):
        list(simulate_unit([one, replace(one, **other)], world))


def test_the_population_is_planned_from_the_specification(world: World) -> None:
    spec = spec_of(world, held_by("nation"), years=3, burn_in_years=2, twin_sets=4, replicate=9, weights=(("a", 3),))
    plan = population_plan(replace(spec, services=("b", "a"), start="2015-10"))
    assert (plan.months, plan.first_measured_month, plan.twin_sets, plan.replicate) == (60, 24, 4, 9)
    assert plan.start_year == pytest.approx(2015.75)
    assert plan.services == ("a", "b")
    assert plan.weights == {"a": 3}


def timeline(world: World, *months: str, start: str = "2013-04") -> list[int]:
    regimes = tuple((month, held_by("nation")) for month in months)
    return [after for after, _ in simulated_timeline(replace(spec_of(world, regimes), start=start))]


def test_a_timeline_counts_months_from_the_first_simulated_one(world: World) -> None:
    assert timeline(world, "2013-04", "2014-04", "2017-04") == [0, 12, 48]
    assert timeline(world, "2009-04", "2014-04", start="2012-04") == [0, 24]
    assert timeline(world, "2013-10", "2014-10", start="2013-10") == [0, 12]


def test_a_regime_that_begins_inside_a_year_is_refused_by_name(world: World) -> None:
    with pytest.raises(ValueError, match="nation begins in 2014-05"):
        timeline(world, "2013-04", "2014-05")


def test_a_result_names_what_it_counts(world: World) -> None:
    spec = spec_of(world, held_by("nation", "some_regime"), years=2, burn_in_years=1, replicate=4, twin_sets=3)
    result = result_of(world, spec)
    places, services = len(world.places.codes), len(world.services.ids)
    assert (result.regime_id, result.seed, result.replicate) == ("some_regime", 1, 4)
    assert (result.start, result.measured_years) == ("2014-04", 2)
    assert result.place_codes == world.places.codes
    assert result.service_ids == world.services.ids
    assert result.people.shape == (2, places, services, 2, 2)
    assert result.reasons.shape == (2, places, services, 9)
    assert result.twin_reached.shape == result.twin_wait_days.shape == (services, 3, places)
    assert result.plan_pence.shape == result.spend_pence.shape == (1, 2)
    assert result.treatment_pence.shape == (services, 2)
    assert result.discount_factor == pytest.approx([1.0, 1 / 1.035])


def test_queues_are_those_of_the_first_and_the_last_measured_day(world: World) -> None:
    long, short = (result_of(world, spec_of(world, held_by("nation"), years=years)) for years in (2, 1))
    assert (long.waiting_at_start == short.waiting_at_start).all()
    burn_in_only = result_of(world, spec_of(world, held_by("nation"), years=1, burn_in_years=0))
    assert (burn_in_only.waiting_at_end == long.waiting_at_start).all()


def test_without_a_burn_in_the_first_queue_is_the_starting_stock(world: World) -> None:
    spec = spec_of(world, held_by("nation"), burn_in_years=0)
    people = population_of(world, spec).people
    waiting = np.bincount(people["service"][people["entry"] == ENTRY_DIAGNOSED], minlength=3)
    assert waiting.sum() > 20
    assert result_of(world, spec).waiting_at_start.tolist() == waiting.tolist()


def test_a_lost_pound_stops_the_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary, "conserved", lambda *_: (100, 99))
    spec: RunSpec = spec_of(world, held_by("nation"))
    with pytest.raises(RuntimeError, match="100 pence, but 99"):
        run(spec, world, population_of(world, spec))


def test_twins_tell_access_and_waits_of_their_own(world: World) -> None:
    result = result_of(world, spec_of(world, held_by("district"), {"budget.plan_share_of_expected": 0.7}, twin_sets=4))
    reached, wait = result.twin_reached, result.twin_wait_days
    window = result.access_window_days[:, np.newaxis, np.newaxis]
    one_off = world.services.kind == ONE_OFF
    assert set(np.unique(reached)) == {0, 1}
    assert ((reached == 1) == ((wait >= 0) & (wait <= window)))[one_off].all()
    assert (wait == -1).any()
