"""A bench that makes runs of any study at once, with rows for what is asked and values that depend on the regime."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sim.measures.rows import ALL, ALL_PATIENTS
from sim.model.result import RunResult
from sim.specification.run import RunSpec
from sim.study.bench import Bench
from sim.study.table import COLUMNS, Columns
from tests.study import fakes

PEOPLE = 1000.0
PURSES = {"national_2022": 1, "ics_joint_2025": 9, "area_teams_2012": 10, "ics_2022": 42}
SERVICES = ("pnh", "cystic_fibrosis", "kidney_transplant", "renal_dialysis")


def simulate(specs: Sequence[RunSpec], world: Any) -> Iterator[tuple[RunSpec, RunResult]]:
    """Yield results that name the money of their run beside its regime."""
    for spec in specs:
        money = spec.parameters.budget.plan_share_of_expected
        yield spec, replace(fakes.result(spec), regime_id=f"{spec.scenario_id} {money}")


def tabulate(outcome: RunResult, world: Any) -> Columns:
    """Return the rows that the scripts read: more purses, more of everything; boards gain as money grows."""
    regime, money = outcome.regime_id.split(" ")
    purses = PURSES.get(regime, 42)
    luck = zlib.crc32(f"{regime}{outcome.replicate}".encode()) % 100 / 1e6
    plans = float(purses * outcome.measured_years)
    boards = 10 * (float(money) - 1.0) if regime == "ics_2022" else 0.0
    rows = [
        ("access_from_diagnosis", ALL_PATIENTS, 0.5 + boards + luck, PEOPLE),
        ("tau_icb", ALL_PATIENTS, 0.01 * purses + luck, PEOPLE),
        ("overspend_share_of_plan", ALL, 0.3 - 0.005 * purses + luck, PEOPLE),
        ("overspent_plans_share", ALL, 0.5 + luck, plans),
    ]
    for number, service in enumerate(SERVICES):
        rows.append(("access_from_diagnosis", service, 0.5 + luck, 10.0**number * outcome.measured_years))
        rows.append(("twin_discordance", service, 0.01 * purses * (1.5 - number) + 0.5 + luck, 100.0))
    return _columns(rows)


def _columns(rows: Sequence[tuple[str, str, float, float]]) -> Columns:
    measure, service, value, denominator = map(list, zip(*rows, strict=True))
    content = {
        "measure": measure,
        "service": service,
        "value": value,
        "denominator": denominator,
        "numerator": [part * whole for part, whole in zip(value, denominator, strict=True)],
        **{name: [text] * len(rows) for name, text in (("geography", "nation"), ("area", "England"))},
        **{name: [text] * len(rows) for name, text in (("period_start", "all"), ("unit", "share"))},
    }
    return {name: content[name] for name in COLUMNS}


def bench() -> Bench:
    """Return the bench."""
    return Bench(load_world=fakes.small_world, simulate=simulate, tabulate=tabulate, data_hash="1" * 64)
