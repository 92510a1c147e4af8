"""The courses of patients under one scenario: the days on which things happened to them, and what it was worth."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.agents.columns import DEAD, NO_BED, NO_ROW, NOT_REFERRED, ON_TREATMENT, TOO_FAR, TREATED
from sim.agents.state import State
from sim.governance.matrix import Regime
from sim.model.model import CommissioningModel
from sim.model.run import simulated_timeline
from sim.specification.run import RunSpec
from sim.world.capacity import Offers
from sim.world.facts import MINUTES_PER_DAY
from sim.world.months import parse_month
from sim.world.people import NEVER
from sim.world.population import Population
from sim.world.time import DAYS_PER_YEAR, first_day
from sim.world.world import World

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NOBODY = -1
SETTLED = (ON_TREATMENT, TREATED, NOT_REFERRED, TOO_FAR, NO_BED, DEAD)
"""States from which nothing that a regime does can change the days of a life any more."""


class Courses(NamedTuple):
    """What happened to n people by the last simulated day; NEVER for what did not, or came after death."""

    diagnosis_day: Ints
    refused_day: Ints  # when a panel last refused a request
    policy_day: Ints  # when the treatment was found to be routinely funded, and the payer was asked
    approval_day: Ints
    start_day: Ints
    stop_day: Ints
    death_day: Ints
    provider: Ints  # the centre of referral or, in an emergency, of the bed; NOBODY where there is none
    lost: Ints  # why the person left the pathway untreated (a state of a patient), or 0
    wait_minutes: Ints

    def of(self, position: int) -> "Courses":
        """Return the course of one person."""
        return Courses(*(column[position : position + 1] for column in self))


COMPARED = tuple(name for name in Courses._fields if name != "wait_minutes")
"""Two lives are the same when these are; the minutes to a bed follow from its centre."""


@dataclass(frozen=True)
class Run:
    """One scenario that was run: who was in it, who governed, and the courses of ``rows`` (sorted)."""

    scenario: str
    world: World
    population: Population
    timeline: tuple[tuple[int, Regime], ...]  # (simulated month, regime)
    pooled: bool  # whether each holder bears its own risk; otherwise the nation pays for all
    start_month: int  # of the first simulated month, since January 1900
    offers: Offers  # the C centres of the run, those that may be opened among them
    local_prices: tuple[Ints, ...]  # for each regime of the timeline, [P, C] in pence; empty under a national tariff
    rows: Ints
    courses: Courses

    @property
    def end_day(self) -> int:
        """Return the first day that was not simulated."""
        return first_day(self.population.plan.months)


def simulate_courses(
    spec: RunSpec,
    world: World,
    population: Population,
    row: int | None = None,
    month_over: Callable[[int], None] = lambda month: None,
) -> Run:
    """Run a specification and return the courses of everyone real, or of one row only.

    With one row the run ends as soon as that life is settled. ``month_over`` is told the number of
    months that are over, the whole horizon at the end.
    """
    model = CommissioningModel(world, population, simulated_timeline(spec), spec.parameters, parse_month(spec.start))
    while model.running and not (row is not None and model.state.roster.patients[row].state in SETTLED):
        model.step()
        month_over(model.state.month)
    month_over(population.plan.months)
    run = read_run(model, spec, world, np.arange(population.real) if row is None else np.array([row]))
    model.close()
    return run


def read_run(model: CommissioningModel, spec: RunSpec, world: World, rows: Ints) -> Run:
    """Read what happened to some people of a model of a specification so far; ``world`` is that it was given."""
    government, state = model.government, model.state
    return Run(
        scenario=spec.scenario_id,
        world=world,
        population=state.population,
        timeline=government.timeline,
        pooled=spec.parameters.pooling.enabled,
        start_month=government.start_month,
        offers=state.world.offers,
        local_prices=government.local_prices,
        rows=rows,
        courses=read_courses(state, rows),
    )


def read_courses(state: State, rows: Ints) -> Courses:
    """Read what happened to the people of some rows by the last simulated day."""
    patients, end = state.roster.patients, first_day(state.population.plan.months)

    def column(name: str) -> Ints:
        values: Ints = getattr(patients, name)[rows].astype(np.int64)
        return values

    death = column("death_day")
    diagnosis, stop, cell, lost = column("diagnosis_day"), column("stop_day"), column("cell"), column("lost")
    happened = state.roster.people.onset_day[rows] < end
    seen = happened & (diagnosis <= death) & (diagnosis < end)

    def kept(days: Ints, when: Bools) -> Ints:
        return np.where(seen & when & (days < end), days, NEVER)

    def before_death(name: str) -> Ints:
        return kept(column(name), column(name) <= death)

    chosen = seen & (cell != NO_ROW) & (lost != NOT_REFERRED)
    provider = np.where(chosen, state.cells.provider[cell], NOBODY).astype(np.int64)
    return Courses(
        diagnosis_day=kept(diagnosis, seen),
        refused_day=before_death("refused_day"),
        policy_day=before_death("policy_day"),
        approval_day=before_death("approval_day"),
        start_day=before_death("start_day"),
        stop_day=kept(stop, stop < death),
        death_day=np.where(happened & (death < end), death, NEVER),
        provider=provider,
        lost=np.where(seen, lost, 0),
        wait_minutes=column("wait_minutes"),
    )


def apart(one: Courses, other: Courses) -> Bools:
    """Say for each person whether the two courses differ in anything, bool[n]."""
    differ: Bools = np.any([getattr(one, name) != getattr(other, name) for name in COMPARED], axis=0)
    return differ


def given(run: Run, name: str) -> npt.NDArray[Any]:
    """Return what the people of a run's rows were given before any regime acted, by column name."""
    column: npt.NDArray[Any] = getattr(run.population.people, name)[run.rows]
    return column


def qalys_lived(run: Run) -> Floats:
    """Return the undiscounted QALYs of each person from onset, or from the first simulated day, to the last.

    Years untreated and years from the start of treatment, each times its utility, as in the totals of a run.
    """
    courses, facts, service = run.courses, run.population.facts, given(run, "service")
    begin = np.maximum(given(run, "onset_day"), 0)
    death = np.minimum(courses.death_day, run.end_day)
    start = np.minimum(courses.start_day, death)
    before = np.maximum(start - begin, 0) * facts.utility_untreated[service]
    after = np.maximum(death - np.maximum(start, begin), 0) * facts.utility_treated[service]
    lived: Floats = (before + after) / DAYS_PER_YEAR
    return lived


def in_time(run: Run) -> Bools:
    """Say for each person whether treatment began inside the service's own access window from diagnosis."""
    courses, window = run.courses, run.population.facts.window_minutes[given(run, "service")]
    minutes = (courses.start_day - courses.diagnosis_day) * MINUTES_PER_DAY + courses.wait_minutes
    reached: Bools = (courses.start_day != NEVER) & (minutes <= window)
    return reached
