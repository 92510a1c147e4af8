"""Review: holders decide topic by topic what they fund, each with an error of its own (mechanisms 3 and 4)."""

import numpy as np
import numpy.typing as npt

from sim.governance.co_commissioning import APPROVED, OPEN, outcome
from sim.governance.policy import DECIDED, Appraisal, Deciders
from sim.governance.units import ODD
from sim.luck.compiled import rule
from sim.luck.decisions import (
    APPRAISAL_COMMON,
    APPRAISAL_OWN,
    DECISION_TIME_COMMON,
    DECISION_TIME_OWN,
    REVIEW_YEAR,
)
from sim.luck.draws import Luck, standard_normal, unit, words

Longs = npt.NDArray[np.int64]

MONTHS = 12
APRIL = 3  # of months counted from January


@rule
def blend(luck: Luck, matter: np.uint64, unit_key: np.uint64, decisions: tuple[int, int, int], rho: float) -> float:
    """Return a standard normal number of which √rho is common to all holders and the rest the holder's own.

    ``decisions`` are the codes of the common and the own part, and the occasion.
    """
    a, b, _, _ = words(luck, matter, decisions[0], decisions[2])
    common = standard_normal(a, b)
    a, b, _, _ = words(luck, matter ^ unit_key, decisions[1], decisions[2])
    return float(np.sqrt(rho) * common + np.sqrt(1.0 - rho) * standard_normal(a, b))


@rule
def seen_value(ask: Appraisal, who: Deciders, place: int, service: int, topic: int, year: int) -> float:
    """Return a topic's margin as those who decide for a place see it.

    Where the specification binds only in part, the rest is as the holder of contracts sees it.
    """
    matter, codes = ask.keys[service, topic], (APPRAISAL_COMMON, APPRAISAL_OWN, year)
    share = who.policy_share[place, service] if ask.staff else 1.0
    error = blend(ask.luck, matter, who.policy[place, service], codes, ask.correlation) / np.sqrt(share)
    if who.binding < 1.0:
        share = who.contracting_share[place, service] if ask.staff else 1.0
        local = blend(ask.luck, matter, who.contracting[place, service], codes, ask.correlation) / np.sqrt(share)
        error = who.binding * error + (1.0 - who.binding) * local
    return float(ask.margins[service, topic] + ask.error * error)


@rule
def adopted(ask: Appraisal, who: Deciders, place: int, service: int, topic: int, year: int) -> bool:
    """Say whether a topic is funded: when it seems worth it, unless two of whom neither leads settle it otherwise."""
    muddle = who.joint.muddle[place, service]
    if muddle != 0:
        matter = ask.keys[service, topic] ^ muddle
        settled = outcome(ask.luck, matter, year, who.joint.dispute, who.joint.over_approval)
        if settled != OPEN:
            return settled == APPROVED
    return seen_value(ask, who, place, service, topic, year) >= 0.0


@rule
def months_to_decide(ask: Appraisal, who: Deciders, place: int, service: int) -> float:
    """Return the months from licence to decision in a place, log-normal between bodies and treatments.

    Those who share policy take longer by the months in which they agree.
    """
    agreeing = float(who.joint.months[place, service])
    if ask.months <= 0.0:
        return agreeing
    matter, codes = ask.keys[service, 0], (DECISION_TIME_COMMON, DECISION_TIME_OWN, 0)
    z = blend(ask.luck, matter, who.policy[place, service], codes, ask.correlation)
    time = np.exp(ask.months_sd_log * z) * who.policy_share[place, service] ** -ask.staff_exponent
    if who.binding < 1.0:
        z = blend(ask.luck, matter, who.contracting[place, service], codes, ask.correlation)
        local = np.exp(ask.months_sd_log * z) * who.contracting_share[place, service] ** -ask.staff_exponent
        time = who.binding * time + (1.0 - who.binding) * local
    return float(ask.months * time) + agreeing


