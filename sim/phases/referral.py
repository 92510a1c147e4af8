"""Referral: the patient and the contracting holder choose a centre (mechanisms 8, 13 and 19)."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.agents.columns import NOT_REFERRED, TOO_FAR, Reach, Roster
from sim.agents.queue import TIE_BITS, queue_key
from sim.agents.state import State
from sim.luck.compiled import copied, rule
from sim.luck.decisions import CHOICE, QUEUE_TIE
from sim.luck.draws import unit, words
from sim.phases.choice import Looks, fade, fill_choice, fill_choices, look_again, new_looks
from sim.settings.parameter import Parameters, parameter, switch
from sim.world.services import EMERGENCY, ONGOING
from sim.world.world import World

Floats = npt.NDArray[np.float64]

URGENT_WINDOW_MINUTES = 14 * 1440
"""A service whose access window is two weeks or less is asked for by people who cannot wait."""

MONTHS_BETWEEN_LOOKS = 3
"""Waiting times are published by the quarter; those who choose see the last ones."""


class ReferralParameters(Parameters):
    """How far patients go, what a queue deters, and who is not referred because of the distance."""

    travel_enabled: bool = switch(8, "Whether travel time sways the choice of centre and the chance of referral")
    travel_weight_per_hour: float = parameter(
        3.0,
        low=0.0,
        high=6.0,
        at_least=0.0,
        at_most=50.0,
        unit="log odds per hour",
        source="none found; 33.5 % of patients bypass the nearest centre in one study, https://orca.cf.ac.uk/129641",
        grade="assumption",
        description="How strongly one hour more of travel lowers the odds that a centre is chosen",
    )
    wait_weight_per_month: float = parameter(
        0.5,
        low=0.0,
        high=2.0,
        at_least=0.0,
        at_most=50.0,
        unit="log odds per month",
        source="none found",
        grade="assumption",
        description="How strongly one month more of expected waiting lowers the odds that a centre is chosen",
    )
    in_footprint_enabled: bool = switch(
        13, "Whether contracting holders steer patients to centres inside their own area"
    )
    in_footprint_log_odds: float = parameter(
        1.0,
        low=0.0,
        high=2.0,
        at_least=0.0,
        at_most=50.0,
        unit="log odds",
        source="none found",
        grade="assumption",
        description="How much more likely a centre is chosen because it stands in the area of the place's contracting "
        "holder; with one national holder all centres do",
    )
    not_referred_share: float = parameter(
        0.02,
        low=0.0,
        high=0.10,
        at_least=0.0,
        at_most=0.9,
        unit="share",
        source="none found",
        grade="assumption",
        description="Diagnosed people who are not referred even when a centre stands next door",
    )
    non_referral_log_odds_per_hour: float = parameter(
        0.223,
        low=0.0,
        high=0.6,
        at_least=0.0,
        at_most=5.0,
        unit="log odds per hour",
        source="odds ratio 1.25 with travel time, https://pubmed.ncbi.nlm.nih.gov/22516762 (the unit of exposure was "
        "not seen; studies with no effect exist: PMC4697930)",
        grade="approximate",
        description="How much one hour of travel to the chosen centre raises the log odds of non-referral",
    )


class DeprivationParameters(Parameters):
    """Who is referred less for where they stand in society, the same under every regime."""

    enabled: bool = switch(19, "Whether people in more deprived places are less often referred")
    non_referral_log_odds: float = parameter(
        0.3,
        low=0.0,
        high=0.6,
        at_least=0.0,
        at_most=5.0,
        unit="log odds",
        source="none found for specialised services as a whole",
        grade="assumption",
        description="Log odds of non-referral in the most over the least deprived place",
    )


class Distances(NamedTuple):
    """How far the C centres are from the P places, the same under every regime."""

    hours: Floats  # [P, C] one way, as the patient feels them
    nearness: Floats  # [P, C] what is left of a centre's odds at that distance
    nearest: npt.NDArray[np.int32]  # [P, C] the cells of each service, nearest first


def felt_distances(world: World, parameters: ReferralParameters) -> Distances:
    """Return how far centres are as patients feel it, and the centres of each service by distance."""
    offers, first = world.offers, world.offers.first
    hours = world.travel_hours[:, offers.provider]
    if not parameters.travel_enabled:
        hours = np.zeros_like(hours)
    nearest = np.zeros(hours.shape, dtype=np.int32)
    for service in range(first.size - 1):
        part = slice(first[service], first[service + 1])
        # of centres equally far the larger comes first, so that no order of ids decides
        by_size = np.argsort(-offers.capacity[part], kind="stable")
        order = np.argsort(hours[:, part][:, by_size], axis=1, kind="stable")
        nearest[:, part] = by_size[order] + first[service]
    nearness = np.empty_like(hours)
    fade(hours, parameters.travel_weight_per_hour, nearness)
    return Distances(hours, nearness, nearest)


def prepare(
    state: State, distances: Distances, parameters: ReferralParameters, deprivation: DeprivationParameters
) -> None:
    """Fill in how far centres are and who is referred next door, and look at the centres for the first time."""
    state.reach.attendance[:] = next_door_log_odds(state, parameters, deprivation)
    state.reach.hours[:], state.reach.nearness[:], state.reach.nearest[:] = distances
    look_at_centres(state, parameters, state.reach.choice)


def first_looks(state: State, parameters: ReferralParameters) -> Looks:
    """Return what is seen before the first month, at which nobody has looked."""
    home = parameters.in_footprint_log_odds if parameters.in_footprint_enabled else 0.0
    per_hour = parameters.travel_weight_per_hour if parameters.travel_enabled else 0.0
    return new_looks(state.reach.first, attraction(state, parameters), (per_hour, home), state.reach.hours.shape[0])


def next_door_log_odds(state: State, parameters: ReferralParameters, deprivation: DeprivationParameters) -> Floats:
    """Return the log odds that the diagnosed are referred next door by a pathway as good as any, float64[P, 1]."""
    missed = deprivation_log_odds(state.world.places.deprivation_rank, deprivation)
    return attendance_odds(parameters)[0] - missed[:, np.newaxis]


def look_at_centres(state: State, parameters: ReferralParameters, choice: Floats) -> None:
    """Fill a table of choice, float64[P, C], by how far centres are, how long one waits there and whose they are."""
    fill_choices(state.reach, first_looks(state, parameters), choice)


def attraction(state: State, parameters: ReferralParameters) -> Floats:
    """Return what draws people to a centre wherever they live, float64[C] in log odds.

    Expected waits deter; without travel, people spread as supply does. What has no capacity is not open: −inf.
    """
    supply = 0.0 if parameters.travel_enabled else np.log(np.maximum(state.capacity, 1e-9))
    drawn: Floats = supply - parameters.wait_weight_per_month * expected_wait_months(state)
    return np.where(state.capacity > 0.0, drawn, -np.inf)


def expected_wait_months(state: State) -> Floats:
    """Return the months that each centre's queue would take to clear, float64[C]."""
    services, offers = state.world.services, state.world.offers
    ongoing = services.kind[offers.service] == ONGOING
    stay = np.where(ongoing, np.maximum(services.duration_on_treatment_years[offers.service], 1 / 12), 1.0)
    monthly = np.maximum(state.capacity / stay / 12.0, 1e-9) / state.population.weight[offers.service]
    wait: Floats = state.cells.queued / monthly
    return wait


