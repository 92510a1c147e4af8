"""Counting lives: from the days that a run leaves behind to dense tables of places and services."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.agents.columns import DIVERTED, NO_BED, NO_ROW, NOT_REFERRED, TOO_FAR, Roster
from sim.luck.compiled import rule
from sim.model.result import BASES, ENDINGS, MAX_DAYS, REASONS
from sim.world.facts import MINUTES_PER_DAY
from sim.world.people import NEVER
from sim.world.services import EMERGENCY
from sim.world.time import month_of

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

IN_TIME = REASONS.index("treated_in_time")
UNDIAGNOSED = REASONS.index("undiagnosed")
REASON_NOT_REFERRED = REASONS.index("not_referred")
REASON_TOO_FAR = REASONS.index("too_far")
REASON_NO_POLICY = REASONS.index("no_policy")
REQUEST_REFUSED = REASONS.index("request_refused")
BUDGET_SPENT = REASONS.index("budget_spent")
NO_SLOT = REASONS.index("no_slot")
DIED = REASONS.index("died")
STARTED, ENDED_BY_DEATH, ENDED_BY_REFUSAL, CENSORED = range(len(ENDINGS))


class Span(NamedTuple):
    """The measured part of a run: days from ``first`` up to ``end``, by months and years of cohort."""

    first: int
    end: int
    first_month: int


class Tally(NamedTuple):
    """The tables that lives are counted into; see RunResult for their meaning."""

    people: Longs  # [2, P, S, 2, Y]
    reached: Longs
    reasons: Longs  # [2, P, S, R]
    time_to_treatment: Longs  # [S, E, D]
    starts: Longs  # [P, S]
    deaths_waiting: Longs  # [P, S]


def new_tally(places: int, services: int, years: int) -> Tally:
    """Allocate empty tables."""
    return Tally(
        people=np.zeros((len(BASES), places, services, 2, years), dtype=np.int64),
        reached=np.zeros((len(BASES), places, services, 2, years), dtype=np.int64),
        reasons=np.zeros((len(BASES), places, services, len(REASONS)), dtype=np.int64),
        time_to_treatment=np.zeros((services, len(ENDINGS), MAX_DAYS + 1), dtype=np.int64),
        starts=np.zeros((places, services), dtype=np.int64),
        deaths_waiting=np.zeros((places, services), dtype=np.int64),
    )


@rule
def diagnosed_alive(roster: Roster, row: int) -> bool:
    """Say whether the diagnosis came before death."""
    return roster.patients[row].diagnosis_day <= roster.patients[row].death_day


@rule
def minutes_to_treatment(roster: Roster, row: int, since: int) -> int:
    """Return the minutes from a day to the start of treatment; -1 when it never began."""
    patients = roster.patients
    if patients[row].start_day == NEVER:
        return -1
    return (int(patients[row].start_day) - since) * MINUTES_PER_DAY + int(patients[row].wait_minutes)


@rule
def reason_at(roster: Roster, row: int, since: int) -> int:  # noqa: PLR0911  (one for each reason)
    """Say why a person was or was not treated inside the access window that opens on a day.

    The reason is the step at which the person stood when the window closed.
    """
    patients = roster.patients
    service = int(roster.people[row].service)
    window = int(roster.facts[service].window_minutes)
    taken = minutes_to_treatment(roster, row, since)
    deadline = since + window // MINUTES_PER_DAY
    if 0 <= taken <= window:
        return IN_TIME
    seen = diagnosed_alive(roster, row) and patients[row].diagnosis_day <= deadline
    if roster.facts[service].kind == EMERGENCY and seen:
        return NO_SLOT if patients[row].lost in (NO_BED, DIVERTED) else REASON_TOO_FAR
    if patients[row].death_day <= deadline:
        return DIED
    if patients[row].diagnosis_day > deadline:
        return UNDIAGNOSED
    if patients[row].lost == NOT_REFERRED:
        return REASON_NOT_REFERRED
    if patients[row].lost == TOO_FAR:
        return REASON_TOO_FAR
    if patients[row].policy_day > deadline:
        return REQUEST_REFUSED if patients[row].refused_day <= deadline else REASON_NO_POLICY
    return BUDGET_SPENT if patients[row].approval_day > deadline else NO_SLOT


@rule
def followed(roster: Roster, span: Span, row: int, since: int) -> bool:
    """Say whether the whole access window that opens on a day lies in the measured days."""
    window = int(roster.facts[int(roster.people[row].service)].window_minutes)
    return since >= span.first and since - (-window // MINUTES_PER_DAY) < span.end


@rule
def count_access(roster: Roster, tally: Tally, span: Span, row: int, basis: int, since: int) -> None:
    """Count one person under one clock, if the whole window lies in the measured days."""
    people = roster.people
    place, service = int(people[row].place), int(people[row].service)
    if not followed(roster, span, row, since):
        return
    weight, severity = int(people[row].weight), int(people[row].severity)
    cohort = (month_of(since) - span.first_month) // 12
    reason = reason_at(roster, row, since)
    tally.people[basis, place, service, severity, cohort] += weight
    tally.reasons[basis, place, service, reason] += weight
    if reason == IN_TIME:
        tally.reached[basis, place, service, severity, cohort] += weight


@rule
def wait_ended(roster: Roster, span: Span, row: int) -> tuple[int, int]:
    """Return how and after how many days the time from diagnosis ended; -1 and 0 unless diagnosed in the span."""
    patients = roster.patients
    diagnosis = int(patients[row].diagnosis_day)
    if diagnosis < span.first or diagnosis >= span.end:
        return -1, 0
    start, death = int(patients[row].start_day), int(patients[row].death_day)
    ending, day = CENSORED, span.end - diagnosis
    if start < span.end:
        ending, day = STARTED, start - diagnosis
    elif patients[row].lost != 0:
        ending, day = ENDED_BY_REFUSAL, 0
    elif death < span.end:
        ending, day = ENDED_BY_DEATH, death - diagnosis
    return ending, day


@rule
def count_wait(roster: Roster, tally: Tally, span: Span, row: int) -> None:
    """Count how and after how many days the time from diagnosis ended, for those diagnosed in the span."""
    ending, day = wait_ended(roster, span, row)
    if ending >= 0:
        person = roster.people[row]
        tally.time_to_treatment[int(person.service), ending, min(day, MAX_DAYS)] += int(person.weight)


@rule
def count_events(roster: Roster, tally: Tally, span: Span, row: int) -> None:
    """Count starts, and deaths between diagnosis and treatment, in the measured days."""
    people, patients = roster.people, roster.patients
    place, service, weight = int(people[row].place), int(people[row].service), int(people[row].weight)
    start, death = int(patients[row].start_day), int(patients[row].death_day)
    if span.first <= start < span.end:
        tally.starts[place, service] += weight
    untreated = start == NEVER and patients[row].lost == 0
    if untreated and span.first <= death < span.end:
        tally.deaths_waiting[place, service] += weight


@rule
def count_lives(roster: Roster, tally: Tally, span: Span, real: int) -> None:
    """Count every real person who has fallen ill."""
    people, patients = roster.people, roster.patients
    for row in range(real):
        onset = int(people[row].onset_day)
        count_access(roster, tally, span, row, 1, onset)
        if diagnosed_alive(roster, row):
            count_access(roster, tally, span, row, 0, int(patients[row].diagnosis_day))
            count_wait(roster, tally, span, row)
            count_events(roster, tally, span, row)


@rule
def read_twins(
    roster: Roster, rows: npt.NDArray[np.int32], reached: npt.NDArray[np.int8], wait: npt.NDArray[np.int32]
) -> None:
    """Write for every twin whether the window was met, and the days waited (-1 when never started)."""
    for service in range(rows.shape[0]):
        for number in range(rows.shape[1]):
            for place in range(rows.shape[2]):
                row = int(rows[service, number, place])
                if row == NO_ROW:
                    continue
                diagnosis = int(roster.patients[row].diagnosis_day)
                in_time = reason_at(roster, row, diagnosis) == IN_TIME
                reached[service, number, place] = 1 if in_time else 0
                start = int(roster.patients[row].start_day)
                wait[service, number, place] = -1 if start == NEVER else start - diagnosis