@rule
def due(ask: Appraisal, service: int, topic: int, year: int) -> bool:
    """Say whether a topic is reviewed in a year: every so many, from a year of its own."""
    a, _, _, _ = words(ask.luck, ask.keys[service, topic], REVIEW_YEAR, 0)
    return (year + int(unit(a) * ask.years_between)) % ask.years_between == 0


def review(ask: Appraisal, who: Deciders, month: int, funded: npt.NDArray[np.int32]) -> None:
    """Decide on everything that falls due in a month (since January 1900); ``funded`` holds masks of topics.

    Established treatments start as funded everywhere; a new one is decided on once, when each body has
    appraised it, whether or not it has begun to fund it before, and then reviewed with the others each April.
    """
    open_to = np.ones(funded.shape[1], dtype=np.bool_)
    if month % MONTHS != APRIL:
        open_to = (funded & DECIDED == 0).any(axis=0)
    services = np.flatnonzero(open_to)
    if services.size:
        bodies = who.policy[:, services] + (who.contracting[:, services] if who.binding < 1.0 else np.uint64(0)) * ODD
        review_services(ask, who, month, services, np.argsort(bodies, axis=0, kind="stable"), funded)


@rule
def review_services(
    ask: Appraisal, who: Deciders, month: int, services: Longs, order: Longs, funded: npt.NDArray[np.int32]
) -> None:
    """Decide on what falls due for some services, int64[N]; a body decides once for all its places.

    ``order`` has the places so that those of one body follow one another, int64[P, N].
    """
    for number in range(services.size):
        service, last, before, decided = services[number], -1, 0, 0
        for place in order[:, number]:
            mask = int(funded[place, service])
            if last < 0 or mask != before or not same_decider(who, last, place, service):
                last, before = place, mask
                decided = reviewed(ask, who, mask, month, place, service)
            funded[place, service] = decided


@rule
def same_decider(who: Deciders, one: int, other: int, service: int) -> bool:
    """Tell whether the same bodies decide for two places, with the same staff, and agree in the same way."""
    joint = who.joint
    same = who.policy[one, service] == who.policy[other, service]
    same &= who.policy_share[one, service] == who.policy_share[other, service]
    same &= joint.muddle[one, service] == joint.muddle[other, service]
    same &= joint.months[one, service] == joint.months[other, service]
    if who.binding < 1.0:
        same &= who.contracting[one, service] == who.contracting[other, service]
        same &= who.contracting_share[one, service] == who.contracting_share[other, service]
    return bool(same)


@rule
def reviewed(ask: Appraisal, who: Deciders, mask: int, month: int, place: int, service: int) -> int:
    """Return the mask of topics that is in force in a place after a month in which its body decides."""
    everything = DECIDED | ((1 << ask.topics) - 1)
    year = month // MONTHS
    if mask & DECIDED == 0:
        if ask.licensed[service] < 0 or ask.exempt[service]:
            mask = everything
        elif month < ask.licensed[service] + months_to_decide(ask, who, place, service):
            return mask
        else:
            mask = decide(ask, who, place, service, year)
    uncertain = ask.error > 0.0 or who.joint.muddle[place, service] != 0 or mask != everything
    if month % MONTHS == APRIL and uncertain and not ask.exempt[service]:
        mask = decide_again(ask, who, mask, place, service, year)
    return mask


@rule
def decide(ask: Appraisal, who: Deciders, place: int, service: int, year: int) -> int:
    """Return the mask of topics funded on the first decision."""
    mask = DECIDED
    for topic in range(ask.topics):
        if adopted(ask, who, place, service, topic, year):
            mask |= 1 << topic
    return mask


@rule
def decide_again(ask: Appraisal, who: Deciders, mask: int, place: int, service: int, year: int) -> int:
    """Return a mask in which the topics that are due have been decided anew."""
    for topic in range(ask.topics):
        if due(ask, service, topic, year):
            funds = adopted(ask, who, place, service, topic, year)
            mask = mask | (1 << topic) if funds else mask & ~(1 << topic)
    return mask
