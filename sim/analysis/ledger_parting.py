"""Where two lives of one person part: the first event that differs, whose decision it was, and of what kind.

Both lives begin alike, for who falls ill, when and with what luck is given. So the first event that is not the same
is where the regimes reach the person. Events of one day are taken in the order of the pathway (``DECISIONS``).

*Direct*: somebody decided otherwise about this very person, or about people like them in this place. The treatment
is routinely funded under one regime and not (yet) under the other; a panel agrees under one only; a pathway that
the contract holder designs refers under one only; the payer's effort finds this person a donor under one only; the
price differs; or the centre is another one because the contract holder's rule is another one.

*Displaced*: the decisions about the person are the same, but others have moved what they share with the person: the
money that is left, the queue for a place or a bed, the queues that a choice of centre goes by, what a centre has
learnt from its cases, or a place on treatment that somebody's donor has freed. Money and places are given by one rule
to all who ask, by urgency and date while they last, so whoever meets their end is displaced, whichever purse it is.

A centre is chosen by rule and queues together. It counts as direct if the rule of one regime, with the queues of
the other, would have chosen a centre that the other regime did not; otherwise the queues alone moved the person.

*None*: nothing in the two lives differs, nor what they cost.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.agents.columns import NOT_REFERRED, TOO_FAR
from sim.analysis.costs import first_month_apart, months_of
from sim.analysis.courses import NOBODY, Bools, Ints, Run, given
from sim.analysis.ledger_watch import REFUSED, ROUTINE, Seen, centres_by
from sim.phases.referral import MONTHS_BETWEEN_LOOKS
from sim.world.people import ENTRY_TREATED, NEVER
from sim.world.services import EMERGENCY
from sim.world.time import first_day

NONE, DIRECT, DISPLACED = "none", "direct", "displaced"
KINDS = (DIRECT, DISPLACED, NONE)


@dataclass(frozen=True)
class Decision:
    """An event at which lives part: its name, whose decision it is, its kind, and what is said of it.

    ``by`` is the holder of a function of the regime, or ``patient`` or ``provider``, or "" for nobody.
    """

    name: str
    by: str
    kind: str
    words: str


DECISIONS = (
    Decision("recognition", "", DISPLACED, "recognised sooner under one"),
    Decision("centre", "contracting", DIRECT, "contracts favour or open another"),
    Decision("centre", "patient", DISPLACED, "queues led to another"),
    Decision("referral", "contracting", DIRECT, "referred under one only"),
    Decision("policy", "policy", DIRECT, "routinely funded sooner, or under one only"),
    Decision("panel", "cases", DIRECT, "agrees under one only"),
    Decision("funds", "budget", DISPLACED, "there was money sooner under one"),
    Decision("donor", "budget", DIRECT, "effort found one under one only"),
    Decision("slot", "provider", DISPLACED, "place or bed free sooner under one"),
    Decision("relief", "budget", DISPLACED, "somebody else's donor ended treatment"),
    Decision("outcome", "provider", DISPLACED, "the centre had other experience"),
    Decision("price", "contracting", DIRECT, "same life, another price"),
)
"""In the order of the pathway, which settles what comes first on one day."""

(RECOGNITION, CENTRE, CENTRE_BY_QUEUES, REFERRAL, POLICY, PANEL, FUNDS, DONOR, SLOT, RELIEF, OUTCOME, PRICE) = range(
    len(DECISIONS)
)
ALIKE = -1
"""The decision of those whose lives do not part."""


class Side(NamedTuple):
    """One of two runs of the same people, with what was seen of it while it went on."""

    run: Run
    seen: Seen
    gave: Bools  # [n] who was treated from a donor that effort had found
    cost: Ints  # [n] over the measured years, in pence


class Partings(NamedTuple):
    """Where the lives of n people part."""

    decision: npt.NDArray[np.int8]  # [n] of DECISIONS, ALIKE where they do not
    month: npt.NDArray[np.int32]  # [n] the simulated month; -1 where they do not


def partings(one: Side, other: Side) -> Partings:
    """Find for everyone the first event at which two runs of the same people part."""
    months = one.run.population.plan.months
    first = np.full(one.run.rows.size, _key(NEVER, 0), dtype=np.int64)
    for decision, rows, days in [*_of_pathway(one, other), *_of_answers(one, other), *_after_start(one, other)]:
        first[rows] = np.minimum(first[rows], _key(days, decision))
    day, decided = first // len(DECISIONS), first % len(DECISIONS)
    parted = day != NEVER
    month = np.where(parted, np.maximum(months_of(day), 0), -1)
    decided = np.where(parted, decided, ALIKE)
    _weigh_choices(one, other, decided, month)
    paid = first_month_apart(one.run, other.run)
    dearer = ~parted & (paid < months) & (one.cost != other.cost)
    decided[dearer], month[dearer] = PRICE, paid[dearer]
    return Partings(decided.astype(np.int8), month.astype(np.int32))


Found = tuple[int, Ints, Ints]
"""A decision, the positions of those about whom it differs, and the day on which it first does."""


def _key(days: Ints | int, decision: int) -> Ints | int:
    """Return a number that orders events by day, then by the order of the pathway."""
    return days * len(DECISIONS) + decision


def _differ(decision: int, days: tuple[Ints, Ints], among: Bools | bool = True) -> Found:
    """Find those whose event falls on different days; the earlier is where they part."""
    rows = np.flatnonzero((days[0] != days[1]) & among)
    return decision, rows, np.minimum(days[0][rows], days[1][rows])


def _of_pathway(one: Side, other: Side) -> Iterator[Found]:
    """Yield what differs up to the referral, and at the payer."""
    a, b = one.run.courses, other.run.courses
    seen_on = np.minimum(a.diagnosis_day, b.diagnosis_day)
    yield _differ(RECOGNITION, (a.diagnosis_day, b.diagnosis_day))
    moved = np.flatnonzero(
        _chooses(one.run) & _elsewhere(one.run, other.run) & (a.provider != NOBODY) & (b.provider != NOBODY)
    )
    yield CENTRE, moved, seen_on[moved]
    lost = [np.where(np.isin(course.lost, (NOT_REFERRED, TOO_FAR)), course.lost, 0) for course in (a, b)]
    referred = np.flatnonzero(lost[0] != lost[1])
    yield REFERRAL, referred, seen_on[referred]
    yield _differ(FUNDS, (a.approval_day, b.approval_day))


def _chooses(run: Run) -> Bools:
    """Tell who chooses a centre: not in an emergency, nor those on treatment since before the first day."""
    emergency = run.population.facts.kind[given(run, "service")] == EMERGENCY
    chooses: Bools = ~emergency & (given(run, "entry") != ENTRY_TREATED)
    return chooses


def _elsewhere(one: Run, other: Run) -> Bools:
    away: Bools = one.courses.provider != other.courses.provider
    return away


def _after_start(one: Side, other: Side) -> Iterator[Found]:
    """Yield what differs in the start of treatment, or after it."""
    a, b = one.run.courses, other.run.courses
    ahead = np.where(a.start_day < b.start_day, one.gave & ~other.gave, other.gave & ~one.gave)
    yield _differ(DONOR, (a.start_day, b.start_day), ahead)
    yield _differ(SLOT, (a.start_day, b.start_day))
    bed = np.flatnonzero(~_chooses(one.run) & (_elsewhere(one.run, other.run) | (a.lost != b.lost)))
    yield SLOT, bed, np.minimum(a.diagnosis_day, b.diagnosis_day)[bed]
    yield _differ(RELIEF, (a.stop_day, b.stop_day))
    yield _differ(OUTCOME, (a.death_day, b.death_day))


def _of_answers(one: Side, other: Side) -> Iterator[Found]:
    """Yield the first answers that differ: of policy, or of a panel.

    A panel decides where both sides have its answer. Where one side has none, policy there had decided otherwise:
    funded before, or so clearly against that nobody asks any more.
    """
    a, b = one.run.courses, other.run.courses
    differs = (a.policy_day != b.policy_day) | (a.refused_day != b.refused_day)
    months = one.run.population.plan.months
    answered, otherwise = (_answer_keys(side.seen, differs, months) for side in (one, other))
    odd = np.setxor1d(answered, otherwise, assume_unique=True)
    row, month, answer = odd // (4 * months), odd // 4 % months, odd % 4
    first = np.full(differs.size, months, dtype=np.int64)
    np.minimum.at(first, row, month)
    at_first = month == first[row]
    routine, answers = np.zeros(differs.size, dtype=np.bool_), np.zeros(differs.size, dtype=np.int64)
    routine[row[at_first & (answer == ROUTINE)]] = True
    np.add.at(answers, row[at_first], 1)
    rows = np.flatnonzero(first < months)
    begins = np.array([first_day(m) for m in range(months)], dtype=np.int64)
    days = np.maximum(np.minimum(a.diagnosis_day, b.diagnosis_day)[rows], begins[first[rows]])
    by_panel = ~routine[rows] & (answers[rows] == 2)
    yield POLICY, rows[~by_panel], days[~by_panel]
    yield PANEL, rows[by_panel], days[by_panel]


def _answer_keys(seen: Seen, among: Bools, months: int) -> Ints:
    """Return the answers to some people as one number each: row, month, answer."""
    assert REFUSED < 4
    found = [
        (4 * (answers.rows.astype(np.int64) * months + answers.month) + answers.answer)[among[answers.rows]]
        for answers in seen.answers
    ]
    return np.concatenate(found)


def _weigh_choices(one: Side, other: Side, decided: Ints, month: Ints) -> None:
    """Tell those whom queues alone led to another centre from those whom a rule did."""
    moved = np.flatnonzero(decided == CENTRE)
    look = month[moved] - month[moved] % MONTHS_BETWEEN_LOOKS
    for at in np.unique(look):
        rows = moved[look == at]
        by_one = centres_by(one.seen, int(at), other.seen, rows.astype(np.int32))
        by_other = centres_by(other.seen, int(at), one.seen, rows.astype(np.int32))
        same_rule = (by_one == other.run.courses.provider[rows]) & (by_other == one.run.courses.provider[rows])
        decided[rows[same_rule]] = CENTRE_BY_QUEUES