def attendance_share(hours: Floats, parameters: ReferralParameters, missed_log_odds: Floats | float = 0.0) -> Floats:
    """Return the probability of being referred at a travel time, in the shape of ``hours``.

    Logistic in travel time (mechanism 8): logit(1 − not_referred_share) − log odds per hour × hours, less what
    a place's deprivation adds to the log odds of non-referral (mechanism 19, in a shape that fits ``hours``).
    """
    intercept, slope = attendance_odds(parameters)
    share: Floats = 1.0 / (1.0 + np.exp(-(intercept - missed_log_odds - slope * hours)))
    return share


def deprivation_log_odds(rank: Floats, parameters: DeprivationParameters) -> Floats:
    """Return what deprivation adds to the log odds of non-referral, float64[P], 0 in the middle of the ranks."""
    gradient = parameters.non_referral_log_odds if parameters.enabled else 0.0
    added: Floats = gradient * (rank - 0.5)
    return added


def attendance_odds(parameters: ReferralParameters) -> tuple[float, float]:
    """Return the intercept and the slope per hour of the log odds of being referred; no slope without travel."""
    missing = parameters.not_referred_share
    intercept = float(np.log((1.0 - missing) / missing)) if missing > 0 else 50.0
    return intercept, parameters.non_referral_log_odds_per_hour if parameters.travel_enabled else 0.0


