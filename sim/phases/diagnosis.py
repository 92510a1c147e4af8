"""Diagnosis: those whose illness is recognised this month; and those who may apply once more (mechanism 18)."""

import math

import numpy as np
import numpy.typing as npt

from sim.agents.calendar import everyone_due, schedule
from sim.agents.columns import DIAGNOSED, NO_POLICY, UNDIAGNOSED, Roster
from sim.agents.state import State
from sim.luck.compiled import rule
from sim.luck.decisions import DIAGNOSIS
from sim.luck.draws import exponential, unit, words
from sim.phases.hazard import change_hazard, untreated_hazard
from sim.settings.parameter import Parameters, parameter, switch
from sim.world.time import month_of
from sim.world.world import World

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int32]


class DiagnosisParameters(Parameters):
    """How an illness comes to be recognised, and what a centre nearby has to do with it."""

    enabled: bool = switch(
        18,
        "Whether recognition takes repeated contacts, each with a chance that grows with expertise within reach; when "
        "off, the time to diagnosis is exponential and the same everywhere",
    )
    recognition_share_per_contact: float = parameter(
        0.125,
        low=0.05,
        high=0.25,
        at_least=0.001,
        at_most=1.0,
        unit="share",
        source="eight doctors seen before diagnosis on average, survey of patients with rare diseases in the UK",
        grade="approximate",
        description="Chance that one contact recognises the illness, in England as a whole; contacts come as often as "
        "gives each service its own mean time to diagnosis",
    )
    expertise_exponent: float = parameter(
        0.2,
        low=0.0,
        high=0.4,
        at_least=0.0,
        at_most=5.0,
        unit="exponent",
        source="none found",
        grade="assumption",
        description="Recognition goes with the expertise within reach to this power; 0 makes it the same everywhere",
    )
    reach_hours: float = parameter(
        1.5,
        low=0.5,
        high=2.5,
        at_least=0.05,
        at_most=100.0,
        unit="hours",
        source="none found",
        grade="assumption",
        description="Travel time over which a centre's influence on doctors falls to 37 %",
    )


def recognition_by_place(world: World, usual: Floats, parameters: DiagnosisParameters) -> Floats:
    """Return how readily each place's doctors recognise an illness, float64[P, S]; 1 leaves the mean time alone.

    The usual cases of all centres (``usual``, float64[C]), each discounted by exp(−hours / reach), to a power, so
    scaled that the mean time to diagnosis over everyone in need is that of the service. The same under every
    regime: no evidence was found that a regime links doctors to centres better or worse.
    """
    shape, offers = world.expected_need.shape, world.offers
    factor = np.ones(shape)
    if not parameters.enabled or parameters.expertise_exponent == 0.0:
        return factor
    near = np.exp(-world.travel_hours[:, offers.provider] / parameters.reach_hours) * usual
    for service in range(shape[1]):
        part = slice(offers.first[service], offers.first[service + 1])
        within = near[:, part].sum(axis=1)
        if within.min() > 0.0:
            power = within**parameters.expertise_exponent
            need = world.expected_need[:, service]
            factor[:, service] = power * np.average(1.0 / power, weights=need)
    return factor


@rule
def years_to_diagnosis(roster: Roster, row: int, delay_years: float, share: float, readiness: float) -> float:
    """Draw the time from onset to recognition, with a mean of ``delay_years`` where readiness is 1.

    Contacts come at regular intervals from a random moment; the number of them is geometric with the share
    that one recognises. With a share of 0 the mechanism is off, and the time is exponential.
    """
    a, b, _, _ = words(roster.luck, roster.people[row].luck_owner, DIAGNOSIS, 0)
    if share <= 0.0:
        return exponential(a, delay_years)
    interval = delay_years / (1.0 / share - 0.5)
    here = min(share * readiness, 1.0)
    missed = int(math.log(unit(a)) / math.log1p(-here)) if here < 1.0 else 0
    return (missed + unit(b)) * interval


def run(state: State) -> None:
    """Walk through everyone due this month and list the diagnosed and the reapplying."""
    lists, roster, month = state.lists, state.roster, state.month
    due = everyone_due(roster.patients, roster.calendar, month)
    diagnosed, reapplying = np.empty_like(due), np.empty_like(due)
    recognised, again = recognise(roster, month, due, diagnosed, reapplying)
    lists.diagnosed, lists.reapplying = diagnosed[:recognised], reapplying[:again]


@rule
def recognise(roster: Roster, month: int, due: Rows, diagnosed: Rows, reapplying: Rows) -> tuple[int, int]:
    """Diagnose those who live to see their day; return the lengths of both lists.

    Everyone else who is due (deaths, ends of treatment) goes back into the month, for the outcome phase.
    """
    patients = roster.patients
    recognised, again = 0, 0
    for row in due:
        state = int(patients[row].state)
        if state == UNDIAGNOSED and patients[row].diagnosis_day <= patients[row].death_day:
            day = max(int(patients[row].diagnosis_day), 0)
            patients[row].state = DIAGNOSED
            change_hazard(roster, row, day, untreated_hazard(roster, row))
            schedule(patients, roster.calendar, row, month_of(int(patients[row].death_day)))
            diagnosed[recognised] = row
            recognised += 1
        elif state == NO_POLICY and month_of(int(patients[row].death_day)) > month:
            reapplying[again] = row
            again += 1
        else:
            schedule(patients, roster.calendar, row, month)
    return recognised, again
