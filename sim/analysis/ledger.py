"""The counterfactual ledger: one line for each person, what two regimes make of the same life, and where it parts.

Both regimes are run on one population under the same luck, so a difference between the two lives of a person is the
work of the regimes alone. ``sim.analysis.ledger_parting`` defines where lives part and what direct and displaced mean.

The ledger adds up. Weighted by the people that a row stands for, its columns sum to the run's own totals: people in
need and their reasons by place and service, waits by service, ending and day, and the cost of treatment by service and
year exactly, in whole people, days and pence; QALYs, which are no whole numbers, to one part in 10^9 by place and
service. Every account is checked when it is made.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.columns import DONOR_GAVE
from sim.analysis.courses import Bools, Floats, Ints, Run, read_run
from sim.analysis.ledger_lives import FROM_DIAGNOSIS, Lives, lives_of
from sim.analysis.ledger_parting import ALIKE, DECISIONS, NONE, Decision, Partings, Side, partings
from sim.analysis.ledger_watch import Seen, WatchedModel
from sim.model.result import BASES, ENDINGS, MAX_DAYS, REASONS, RunResult
from sim.model.run import simulated_timeline
from sim.model.summary import summarise
from sim.specification.run import RunSpec
from sim.world.months import parse_month
from sim.world.people import NEVER
from sim.world.population import Population
from sim.world.world import World

QALY_TOLERANCE = 1e-9
"""Largest relative gap between QALYs summed from the lines and those of the run."""
CLEAR_QALYS = 1e-9
"""A smaller difference between the QALYs of two lives is rounding."""
UNPARTED = Decision("none", "", NONE, "the same life under both")


class LedgerError(RuntimeError):
    """The lines of a ledger do not sum to the totals of the run."""


@dataclass(frozen=True)
class Account:
    """One regime's half of the ledger: the run, its own totals, and what became of everyone."""

    run: Run
    result: RunResult
    lives: Lives
    seen: Seen
    gave: Bools  # [n] who was treated from a living donor that effort had found


@dataclass(frozen=True)
class Ledger:
    """Two accounts of the same n people and where the lives of each part; differences are second less first."""

    first: Account
    second: Account
    partings: Partings

    @property
    def weight(self) -> Ints:
        """Return the people that each row stands for, int64[n]."""
        return weights(self.first.run)


def weights(run: Run) -> Ints:
    """Return the people that each row of a run stands for, int64[n]."""
    return run.population.people.weight[run.rows].astype(np.int64)


def account_of(
    spec: RunSpec, world: World, population: Population, month_over: Callable[[int], None] = lambda month: None
) -> Account:
    """Run a specification and return what became of everyone real; raise LedgerError unless all sums are the run's.

    ``month_over`` is told the number of months that are over.
    """
    model = WatchedModel(world, population, simulated_timeline(spec), spec.parameters, parse_month(spec.start))
    seen = model.watch(spec.parameters)
    while model.running:
        model.step()
        month_over(model.state.month)
    run = read_run(model, spec, world, np.arange(population.real))
    gave = (model.state.roster.patients.donor[run.rows] == DONOR_GAVE) & (run.courses.start_day != NEVER)
    account = Account(run, summarise(model, spec), lives_of(model.state, run), seen, gave)
    model.close()
    seen.forget_patients()
    for what in unequal_sums(account):
        raise LedgerError(f"the lines of the ledger under {run.scenario} do not sum to the run's {what}")
    return account


def make_ledger(first: Account, second: Account) -> Ledger:
    """Set two accounts of the same people against each other; raise ValueError when they are of different people."""
    if first.run.population is not second.run.population:
        raise ValueError(f"{first.run.scenario} and {second.run.scenario} were not run on the same people")
    one, other = (
        Side(account.run, account.seen, account.gave, account.lives.cost.sum(axis=0)) for account in (first, second)
    )
    return Ledger(first, second, partings(one, other))


def unequal_sums(account: Account) -> Iterator[str]:
    """Name the totals of a run to which the lines of its account do not sum."""
    run, lives, result = account.run, account.lives, account.result
    people, weight = run.population.people, weights(run)
    place, service = people.place[run.rows], people.service[run.rows].astype(np.int64)
    for basis, name in enumerate(BASES):
        counted = lives.reason[basis] >= 0
        where = tuple(part[counted] for part in (place, service, lives.reason[basis]))
        if not np.array_equal(summed(result.reasons[basis].shape, where, weight[counted]), result.reasons[basis]):
            yield f"reasons {name}"
        if result.people[basis].sum() != weight[counted].sum():
            yield f"people in need {name}"
    ended = lives.ending >= 0
    where = (service[ended], lives.ending[ended], lives.waited[ended])
    if not np.array_equal(summed(result.time_to_treatment.shape, where, weight[ended]), result.time_to_treatment):
        yield "days of wait"
    cost = np.stack([summed(result.weight.shape, (service,), weight * year) for year in lives.cost], axis=1)
    if not np.array_equal(cost, result.treatment_pence):
        yield "cost of treatment"
    lived = np.zeros(result.qalys.shape)
    np.add.at(lived, (place, service), weight * lives.qalys)
    if not np.allclose(lived, result.qalys, rtol=QALY_TOLERANCE, atol=0.0):
        yield "QALYs"


