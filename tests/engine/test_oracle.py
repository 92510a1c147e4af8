"""The engine and the pathway in idiomatic Mesa give every patient one life, and every account and centre one book."""

import ast
from collections.abc import Iterator
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import benchmarks.oracle
from benchmarks.oracle.build import build, only_known
from benchmarks.oracle.compare import (
    Columns,
    books_of_engine,
    books_of_oracle,
    differences,
    lives_of_engine,
    lives_of_oracle,
)
from benchmarks.oracle.model import PathwayModel
from sim.model.result import REASONS
from sim.specification.catalogue import shipped
from sim.specification.load import load_regime
from sim.specification.run import Horizon, RunSpec, Scenario, Study
from sim.world.capacity import capacity_share
from sim.world.people import NEVER
from sim.world.population import Population
from sim.world.services import ONE_OFF, Services
from sim.world.world import DEFAULT_CAPACITY, World, load_england
from tests.builders import (
    ALL_ON,
    SHORT_OF_MONEY,
    few,
    finished_model,
    held_by,
    lively_world,
    population_of,
    spec_of,
    with_parameters,
    without_offer,
)
from tests.invariants.cases import ARRIVAL, Case, cases

SERVICES = {"adult_ecmo": 3, "ahus": 1, "ert_mps_iva": 1, "kidney_transplant": 40, "renal_dialysis": 200, "sarcoma": 50}
"""A cut of England with every kind and group of service, one of them new, and the people a row stands for."""
SPENT_GBP_M = 2_500.0
SCARCE: dict[str, Any] = {
    "budget.plan_share_of_expected": 0.93,
    "budget.tolerated_share_of_plan": 0.015,
    "portfolio.specialised_spend_gbp_m": SPENT_GBP_M,
    "appraisal.national_error_log": 0.3,
}
"""Money that runs out in many months, and policies that differ enough for panels to have work."""
IN_TIME, BUDGET_SPENT, NO_SLOT = (REASONS.index(one) for one in ("treated_in_time", "budget_spent", "no_slot"))
REGIMES = tuple(shipped("regime"))
EXAMPLES, YEARS = 30, 2


def with_services(world: World, ids: tuple[str, ...]) -> World:
    """Return a world that knows some of its services alone; their capacity is divided as before."""
    kept = np.array([service in ids for service in world.services.ids])
    named = {field.name: getattr(world.services, field.name) for field in fields(Services)}

    def cut(column: Any) -> Any:
        return column[kept] if isinstance(column, np.ndarray) else tuple(np.array(column)[kept].tolist())

    services = Services(**{name: cut(column) for name, column in named.items()})
    providers = replace(world.providers, offers=world.providers.offers[:, kept])
    need = world.expected_need[:, kept]
    offers = capacity_share(services, providers, world.travel_hours, need, DEFAULT_CAPACITY)
    return replace(world, services=services, providers=providers, expected_need=need, offers=offers, links=())


@cache
def england() -> World:
    return with_services(load_england(), tuple(SERVICES))


def english(name: str, **of: Any) -> RunSpec:
    """Describe a short run of a cut of England under one shipped regime, benchmarks with all mechanisms off."""
    study = Study(
        id="cut",
        title="",
        path="",
        compare=(),
        baseline="",
        services=england().services.ids,
        horizon=Horizon("2015-04", YEARS, 0),
        replicates=1,
        seed=20130401,
        twin_sets=1,
        parameters=only_known(with_parameters({**ALL_ON, **SCARCE})),
        weights=tuple(SERVICES.items()),
    )
    return replace(study.run_spec(Scenario(name, name, (("2013-04", load_regime(name)),)), 0), **of)


@cache
def english_people(replicate: int = 0) -> Population:
    return population_of(england(), english("national_2013", replicate=replicate))


def run_oracle(world: World, spec: RunSpec, people: Population) -> PathwayModel:
    model = build(world, people, spec)
    while model.running:
        model.step()
    return model


def lives_in_both(world: World, spec: RunSpec, people: Population | None = None) -> Columns:
    """Run both programs, hold every life and every book of one against the other's, and return the lives."""
    people = people or population_of(world, spec)
    oracle, engine = run_oracle(world, spec, people), finished_model(world, spec, people)
    lives = lives_of_oracle(oracle)
    assert lives["state"].size == people.people.size
    assert differences(lives, lives_of_engine(engine)) == {}
    assert differences(books_of_oracle(oracle), books_of_engine(engine)) == {}
    return lives


