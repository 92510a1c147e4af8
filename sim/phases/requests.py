"""Requests: whoever is diagnosed asks for treatment; what is not routinely funded can be asked of a panel (5)."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.agents.calendar import schedule
from sim.agents.columns import AGREED_TO, ASKED, AWAITING_FUNDS, NO_POLICY, Coverage, Ledger, Roster
from sim.luck.compiled import copied, rule
from sim.luck.decisions import PANEL, REQUEST, TOPIC
from sim.luck.draws import unit, words
from sim.phases.agreement import agreed, promise
from sim.world.people import NEVER
from sim.world.services import ONE_OFF
from sim.world.time import first_day, month_of

Rows = npt.NDArray[np.int32]

MOST_REFUSALS = 127  # that a column counts


class Terms(NamedTuple):
    """On what terms treatment that is not routinely funded can be asked for."""

    topics: int  # of a service
    request_share: float
    panel_months: int
    months_between: int
    months_until_too_late: int


@rule
def apply_for_funds(
    roster: Roster, ledger: Ledger, coverage: Coverage, requests: Rows, month: int, terms: Terms
) -> None:
    """Let those whose treatment is routinely funded, or agreed to by a panel, ask their payer.

    The others look again in a later month. The starting queue was agreed to, and charged, before the first day.
    """
    people, patients = roster.people, roster.patients
    for row in requests:
        place, service = int(people[row].place), int(people[row].service)
        if month == 0 and int(people[row].given_day) < 0 and coverage.topics[place, service] != 0:
            ask_payer(roster, row, month)
            promise(roster, ledger, int(ledger.account_of[place, service]), row, 1)
            agreed(roster, row, month)
        elif routinely_funded(roster, coverage, row, terms.topics):
            ask_payer(roster, row, month)
        elif too_late(roster, coverage, row, month, terms):
            look_again(roster, row, NEVER)
        elif patients[row].request == ASKED or (terms.panel_months == 0 and asks(roster, coverage, row, terms)):
            answer_request(roster, ledger, coverage, row, month, terms)
        elif asks(roster, coverage, row, terms):
            patients[row].request = ASKED
            look_again(roster, row, month + terms.panel_months)
        else:
            look_again(roster, row, month + terms.months_between)


@copied
def routinely_funded(roster: Roster, coverage: Coverage, row: int, topics: int) -> bool:
    """Say whether the topic under which a patient falls is funded where the patient lives."""
    person = roster.people[row]
    mask = int(coverage.topics[int(person.place), int(person.service)])
    if (mask + 1) & ((1 << topics) - 1) == 0:
        return mask != 0  # everything is
    a, _, _, _ = words(roster.luck, person.luck_owner, TOPIC, 0)
    return (mask >> int(unit(a) * topics)) & 1 == 1


@copied
def ask_payer(roster: Roster, row: int, month: int) -> None:
    """Let a patient whose treatment is covered ask the payer, from the day on which that was found."""
    patients = roster.patients
    if patients[row].state == NO_POLICY:
        schedule(patients, roster.calendar, row, month_of(int(patients[row].death_day)))
    patients[row].policy_day = max(int(patients[row].diagnosis_day), first_day(month))
    patients[row].state = AWAITING_FUNDS


@copied
def look_again(roster: Roster, row: int, month: int) -> None:
    """Let a patient whose treatment is not covered wait for a later month, unless death comes first."""
    patients = roster.patients
    patients[row].state = NO_POLICY
    schedule(patients, roster.calendar, row, min(month_of(int(patients[row].death_day)), month))


@copied
def too_late(roster: Roster, coverage: Coverage, row: int, month: int, terms: Terms) -> bool:
    """Say whether a one-off treatment that was decided against would come too late by now."""
    place, service = int(roster.people[row].place), int(roster.people[row].service)
    decided = coverage.topics[place, service] != 0 and roster.facts[service].kind == ONE_OFF
    since = month_of(int(roster.patients[row].diagnosis_day))
    return bool(decided and month - since > terms.months_until_too_late)


@copied
def asks(roster: Roster, coverage: Coverage, row: int, terms: Terms) -> bool:
    """Say whether a patient is one for whom a request is made; what does not exist yet cannot be asked for."""
    if coverage.can_be_requested[int(roster.people[row].service)] == 0:
        return False
    a, _, _, _ = words(roster.luck, roster.people[row].luck_owner, REQUEST, 0)
    return unit(a) < terms.request_share


@rule
def answer_request(roster: Roster, ledger: Ledger, coverage: Coverage, row: int, month: int, terms: Terms) -> None:
    """Let the panel of the patient's place agree or refuse; whoever is refused may ask again (mechanism 5)."""
    person, patients = roster.people[row], roster.patients
    a, _, _, _ = words(roster.luck, person.luck_owner, PANEL, int(patients[row].refusals))
    agrees = unit(a) < coverage.approval[int(person.place), int(person.service)]
    ledger.requests[1 if agrees else 0, month // 12] += int(person.weight)
    if agrees:
        patients[row].request = AGREED_TO
        ask_payer(roster, row, month)
        return
    patients[row].request = 0
    patients[row].refusals = min(int(patients[row].refusals) + 1, MOST_REFUSALS)
    patients[row].refused_day = max(int(patients[row].diagnosis_day), first_day(month))
    look_again(roster, row, month + terms.months_between)