def summed(shape: tuple[int, ...], where: tuple[npt.NDArray[Any], ...], amounts: Ints) -> Ints:
    """Add whole amounts into a table of a shape, each at its own place, int64; nothing is rounded."""
    table = np.zeros(shape, dtype=np.int64)
    np.add.at(table, where, amounts)
    return table


@dataclass(frozen=True)
class Effect:
    """What became of the people whose lives part at one decision; amounts are second less first, in people."""

    decision: Decision
    people: int
    in_time_gained: int  # treated in time, from diagnosis, under the second only
    in_time_lost: int  # under the first only
    better: int  # who live more QALYs under the second
    worse: int
    qalys: float
    cost_pence: int

    @property
    def in_time(self) -> int:
        """Return by how many more are treated in time under the second."""
        return self.in_time_gained - self.in_time_lost


def effects(ledger: Ledger) -> list[Effect]:
    """Return one row for each decision at which any life parts, in the order of the pathway; the unparted come last."""
    named = [(code, decision) for code, decision in enumerate(DECISIONS)]
    found = [effect_on(ledger, decision, ledger.partings.decision == code) for code, decision in named]
    rest = effect_on(ledger, UNPARTED, ledger.partings.decision == ALIKE)
    return [*(effect for effect in found if effect.people), rest]


def effect_on(ledger: Ledger, decision: Decision, among: Bools) -> Effect:
    """Add up what became of some rows."""
    weight, (one, other) = ledger.weight[among], (ledger.first.lives, ledger.second.lives)
    before, after = one.in_time[among], other.in_time[among]
    gain = qalys_gained(ledger)[among]
    cost = (other.cost[:, among] - one.cost[:, among]).sum(axis=0)
    return Effect(
        decision=decision,
        people=int(weight.sum()),
        in_time_gained=int(weight[after & ~before].sum()),
        in_time_lost=int(weight[before & ~after].sum()),
        better=int(weight[gain > CLEAR_QALYS].sum()),
        worse=int(weight[gain < -CLEAR_QALYS].sum()),
        qalys=float((weight * gain).sum()),
        cost_pence=int((weight * cost).sum()),
    )


def qalys_gained(ledger: Ledger) -> Floats:
    """Return the QALYs that each person lives more under the second regime, float64[n]."""
    gain: Floats = ledger.second.lives.qalys - ledger.first.lives.qalys
    return gain


@dataclass(frozen=True)
class Total:
    """One total of the two runs; ``difference`` is the sum over the lines of the ledger."""

    name: str
    unit: str
    first: float
    second: float
    difference: float


def totals(ledger: Ledger) -> list[Total]:
    """Return the totals of both runs, and the differences that the lines of the ledger sum to."""
    one, other = (totals_of_run(account.result) for account in (ledger.first, ledger.second))
    before, after = (totals_of_lines(account) for account in (ledger.first, ledger.second))
    units = {"wait_until_treatment": "days", "treatment_cost": "pence"}
    rows = [Total(name, units.get(name, "people"), one[name], other[name], after[name] - before[name]) for name in one]
    lived, later = (float(account.result.qalys.sum()) for account in (ledger.first, ledger.second))
    return [*rows, Total("qalys", "QALYs", lived, later, float((ledger.weight * qalys_gained(ledger)).sum()))]


STARTED = ENDINGS.index("started")


def totals_of_run(result: RunResult) -> dict[str, int]:
    """Return what a run itself counts, from diagnosis, in whole numbers by name."""
    waits = result.time_to_treatment[:, STARTED].sum(axis=0) * np.arange(MAX_DAYS + 1)
    reasons = result.reasons[FROM_DIAGNOSIS].sum(axis=(0, 1))
    return {
        "people_in_need": int(result.people[FROM_DIAGNOSIS].sum()),
        **{name: int(reasons[code]) for code, name in enumerate(REASONS)},
        "wait_until_treatment": int(waits.sum()),
        "treatment_cost": int(result.treatment_pence.sum()),
    }


def totals_of_lines(account: Account) -> dict[str, int]:
    """Return the same numbers summed over the lines of an account."""
    lives, weight = account.lives, weights(account.run)
    reason = lives.reason[FROM_DIAGNOSIS]
    return {
        "people_in_need": int(weight[reason >= 0].sum()),
        **{name: int(weight[reason == code].sum()) for code, name in enumerate(REASONS)},
        "wait_until_treatment": int((weight * lives.waited)[lives.ending == STARTED].sum()),
        "treatment_cost": int((weight * lives.cost.sum(axis=0)).sum()),
    }