def known(spec: RunSpec) -> RunSpec:
    """Return a specification with all mechanisms off that the oracle does not know."""
    return replace(spec, parameters=only_known(spec.parameters))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_the_oracle_takes_no_rule_from_the_engine() -> None:
    files = [path for path in Path(benchmarks.oracle.__path__[0]).glob("*.py") if path.name != "compare.py"]
    taken = {module for path in files for module in imports(path) if module.startswith("sim.")}

    assert len(files) >= 6
    assert {module for module in taken if module.startswith(("sim.phases", "sim.agents", "sim.model"))} == {
        "sim.model.setup"  # the envelope and the accounts
    }


@pytest.mark.parametrize("name", REGIMES)
def test_a_cut_of_england_has_the_same_lives_under_every_shipped_regime(name: str) -> None:
    lives_in_both(england(), english(name), english_people())


def test_the_cut_of_england_meets_every_reason_and_every_end() -> None:
    lives = lives_in_both(england(), english("ics_2022"), english_people())
    seen = set(lives["reason_from_onset"].tolist()) | set(lives["reason_from_diagnosis"].tolist()) - {-1}

    assert seen >= {REASONS.index(reason) for reason in REASONS if reason not in ("request_refused", "no_policy")}
    for day in ("policy_day", "start_day", "stop_day"):
        assert (lives[day] != NEVER).any(), day
    assert (lives["bill"] > 0).any()


@pytest.mark.parametrize("level", ["nation", "region", "district"])
@pytest.mark.parametrize("levers", [{}, {"ring_fence": False}, {"year_end": "freeze", "risk_share": 0.4}], ids=str)
def test_a_lively_world_has_the_same_lives(level: str, levers: dict[str, Any]) -> None:
    regime = held_by(level, specification_binding_share=0.5, budget_lines="by_group", **levers)
    changes = {**ALL_ON, **SHORT_OF_MONEY, "appraisal.national_error_log": 0.8, "panels.decision_months": 2}
    spec = known(spec_of(lively_world(), regime, changes, years=2, twin_sets=2))

    lives = lives_in_both(lively_world(), spec)

    assert set(lives["reason_from_diagnosis"].tolist()) >= {IN_TIME, BUDGET_SPENT, NO_SLOT}
    assert level == "nation" or (lives["refusals"] > 0).any()


def test_centres_that_are_opened_have_the_same_lives() -> None:
    world = without_offer(lively_world(n_services=4), provider=2, service=0)
    changes = {**ALL_ON, "network.opening_share_per_year": 1.0, "network.minimum_volume_share": 0.1}
    spec = known(spec_of(world, held_by("region"), changes, twin_sets=2))
    people = population_of(world, spec)

    lives_in_both(world, spec, people)

    opened = [one for one in run_oracle(world, spec, people).clinics if one.size == 0.0 < one.capacity]
    assert opened
    assert any(one.earned for one in opened)


@few(EXAMPLES)
@given(case=cases())
def test_any_world_has_the_same_lives(case: Case) -> None:
    world, spec = case
    lives_in_both(world, known(replace(spec, timeline=spec.timeline[:1])))


def test_what_a_panel_agrees_to_on_the_first_day_is_charged_to_the_first_year() -> None:
    world = lively_world(kinds=(ONE_OFF,), available_from_month=ARRIVAL, stock_waiting=40.0)
    shares = {"panels.approval_share": 0.9, "panels.request_share": 0.9}
    changes = {**ALL_ON, **SHORT_OF_MONEY, **shares, "panels.decision_months": 0}

    lives_in_both(world, known(spec_of(world, held_by("region"), changes)))


def test_what_the_oracle_does_not_know_is_refused() -> None:
    world = lively_world()
    spec = spec_of(world, held_by("region"), {"prices.enabled": True})

    with pytest.raises(ValueError, match=r"prices\.enabled"):
        build(world, population_of(world, spec), spec)


@pytest.mark.slow
@pytest.mark.parametrize("replicate", range(1, 4))
@pytest.mark.parametrize("name", REGIMES)
def test_more_replicates_of_england_have_the_same_lives(name: str, replicate: int) -> None:
    lives_in_both(england(), english(name, replicate=replicate), english_people(replicate))
