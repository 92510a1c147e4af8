"""What has to be seen while a run goes on to say who decided: the answers to requests, and what centres were chosen by.

Nothing here changes a run; the model is looked at between two of its phases.
"""

from dataclasses import dataclass, field, fields, replace

import numpy as np
import numpy.typing as npt

from sim.agents.columns import Cells, Coverage, Roster
from sim.agents.state import Lists, State
from sim.luck.compiled import rule
from sim.luck.decisions import CHOICE
from sim.luck.draws import Luck, unit, words
from sim.model.model import CommissioningModel
from sim.phases import Phase
from sim.phases.referral import MONTHS_BETWEEN_LOOKS, ReferralParameters, chosen_cell, look_at_centres
from sim.phases.requests import routinely_funded
from sim.specification.parameters import ParameterSet
from sim.world.people import NEVER, People
from sim.world.time import first_day

Rows = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

ROUTINE, AGREED, REFUSED = 1, 2, 3
"""How it was answered whether somebody is treated: funded for all like them, or by a panel for or against them."""


@dataclass(frozen=True)
class Answers:
    """The answers of one month."""

    month: int
    rows: Rows
    answer: npt.NDArray[np.int8]


@dataclass(frozen=True)
class View:
    """By what centres are chosen from one month to the next look: whom contracts favour, what is open, who queues."""

    month: int
    in_footprint: Bools  # [P, C]
    capacity: npt.NDArray[np.float64]  # [C]
    cells: Cells  # [C]


@dataclass
class Seen:
    """What was seen of one run; ``state`` is its state without the patients, once the run has ended."""

    referral: ReferralParameters
    topics: int
    state: State
    answers: list[Answers] = field(default_factory=list)
    views: list[View] = field(default_factory=list)

    def look(self, phase: str) -> None:
        """Write down what a phase that has just ended has left to be seen."""
        if phase == "referral" and self.state.month % MONTHS_BETWEEN_LOOKS == 0:
            self.views.append(view_of(self.state))
        elif phase == "funding":
            self.answers.append(answers_of(self.state, self.topics))

    def forget_patients(self) -> None:
        """Let go of the columns of patients, who are millions."""
        nobody = np.zeros(0, dtype=np.int32)
        lists = Lists(*[nobody] * len(fields(Lists)))
        roster = self.state.roster
        roster = roster._replace(patients=roster.patients[:0])  # type: ignore[index, arg-type]  # an array of records
        self.state = replace(self.state, roster=roster, lists=lists)


class WatchedModel(CommissioningModel):
    """The same model, looked at after every phase."""

    seen: Seen | None = None

    def watch(self, parameters: ParameterSet) -> Seen:
        """Begin to watch; return what is seen, which grows with every month."""
        self.seen = Seen(parameters.referral, parameters.policy.topics_per_service, self.state)
        return self.seen

    def act(self, phase: Phase) -> None:
        """Run one phase and look at what it has left."""
        super().act(phase)
        if self.seen is not None:
            self.seen.look(phase.name)


def view_of(state: State) -> View:
    """Copy by what centres are chosen at present."""
    cells = state.cells.copy()  # type: ignore[operator]  # an array of records
    return View(state.month, state.reach.in_footprint.copy(), state.capacity.copy(), cells)


def answers_of(state: State, topics: int) -> Answers:
    """Read how the requests of this month were answered; who is still without an answer is left out."""
    rows = np.concatenate([state.lists.diagnosed, state.lists.reapplying])
    rows = rows[rows < state.population.real]
    people, patients = state.roster.people, state.roster.patients
    asked = np.maximum(patients.diagnosis_day[rows], first_day(state.month))
    covered = patients.policy_day[rows] != NEVER
    refused = ~covered & (patients.refused_day[rows] == asked)
    routine = np.zeros(rows.size, dtype=np.bool_)
    read_routine(state.roster, state.coverage, rows, topics, routine)
    if state.month == 0:  # the starting queue has its answer from before
        decided = state.coverage.topics[people.place[rows], people.service[rows]] != 0
        routine |= (people.given_day[rows] < 0) & decided
    answer = np.where(covered, np.where(routine, ROUTINE, AGREED), np.where(refused, REFUSED, 0)).astype(np.int8)
    return Answers(state.month, rows[answer != 0], answer[answer != 0])


@rule
def read_routine(roster: Roster, coverage: Coverage, rows: Rows, topics: int, routine: Bools) -> None:
    """Write for each row whether its topic is funded where it lives."""
    for position in range(rows.size):
        routine[position] = routinely_funded(roster, coverage, rows[position], topics)


def centres_by(seen: Seen, month: int, queues: Seen, rows: Rows) -> Ints:
    """Return the provider that each of some people would choose by one run's rule and another's queues, int64[n].

    The rule: the parameters, whom contracts favour, and which centres are open and how large. The queues: who
    stands at each centre. ``month`` is that of the look at both. A centre that only the first run has is without
    a queue.
    """
    state, people = seen.state, seen.state.roster.people
    own, other = (found.views[month // MONTHS_BETWEEN_LOOKS] for found in (seen, queues))
    swapped = replace(
        state,
        capacity=own.capacity,
        cells=with_queues(own.cells, other.cells),
        reach=state.reach._replace(in_footprint=own.in_footprint),
    )
    table = np.empty_like(state.reach.choice)
    look_at_centres(swapped, seen.referral, table)
    cell = np.zeros(rows.size, dtype=np.int32)
    choose(people, state.roster.luck, table, state.reach.first, rows, cell)
    provider: Ints = state.cells.provider[cell].astype(np.int64)
    return provider


def with_queues(own: Cells, other: Cells) -> Cells:
    """Return the offers of one run with whatever stands at the same service and provider in another."""
    span = int(max(own.provider.max(), other.provider.max())) + 1
    key, known = (cells.service.astype(np.int64) * span + cells.provider for cells in (own, other))
    at = np.minimum(np.searchsorted(known, key), known.size - 1)
    there = known[at] == key
    mixed = own.copy()  # type: ignore[operator]  # an array of records
    mixed.queued[:] = 0
    mixed[there] = other[at[there]]
    return mixed  # type: ignore[no-any-return]


@rule
def choose(people: People, luck: Luck, table: npt.NDArray[np.float64], first: Rows, rows: Rows, cell: Rows) -> None:
    """Write the offer that each row chooses by a table of choice."""
    for position in range(rows.size):
        row = rows[position]
        place, service = int(people[row].place), int(people[row].service)
        a, _, _, _ = words(luck, people[row].luck_owner, CHOICE, 0)
        cell[position] = chosen_cell(table, int(first[service]), int(first[service + 1]), place, unit(a))
