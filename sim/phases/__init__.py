"""The agents' rules, one module for each phase of the month; the order of the month is data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sim.agents.state import State
from sim.governance.expertise import ExpertiseParameters
from sim.phases import (
    diagnosis,
    donors,
    funding,
    observation,
    onset,
    outcome,
    planning,
    referral,
    settlement,
    treatment,
    waiting,
)
from sim.phases.choice import Looks
from sim.phases.government import Government, PlanningParameters


class MechanismParameters(PlanningParameters, Protocol):
    """The groups of parameters that the phases read, those of planning among them."""

    @property
    def funding(self) -> funding.FundingParameters: ...  # noqa: D102
    @property
    def waiting(self) -> waiting.WaitingParameters: ...  # noqa: D102
    @property
    def expertise(self) -> ExpertiseParameters: ...  # noqa: D102
    @property
    def diagnosis(self) -> diagnosis.DiagnosisParameters: ...  # noqa: D102


@dataclass
class Situation:
    """What a phase may look at and change."""

    state: State
    government: Government
    parameters: MechanismParameters
    looks: Looks


@dataclass(frozen=True)
class Phase:
    """One step of the month: who acts, the rule in one line, and the function that does it."""

    name: str
    actor: str
    rule: str
    run: Callable[[Situation], None]


def _fund(now: Situation) -> None:
    government = now.government
    settlement.release(now.state, government.books, government.purses, now.parameters.budget, government.levers)
    funding.run(now.state, now.parameters.funding, now.parameters.policy, now.parameters.panels)


def _refer(now: Situation) -> None:
    referral.run(now.state, now.parameters.referral, now.looks)
    donors.seek(now.state)


def _wait(now: Situation) -> None:
    waiting.run(now.state, now.parameters.waiting)
    donors.run(now.state)


def _enter(now: Situation) -> None:
    onset.run(now.state, now.parameters.diagnosis)
    if now.state.month == 0:
        treatment.place_stock(now.state, now.parameters.waiting)


PHASES: tuple[Phase, ...] = (
    Phase(
        "planning",
        "holders of policy and budget",
        "each April plans are set from envelope and balance, topics decided, sites opened, pathways designed",
        lambda now: planning.run(now.state, now.government, now.parameters),
    ),
    Phase(
        "onset",
        "world",
        "people fall ill (Poisson by place and service); severity, natural history and luck are drawn once",
        _enter,
    ),
    Phase(
        "diagnosis",
        "patient",
        "each contact may recognise the illness, sooner where expertise is near, unless death comes first",
        lambda now: diagnosis.run(now.state),
    ),
    Phase(
        "referral",
        "patient, contracting holder, budget holder",
        "a centre is chosen by travel, wait and whose area it is in; far or poor, fewer go; savings make donors sought",
        _refer,
    ),
    Phase(
        "funding",
        "policy holder, case holder, budget holder",
        "routine if policy allows, else a panel is asked; agreed by urgency and date while spending keeps to plan",
        _fund,
    ),
    Phase(
        "waiting",
        "provider",
        "free starts and places go by urgency, then date; emergencies take the nearest bed; living donors need none",
        _wait,
    ),
    Phase(
        "treatment",
        "provider",
        "the procedure may kill, then the treated hazard runs, less where expertise is high; the payer owes the price",
        lambda now: treatment.run(now.state),
    ),
    Phase(
        "outcome",
        "patient",
        "deaths fall due, and ongoing treatment ends; places, promises and queue positions are given back",
        lambda now: outcome.run(now.state),
    ),
    Phase(
        "settlement",
        "budget holder",
        "the month is paid for; in March the balance is carried, or crosses into money outside the account",
        lambda now: settlement.run(now.state, now.government.books, now.government.purses, now.government.levers),
    ),
    Phase(
        "observation",
        "observer",
        "queues are written down on the first and the last measured day",
        lambda now: observation.run(now.state),
    ),
    Phase(
        "learning",
        "provider",
        "in March each centre's cases of the year add to its expertise, some of which is forgotten",
        lambda now: observation.learn(now.state, now.parameters.expertise),
    ),
)
"""The month, in order; planning acts on its plans only in April."""
