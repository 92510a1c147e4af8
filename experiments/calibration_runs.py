"""What the model gives for the targets for which England is run: ten regional groups until 2013, then one nation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import stats

from experiments.calibration_kinds import Estimate
from sim.model.result import RunResult
from sim.model.run import simulate_unit
from sim.specification.load import load_study
from sim.specification.parameters import ParameterSet
from sim.specification.run import RunSpec

Floats = npt.NDArray[np.float64]

REPLICATES = 6
BEFORE, FIRST, SECOND, THIRD = range(4)
"""The measured years 2012-13, the last under the groups, to 2015-16."""
SETTINGS = (
    "compare=[branch_2013_national]",
    "baseline=branch_2013_national",
    "horizon.start=2010-04",
    "horizon.burn_in_years=2",
    "horizon.years=4",
    "twin_sets=0",
)
DEFLATOR_2013_14 = 0.81
BUDGET_GBP_M = 13_000.0
PENCE_IN_MILLION = 1e8
AS_IT_IS = "as the code has it"


@dataclass(frozen=True)
class Variant:
    """One change that shows what the overspend hangs on."""

    words: str
    group: str = ""
    name: str = ""
    value: float | bool = 0.0

    def of(self, parameters: ParameterSet) -> ParameterSet:
        """Return parameters with the change made."""
        if not self.group:
            return parameters
        changed = getattr(parameters, self.group).model_copy(update={self.name: self.value})
        return parameters.model_copy(update={self.group: changed})


VARIANTS = (
    Variant(AS_IT_IS),
    Variant("no handover (mechanism 17 off)", "handover", "enabled", False),
    Variant("nothing tolerated beyond plan", "budget", "tolerated_share_of_plan", 0.0),
    Variant("3 % tolerated beyond plan", "budget", "tolerated_share_of_plan", 0.03),
)
Runs = Mapping[str, Sequence[RunResult]]


def specifications(replicate: int, variants: Sequence[Variant]) -> list[RunSpec]:
    """Return the run of one replicate under each variant."""
    study = load_study("branch_2013", [*SETTINGS, f"replicates={replicate + 1}"])
    spec = study.run_spec(study.compare[0], replicate)
    return [replace(spec, scenario_id=one.words, parameters=one.of(spec.parameters)) for one in variants]


def run_england(variants: Sequence[Variant] = VARIANTS) -> Runs:
    """Run variants on the same people, replicate by replicate."""
    found: dict[str, list[RunResult]] = {variant.words: [] for variant in variants}
    for replicate in range(REPLICATES):
        for spec, result in simulate_unit(specifications(replicate, variants)):
            found[spec.scenario_id].append(result)
    return found


def mean_of(values: Sequence[float]) -> Estimate:
    """Return a mean over replicates with its 95 % interval (Student's t)."""
    array = np.array(values)
    half = float(stats.t.ppf(0.975, array.size - 1) * array.std(ddof=1) / np.sqrt(array.size))
    return Estimate(float(array.mean()), float(array.mean()) - half, float(array.mean()) + half)


def overspend(result: RunResult, year: int) -> float:
    """Return what all accounts paid beyond their plans for a year, in per cent of the plans."""
    plan, spend = int(result.plan_pence[:, year].sum()), int(result.spend_pence[:, year].sum())
    return 100.0 * (spend / plan - 1.0)


def left_outside(result: RunResult) -> float:
    """Return what was left in general budgets in the first year, in per cent of the plan that would have been right."""
    outside = -int(result.crossed_pence[:, FIRST].sum())
    return 100.0 * outside / (int(result.plan_pence[:, FIRST].sum()) + outside)


def growth(result: RunResult) -> float:
    """Return the growth of spending on the modelled services in the two years to 2015-16, in per cent a year."""
    spend = result.treatment_pence.sum(axis=0)
    return 100.0 * float(np.sqrt(spend[THIRD] / spend[FIRST]) - 1.0)


def spend_on(result: RunResult, *services: str) -> float:
    """Return spending on some services in 2013-14, in millions of pounds of that year."""
    rows = [result.service_ids.index(service) for service in services]
    return float(result.treatment_pence[rows, FIRST].sum()) / PENCE_IN_MILLION * DEFLATOR_2013_14


def measured_of(result: RunResult) -> dict[str, float]:
    """Return the value of one run for every target for which England is run, by its id."""
    asked = result.requests.sum(axis=0).astype(np.float64)
    return {
        "requests_regional": float(asked[BEFORE]),
        "requests_national": float(asked[[FIRST, SECOND]].mean()),
        "requests_third": float(asked[THIRD]),
        "misclassified": left_outside(result),
        "overspend_first": overspend(result, FIRST),
        "overspend_second": overspend(result, SECOND),
        "growth": growth(result),
        "radiotherapy": spend_on(result, "radiotherapy"),
        "dialysis_chemotherapy": spend_on(result, "renal_dialysis", "chemotherapy"),
    }


def measured(runs: Runs) -> dict[str, Estimate]:
    """Return the model's value for every target for which England is run, by its id."""
    found = [measured_of(result) for result in runs[AS_IT_IS]]
    return {name: mean_of([one[name] for one in found]) for name in found[0]}


def overspends(runs: Runs) -> dict[str, tuple[Estimate, Estimate]]:
    """Return the overspend of the first and the second year under every variant, in per cent of plan."""
    return {
        words: (mean_of([overspend(one, FIRST) for one in found]), mean_of([overspend(one, SECOND) for one in found]))
        for words, found in runs.items()
    }
