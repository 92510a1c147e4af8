"""What a small part of England came to when it was last looked at: ``python -m tests.engine.golden`` writes it anew.

A change of the rules, of a default or of the data changes these numbers, and should: look at what changed
and why, write them anew, and say so with the change. A change that was meant to change nothing must not.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.governance.levers import Levers
from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Regime
from sim.model.result import RunResult
from sim.model.run import simulate_unit
from sim.specification.run import RunSpec, Timeline
from sim.world.world import World, load_england
from tests.builders import ALL_ON, START, held_by, spec_of
from tests.engine.digest import counts_digest

FILE = Path(__file__).with_name("golden.json")
LEVELS = ("nation", "icb_2022")
SERVICES = ("adult_ecmo", "ert_gaucher", "kidney_transplant", "liver_transplant", "renal_dialysis")
SPENT_GBP_M = 16_050.0


def specs(world: World) -> list[RunSpec]:
    """Describe two years, the first of them burn-in, every mechanism on.

    Under a nation, under boards, and under boards that must share all functions with the nation from the second year.
    """
    whole = {**ALL_ON, "portfolio.specialised_spend_gbp_m": SPENT_GBP_M, "budget.tolerated_share_of_plan": 0.015}
    row = dict.fromkeys(FUNCTIONS, Cell("nation", partner="icb_2022", lead="none"))
    shared = Regime("shared", dict.fromkeys(GROUPS, row), Levers(price_rule="local", risk_share=0.2, year_end="freeze"))
    regimes: list[Regime | Timeline] = [held_by(level) for level in LEVELS]
    regimes.append(((START, replace(held_by("icb_2022"), id="shared")), ("2014-04", shared)))
    return [spec_of(world, regime, whole, seed=20130401, services=SERVICES, twin_sets=2) for regime in regimes]


def numbers(result: RunResult) -> dict[str, Any]:
    """Return what is kept of a result: checksums, counts to the last one, sums of floats."""
    by_service = [result.service_ids.index(service) for service in SERVICES]

    def counted(table: Any) -> dict[str, int]:
        return {service: int(table[index]) for service, index in zip(SERVICES, by_service, strict=True)}

    return {
        "lives": f"{result.lives_checksum:016x}",
        "twins": f"{result.twins_checksum:016x}",
        "counts": counts_digest(result),
        "people": counted(result.people[1].sum(axis=(0, 2, 3))),
        "treated_in_time": counted(result.reached[1].sum(axis=(0, 2, 3))),
        "starts": counted(result.starts.sum(axis=0)),
        "deaths_waiting": counted(result.deaths_waiting.sum(axis=0)),
        "waiting_at_end": counted(result.waiting_at_end),
        "treatment_gbp": int(result.treatment_pence.sum()) // 100,
        "qalys": float(result.qalys.sum()),
        "qalys_discounted": float(result.qalys_discounted.sum()),
        "travel_minutes": float(result.travel_minutes.sum()),
    }


def found() -> dict[str, dict[str, Any]]:
    """Make the runs and return their numbers, by level."""
    world = load_england()
    return {spec.scenario_id: numbers(result) for spec, result in simulate_unit(specs(world), world)}


if __name__ == "__main__":
    FILE.write_text(json.dumps(found(), indent=2) + "\n", encoding="utf-8")
