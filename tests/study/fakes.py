"""A model that is quick, small and obedient: each regime does what its id says."""

import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.governance.levers import Levers
from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Regime
from sim.model.result import ENDINGS, MAX_DAYS, REASONS, RunResult
from sim.specification.parameters import ParameterSet
from sim.specification.run import Horizon, RunSpec, Scenario, Study
from sim.study.bench import Bench
from sim.study.table import COLUMNS, Columns

LEVERS = (
    Levers(),
    Levers(ring_fence=False),
    Levers(allocation="historic"),
    Levers(allocation="capitation"),
)
SLOW_S, HANGS_S = 0.05, 300.0


def scenario(name: str, number: int) -> Scenario:
    row = {function: Cell("nation") for function in FUNCTIONS}
    regime = Regime(name, dict.fromkeys(GROUPS, row), LEVERS[number], title=f"title of {name}")
    return Scenario(name, regime.title, (("", regime),))


def study(names: Sequence[str] = ("north", "south"), replicates: int = 4, **changes: Any) -> Study:
    content: dict[str, Any] = {
        "id": "small",
        "title": "",
        "path": "small.yaml",
        "compare": tuple(scenario(name, number) for number, name in enumerate(names)),
        "baseline": names[0],
        "services": ("a", "b"),
        "horizon": Horizon("2013-04", 2, 1),
        "replicates": replicates,
        "seed": 7,
        "twin_sets": 1,
        "parameters": ParameterSet(),
    }
    return Study(**(content | changes))


def result(spec: RunSpec) -> RunResult:
    """Counts that depend on the run alone, and hold together."""
    seed = hashlib.sha256(repr((spec.seed, spec.replicate, spec.timeline[0][1].levers)).encode()).digest()
    rng = np.random.default_rng(list(seed))
    places, services, years = 3, 2, spec.years
    people = rng.integers(5, 50, (2, places, services, 2, years))
    reached = rng.binomial(people, 0.7)
    reasons = np.zeros((2, places, services, len(REASONS)), dtype=np.int64)
    reasons[..., 0] = reached.sum(axis=(-2, -1))
    reasons[..., 1] = (people - reached).sum(axis=(-2, -1))
    money = np.zeros((1, years), dtype=np.int64)
    return RunResult(
        regime_id=spec.scenario_id,
        seed=spec.seed,
        replicate=spec.replicate,
        start=spec.start,
        measured_years=years,
        place_codes=("p1", "p2", "p3"),
        service_ids=("a", "b"),
        service_groups=("specialised_retained", "specialised_delegable"),
        access_window_days=np.array([30.0, 90.0]),
        weight=np.ones(services, dtype=np.int64),
        people=people,
        reached=reached,
        reasons=reasons,
        time_to_treatment=np.zeros((services, len(ENDINGS), MAX_DAYS + 1), dtype=np.int64),
        starts=reached[0].sum(axis=(-2, -1)),
        deaths_waiting=np.zeros((places, services), dtype=np.int64),
        travel_minutes=np.zeros((places, services)),
        qalys=np.zeros((places, services)),
        qalys_discounted=np.zeros((places, services)),
        waiting_at_start=np.zeros(services, dtype=np.int64),
        waiting_at_end=np.zeros(services, dtype=np.int64),
        treatment_pence=np.zeros((services, years), dtype=np.int64),
        price_premium_pence=np.zeros((services, years), dtype=np.int64),
        rest_of_portfolio_pence=np.zeros(years, dtype=np.int64),
        low_value_pence=np.zeros(years, dtype=np.int64),
        balance_pence=np.zeros(1, dtype=np.int64),
        committed_pence=np.zeros(1, dtype=np.int64),
        administration_pence=np.zeros(years, dtype=np.int64),
        handover_pence=np.zeros(years, dtype=np.int64),
        requests=np.zeros((2, years), dtype=np.int64),
        patient_travel_pence=np.zeros(years, dtype=np.int64),
        plan_pence=money,
        spend_pence=money,
        crossed_pence=money,
        displaced_qalys=np.zeros(years),
        low_value_qalys=np.zeros(years),
        discount_factor=np.ones(years),
        provider_income_pence=np.array([60, 40]),
        payments_pence=np.array([100]),
        budget_holder=np.zeros((places, services), dtype=np.int64),
        twin_reached=np.ones((services, 1, places), dtype=np.int8),
        twin_wait_days=np.zeros((services, 1, places), dtype=np.int32),
        **no_lines(places, services, years),
        lives_checksum=int(people.sum()),
        twins_checksum=0,
    )