def run(state: State, parameters: ReferralParameters, looks: Looks) -> None:
    """Refer those diagnosed this month; emergencies go onto a list of their own."""
    if state.month % MONTHS_BETWEEN_LOOKS == 0:
        look_again(state.reach.first, looks, attraction(state, parameters))
    slope = attendance_odds(parameters)[1]
    lists = state.lists
    emergencies = np.empty_like(lists.diagnosed)
    kept, urgent = refer(state.roster, state.reach, looks, lists.diagnosed, emergencies, slope)
    lists.diagnosed, lists.emergencies = lists.diagnosed[:kept], emergencies[:urgent]


@copied
def chosen_cell(choice: Floats, first: int, last: int, place: int, u: float) -> int:
    """Invert the choice table of one place for one service."""
    low, high = first, last - 1
    while low < high:
        middle = (low + high) // 2
        if u > choice[place, middle]:
            low = middle + 1
        else:
            high = middle
    return low


@copied
def line_up(roster: Roster, row: int) -> None:
    """Give a patient a place in every queue to come: by urgency, day of diagnosis and a keyed tie."""
    high, low, _, _ = words(roster.luck, roster.people[row].luck_owner, QUEUE_TIE, 0)
    tie = (int(high) << (TIE_BITS - 32)) | (int(low) >> (64 - TIE_BITS))
    day = int(roster.patients[row].diagnosis_day)
    roster.patients[row].queue_key = queue_key(urgency(roster, row), day, tie)


@copied
def urgency(roster: Roster, row: int) -> int:
    """Return 0 for services that cannot wait, 1 for the severe, 2 for the others."""
    if roster.facts[int(roster.people[row].service)].window_minutes <= URGENT_WINDOW_MINUTES:
        return 0
    return 1 if roster.people[row].severity == 1 else 2


@copied
def lose(roster: Roster, row: int, state: int) -> None:
    """Let a patient leave the pathway untreated, and remember why."""
    roster.patients[row].state = state
    roster.patients[row].lost = state


@rule
def refer(
    roster: Roster,
    reach: Reach,
    looks: Looks,
    diagnosed: npt.NDArray[np.int32],
    emergencies: npt.NDArray[np.int32],
    slope: float,
) -> tuple[int, int]:
    """Give everyone on the list a centre; return how many stay on it and how many are emergencies.

    The list is shortened in place: those who are not referred leave it, with the reason in their state.
    Emergencies go to the nearest centre first.
    """
    people, patients = roster.people, roster.patients
    kept, urgent = 0, 0
    for row in diagnosed:
        service, place = int(people[row].service), int(people[row].place)
        a, b, _, _ = words(roster.luck, people[row].luck_owner, CHOICE, 0)
        line_up(roster, row)
        begin, end = int(reach.first[service]), int(reach.first[service + 1])
        if begin == end:
            lose(roster, row, NOT_REFERRED)
            continue
        if not looks.looked[place, service]:
            fill_choice(reach, looks, place, service, reach.choice)
            looks.looked[place, service] = True
        cell = chosen_cell(reach.choice, begin, end, place, unit(a))
        patients[row].cell = cell
        if roster.facts[service].kind == EMERGENCY:
            emergencies[urgent] = row
            urgent += 1
            continue
        u, intercept = unit(b), reach.attendance[place, service]
        if u > 1.0 / (1.0 + math.exp(-intercept)):
            lose(roster, row, NOT_REFERRED)
        elif u > 1.0 / (1.0 + math.exp(slope * reach.hours[place, cell] - intercept)):
            lose(roster, row, TOO_FAR)
        else:
            diagnosed[kept] = row
            kept += 1
    return kept, urgent
