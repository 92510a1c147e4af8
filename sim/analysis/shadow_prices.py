"""Shadow prices: what a little more of what is scarce would do, found by running again under the same luck.

From the first measured day on there is 1 % more of one thing, and all before it is the same. The change in people
treated in time and in QALYs is divided by how much more there was, so it is told per unit:

* slots: every centre gives 1 % more starts; of ongoing treatment there are 1 % more whole places, at least one for a
  service, shared out as places are. The unit is 100 starts a year, or places, kept for a year. The money stays what
  it was, which is why this is no change of ``waiting.capacity_scale``: plans would grow with it.
* money: every year's plan for the modelled services is 1 % larger (``budget.plan_share_of_expected``). The unit is
  £100,000 of plans.
* panels: answers come one month sooner (``panels.decision_months``), as months are what the model counts in; the
  unit is a week, so the effect is divided by the weeks of a month. Where panels answer at once there is no such change.

More of one thing moves others in the queues that everyone shares, so single runs scatter; the interval is over
replicates, of paired differences. Only the measured years count: what a longer life is worth after them is not in it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.state import State
from sim.measures.intervals import NOT_DISTINGUISHABLE, mean_interval
from sim.model.model import CommissioningModel
from sim.model.result import BASES
from sim.model.run import simulated_timeline
from sim.model.summary import summarise
from sim.phases.waiting import WaitingParameters
from sim.specification.axes import Point, parameters_at
from sim.specification.run import RunSpec
from sim.world.capacity import whole_shares
from sim.world.months import parse_month
from sim.world.population import Population
from sim.world.services import ONGOING
from sim.world.time import DAYS_PER_YEAR
from sim.world.world import World

Bools = npt.NDArray[np.bool_]

STEP = 0.01
"""How much more there is, as a share: small, but more than the scatter of one or two people in a queue."""
SLOTS_PER_UNIT = 100.0
PENCE_PER_UNIT = 1e7
WEEKS_PER_MONTH = DAYS_PER_YEAR / 12 / 7
FROM_DIAGNOSIS = BASES.index("from_diagnosis")
NO_INTERVAL, MORE, FEWER = "one replicate", "more", "fewer"
NOTHING, NO_EFFECT = "no change", "nobody was affected"


@dataclass(frozen=True)
class Outcome:
    """What a run comes to in its measured years, and how much there was of what is scarce."""

    in_time: int  # people treated in time from diagnosis
    qalys: float
    reasons: npt.NDArray[np.int64]  # as in RunResult
    plan_pence: int
    slots: float  # starts a year and places, in people, as the first measured month finds them
    years: int


@dataclass(frozen=True)
class Situated:
    """A model in its first measured month, what it was made from, and the services that are to be given more."""

    model: CommissioningModel
    spec: RunSpec
    services: Bools  # [S]


@dataclass(frozen=True)
class Change:
    """A marginal change: how it is made in a model, and how many units more one run had than another."""

    name: str
    unit: str
    make: Callable[[Situated], None]
    units: Callable[[Outcome, Outcome], float]
    possible: Callable[[RunSpec], bool]


def more_slots(now: Situated) -> None:
    """Give the centres of some services a little more capacity."""
    state, offers = now.model.state, now.model.state.world.offers
    for service in np.flatnonzero(now.services):
        part = slice(int(offers.first[service]), int(offers.first[service + 1]))
        capacity = state.capacity[part]
        if state.world.services.kind[service] != ONGOING:
            capacity *= 1.0 + STEP
        elif capacity.sum() > 0.0:
            weight = int(state.population.weight[service])
            extra = max(round(STEP * float(capacity.sum()) / weight), 1)
            capacity += weight * whole_shares(capacity / capacity.sum(), extra)


def more_money(now: Situated) -> None:
    """Raise the plans of the years to come; purses are not kept by service, so all of them."""
    lay_over(now, "budget.plan_share_of_expected", now.spec.parameters.budget.plan_share_of_expected * (1.0 + STEP))


def faster_panels(now: Situated) -> None:
    """Let panels answer a month sooner."""
    lay_over(now, "panels.decision_months", now.spec.parameters.panels.decision_months - 1)


def lay_over(now: Situated, key: str, value: float) -> None:
    """Change one parameter of a model from now on."""
    now.model.situation.parameters = parameters_at(now.spec.parameters, Point(1, ((key, value),)))


def slots_of(state: State, parameters: WaitingParameters) -> float:
    """Return the starts a year, and the whole places, of all centres together, in people."""
    offers = state.world.offers
    weight = state.population.weight[offers.service]
    yearly = state.capacity * parameters.capacity_scale
    places = np.floor(yearly / weight + 1e-9) * weight
    return float(np.where(state.world.services.kind[offers.service] == ONGOING, places, yearly).sum())


def _more_slots(base: Outcome, changed: Outcome) -> float:
    return (changed.slots - base.slots) * base.years / SLOTS_PER_UNIT


def _more_money(base: Outcome, changed: Outcome) -> float:
    return (changed.plan_pence - base.plan_pence) / PENCE_PER_UNIT


def _weeks(base: Outcome, changed: Outcome) -> float:
    return WEEKS_PER_MONTH


CHANGES = (
    Change(
        "slots", "100 more slots for a year", more_slots, _more_slots, lambda s: s.parameters.waiting.capacity_enabled
    ),
    Change("money", "£100,000 more in the plans", more_money, _more_money, lambda s: s.parameters.budget.cap_enabled),
    Change(
        "panels",
        "panels one week faster",
        faster_panels,
        _weeks,
        lambda s: s.parameters.panels.enabled and s.parameters.panels.decision_months > 0,
    ),
)


def outcome_of(
    spec: RunSpec, world: World, population: Population, change: Change | None = None, services: Bools | None = None
) -> Outcome:
    """Run a specification, with a change from the first measured month on where one is given.

    ``services``, bool[S], are those that are given more slots; all of them unless said.
    """
    model = CommissioningModel(world, population, simulated_timeline(spec), spec.parameters, parse_month(spec.start))
    which = np.ones(len(world.services.ids), dtype=np.bool_) if services is None else services
    slots = 0.0
    while model.running:
        if model.state.month == population.plan.first_measured_month:
            if change is not None:
                change.make(Situated(model, spec, which))
            slots = slots_of(model.state, spec.parameters.waiting)
        model.step()
    result = summarise(model, spec)
    model.close()
    return Outcome(
        in_time=int(result.reached[FROM_DIAGNOSIS].sum()),
        qalys=float(result.qalys.sum()),
        reasons=result.reasons,
        plan_pence=int(result.plan_pence.sum()),
        slots=slots,
        years=result.measured_years,
    )


@dataclass(frozen=True)
class ShadowPrice:
    """What one more unit does under one regime, the mean over ``pairs`` of replicates with its interval.

    ``units`` is by how many units the runs with more differ from those without, the mean. Amounts are nan, and the
    verdict "no change", where there was no more of it; "nobody was affected" where no replicate differs at all.
    """

    regime: str
    change: str
    unit: str
    measure: str
    per_unit: float
    low: float
    high: float
    units: float
    pairs: int
    verdict: str


Outcomes = Mapping[str, Sequence[tuple[Outcome, Mapping[str, Outcome]]]]
"""By regime, for each replicate: the run as it is, and by the name of a change the run with it."""


def shadow_prices(outcomes: Outcomes) -> list[ShadowPrice]:
    """Return what one more unit of each scarce thing does under each regime: people in time, and QALYs."""
    return [
        _price(regime, change, measure, pairs)
        for regime, runs in outcomes.items()
        for change in CHANGES
        if (pairs := [(base, changed[change.name]) for base, changed in runs if change.name in changed])
        for measure in ("in_time", "qalys")
    ]


def _price(regime: str, change: Change, measure: str, pairs: Sequence[tuple[Outcome, Outcome]]) -> ShadowPrice:
    units = np.array([change.units(*pair) for pair in pairs])
    gains = np.array([getattr(changed, measure) - getattr(base, measure) for base, changed in pairs], dtype=np.float64)
    told = (regime, change.name, change.unit, measure)
    if not (units > 0.0).all():
        return ShadowPrice(*told, np.nan, np.nan, np.nan, float(units.mean()), len(pairs), NOTHING)
    found = mean_interval(gains / units)
    verdict = NOT_DISTINGUISHABLE if found.n > 1 else NO_INTERVAL
    if found.excludes_zero:
        verdict = MORE if found.mean > 0.0 else FEWER
    if not gains.any():
        verdict = NO_EFFECT
    return ShadowPrice(*told, found.mean, found.low, found.high, float(units.mean()), found.n, verdict)