def no_lines(places: int, services: int, years: int) -> dict[str, Any]:
    """Return the lines of cost of one account and two providers that neither paid nor earned anything."""
    lines = ("running_pence", "contracting_pence", "coordination_pence", "panels_pence")
    return {
        "account_identities": (1,),
        "account_bearers": np.array([[1, 0]], dtype=np.uint64),
        "account_line": np.array([-1]),
        "account_places": np.ones((1, places), dtype=np.bool_),
        "provider_ids": ("k1", "k2"),
        **dict.fromkeys(("paid_pence", "paid_premium_pence"), np.zeros((1, services, years), dtype=np.int64)),
        **dict.fromkeys(("earned_pence", "earned_premium_pence"), np.zeros((2, services, years), dtype=np.int64)),
        "paid_rest_pence": np.zeros((1, years), dtype=np.int64),
        "paid_low_value_pence": np.zeros((1, services, years), dtype=np.int64),
        **dict.fromkeys(lines, np.zeros(years, dtype=np.int64)),
        "service_travel_pence": np.zeros((services, years), dtype=np.int64),
        "rest_forgone_qalys": np.zeros(years),
    }


def simulate(specs: Sequence[RunSpec], world: Any) -> Iterator[tuple[RunSpec, RunResult]]:
    """Yield one result a regime; ids that begin with fails, dies, slow, hangs or never do what they say."""
    for spec in specs:
        if spec.scenario_id.startswith("fails"):
            raise ZeroDivisionError(f"no people in replicate {spec.replicate}")
        if spec.scenario_id.startswith("dies"):
            os.kill(os.getpid(), 9)
        time.sleep({"slow": SLOW_S, "hangs": HANGS_S}.get(spec.scenario_id.split("_")[0], 0.0))
        if not spec.scenario_id.startswith("never"):
            yield spec, result(spec)


def tabulate(outcome: RunResult, world: Any) -> Columns:
    """Return two rows a service: how many were reached, and where they live is the nation."""
    people = outcome.people[0].sum(axis=(0, 2, 3)).astype(float)
    reached = outcome.reached[0].sum(axis=(0, 2, 3)).astype(float)
    number = len(outcome.service_ids)
    columns = {
        "measure": ["access_from_diagnosis"] * number,
        "geography": ["nation"] * number,
        "area": ["England"] * number,
        "service": list(outcome.service_ids),
        "period_start": ["all"] * number,
        "numerator": reached,
        "denominator": people,
        "value": reached / people,
        "unit": ["share of people in need"] * number,
    }
    return {name: columns[name] for name in COLUMNS}


def small_world(spec: RunSpec) -> Any:
    """Only as much of a world as is needed to count the people of a run."""
    return SimpleNamespace(
        services=SimpleNamespace(ids=("a", "b")),
        places=SimpleNamespace(codes=("p1", "p2", "p3")),
        expected_need=np.full((3, 2), 10.0),
    )


def bench() -> Bench:
    return Bench(load_world=small_world, simulate=simulate, tabulate=tabulate, data_hash="0" * 64)


def digests(root: Path) -> dict[str, str]:
    """Return the digest of every finished run of a store by key, each checked against its rows."""
    from sim.study.store import Store

    store = Store(root)
    return {manifest["key"]: store.read(manifest["key"]).manifest["result_digest"] for manifest in store.manifests()}
