"""Advice from the model itself: a small world, three services, every move simulated, tabulated and judged."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sim.analysis.adviser import advise
from sim.analysis.adviser_effects import SIGNS, effects_of, effects_of_whole, pairs_wanted
from sim.analysis.adviser_factors import factors_of, picked
from sim.analysis.adviser_frontier import candidates
from sim.analysis.adviser_standing import FRONTIER
from sim.analysis.adviser_verdicts import judge
from sim.measures.headline import run_table
from sim.measures.intervals import NO_VERDICT
from sim.model.run import simulate_unit
from sim.specification.levels import unit_counts
from sim.specification.run import Study
from sim.world.world import World
from tests.analysis.advised import check_all, choice_in
from tests.builders import EVERY_KIND, TO_SCALE, lively_world, with_parameters
from tests.study import fakes

UNITS = {"nation": 1, "nhs_region_2022": 3, "icb_2022": 6}
REPLICATES = 2


@pytest.fixture(scope="module")
def world() -> World:
    return lively_world(units=UNITS, kinds=EVERY_KIND)


def study_of(world: World) -> Study:
    parameters = with_parameters({**TO_SCALE, "budget.plan_share_of_expected": 0.9})
    weights = ((world.services.ids[0], 3),)
    changes = {"parameters": parameters, "weights": weights, "twin_sets": 6}
    return fakes.study(replicates=REPLICATES, services=world.services.ids, **changes)


def frame_of(study: Study, world: World) -> pd.DataFrame:
    """Run every regime of a study on the people of each replicate, and keep the national rows."""
    frames = []
    for replicate in range(study.replicates):
        specs = [study.run_spec(scenario, replicate) for scenario in study.compare]
        for spec, result in simulate_unit(specs, world):
            found = pd.DataFrame(dict(run_table(result, world, redraws=2)))
            frames.append(found.assign(regime=spec.scenario_id, replicate=replicate, point=1))
    return pd.concat(frames, ignore_index=True)


def test_the_whole_way_from_a_study_to_a_choice(world: World) -> None:
    study = study_of(world)
    advice = advise(study, tuple(UNITS))
    effects = effects_of(advice, frame_of(advice.study, world))

    assert effects.own.shape == (4, 3, 2, REPLICATES, 1)
    assert np.isfinite(effects.own).all()
    assert (effects.own != 0.0).any(axis=(1, 2, 3, 4)).all()  # moving a service changes something in every outcome
    np.testing.assert_allclose(effects.whole[2:], effects.own[2:] + effects.elsewhere[2:], rtol=1e-6, atol=1e-3)

    groups = dict(zip(world.services.ids, world.services.groups, strict=True))
    told = judge(advice, effects, groups)
    assert sorted(one.service for one in told) == sorted(world.services.ids)
    factors = factors_of(advice, world, (0.2, 0.1))
    named = {"all_out": ("icb_2022",) * 3, "four_factors": advice.delegated(picked(factors))}
    looked_at = candidates(advice, effects, named, 2)
    whole = advice.whole({one.id: one.levels for one in looked_at[1:]})
    checked = check_all(advice, effects, looked_at, frame_of(whole, world), whole)

    all_out = next(one for one in checked if one.candidate.id == "all_out")
    assert any(error.mean != 0.0 for error in all_out.error)  # purses and queues are shared, so moves interact
    steps = [SIGNS @ (one.actual.mean(axis=1) / effects.whole_steps) for one in checked if one.status == FRONTIER]
    choice = choice_in(checked, effects)
    assert choice.status == FRONTIER
    assert SIGNS @ (choice.actual.mean(axis=1) / effects.whole_steps) == pytest.approx(max(steps))
    assert len(steps) > 1


def test_the_risk_of_a_service_is_no_second_count_of_its_patients(world: World) -> None:
    """The risk of a body is the spread of a compound Poisson sum in pounds: patients and their cost are both in it."""
    advice = advise(study_of(world), tuple(UNITS))
    spread = advice.origin.parameters.portfolio.case_cost_cv
    units = unit_counts()[advice.local]

    for one in factors_of(advice, world, (0.2, 0.1)):
        variance = one.patients / units * (1.0 + spread**2) * one.cost_gbp**2
        assert one.risk_gbp_a_head == pytest.approx(variance**0.5 / (world.places.population.sum() / units))


def test_a_move_to_where_the_service_is_changes_nothing(world: World) -> None:
    study = replace(study_of(world), replicates=1)
    advice = advise(study, tuple(UNITS))
    same = advice.whole({"same": advice.as_now})
    effects = effects_of(advice, frame_of(advice.study, world))

    assert (effects_of_whole(effects, frame_of(same, world), same) == 0.0).all()


def test_a_service_whose_window_is_longer_than_the_measured_years_has_no_verdict(world: World) -> None:
    """Nobody is followed for so long: the model has no access and no twins of it, but its QALYs and its cost."""
    window = world.services.access_window_days.copy()
    window[0] = 3000.0
    short = replace(world, services=replace(world.services, access_window_days=window))
    advice = advise(study_of(short), tuple(UNITS))
    effects = effects_of(advice, frame_of(advice.study, short))
    groups = dict(zip(short.services.ids, short.services.groups, strict=True))
    told = {one.service: one for one in judge(advice, effects, groups)}
    number = advice.services.index(short.services.ids[0])

    assert effects.unmeasured[:, number].all(axis=1).tolist() == [True, True, False, False]
    assert not effects.unmeasured[:, np.arange(3) != number].any()
    assert told[short.services.ids[0]].verdict == NO_VERDICT
    assert {one.outcome for one in told[short.services.ids[0]].missing} == {"access", "discordance"}
    assert np.isfinite(effects.whole).all()  # the mean of the services that are measured


def test_every_outcome_that_advice_wants_is_in_the_table(world: World) -> None:
    study = study_of(world)
    one = replace(advise(study, tuple(UNITS)).study, replicates=1)
    frame = frame_of(replace(one, compare=one.compare[:1]), world)
    national = frame[(frame["geography"] == "nation") & (frame["period_start"] == "all")]
    there = set(zip(national["measure"], national["service"], strict=True))

    assert [pair for pair in pairs_wanted(study.services) if pair not in there] == []
