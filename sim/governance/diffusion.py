"""Diffusion: a body may begin to fund a new technology because others do (mechanism 6).

Until its own appraisal ends, a body that does not fund a licensed technology begins to with the hazard
p + q·Σ w·A of Bass (1969): p of its own accord, q by the share A of other people whose bodies fund it. It then
funds all of it, until the appraisal decides on its merit. So it funds at the first of the two.

Where a specification binds only in part, a decision belongs to the holder of policy in proportion b and to the
holder of contracts in proportion 1 − b, as errors and times of appraisals do. A place counts as other people in
the proportion in which its decision belongs to others, and the luck of both holders is blended.
"""

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from sim.governance.policy import DECIDED, Appraisal, Deciders
from sim.luck.decisions import DIFFUSION
from sim.luck.draws import Luck, standard_normals
from sim.settings.parameter import Parameters, parameter, switch

Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MONTHS = 12
NOBODY = 1e-9
"""A share of people below which there are no others: what rounding leaves of one less one."""


class DiffusionParameters(Parameters):
    """How readily bodies fund what they have not appraised yet, of their own accord and because others do."""

    enabled: bool = switch(
        6, "Whether bodies may begin to fund a new technology before they have appraised it, some because others do"
    )
    innovation_per_year: float = parameter(
        0.02,
        low=0.01,
        high=0.03,
        at_least=0.0,
        at_most=100.0,
        unit="a year",
        source="none found for commissioners; about 0.03 for consumer goods, from general knowledge",
        grade="assumption",
        description="Hazard at which a body begins to fund a licensed technology of its own accord",
    )
    imitation_per_year: float = parameter(
        0.4,
        low=0.3,
        high=0.5,
        at_least=0.0,
        at_most=100.0,
        unit="a year",
        source="none found for commissioners; about 0.38 for consumer goods, from general knowledge",
        grade="assumption",
        description="What the hazard gains when the bodies of all other people fund the technology",
    )


def begin_to_fund(
    ask: Appraisal,
    who: Deciders,
    people: npt.NDArray[np.int64],
    parameters: DiffusionParameters,
    month: int,
    funded: npt.NDArray[np.int32],
) -> None:
    """Let bodies begin to fund what they have not decided on, as others stood at the end of last month.

    ``people`` are the P places', ``funded`` holds their masks of topics, int32[P, S]. Emergencies are exempt,
    and so is what was established before the first month, on which nobody need decide.
    """
    if not parameters.enabled:
        return
    arrived = (ask.licensed >= 0) & (ask.licensed <= month) & ~ask.exempt
    everything = (1 << ask.topics) - 1
    for service in np.flatnonzero(arrived):
        idle = funded[:, service] == 0
        if idle.any():
            others = share_of_others(who, int(service), people, funded[:, service] & ~DECIDED != 0)
            hazard = parameters.innovation_per_year + parameters.imitation_per_year * others
            drawn = luck_of_bodies(ask, who, int(service), month, idle)
            begins = drawn < -np.expm1(-hazard[idle] / MONTHS)
            funded[np.flatnonzero(idle)[begins], service] = everything


def share_of_others(who: Deciders, service: int, people: npt.NDArray[np.int64], funds: Bools) -> Floats:
    """Return for each place the share of other people whose bodies fund a technology, float64[P]: Σ w·A.

    The weights of all others sum to 1, Σ = (F − b·F_policy − (1 − b)·F_contracts) / (1 − b·s_policy −
    (1 − b)·s_contracts): F is the share of the nation's people for whom it is funded, F_policy and F_contracts
    those of them who live with the same holder, and s the shares of the holders. Without others Σ = 0.
    """
    weights = people / people.sum()
    parts = funds * weights
    own, size = np.zeros(people.size), np.zeros(people.size)
    for proportion, unit in ((who.binding, who.policy[:, service]), (1.0 - who.binding, who.contracting[:, service])):
        _, member = np.unique(unit, return_inverse=True)
        own += proportion * np.bincount(member, weights=parts)[member]
        size += proportion * np.bincount(member, weights=weights)[member]
    others: Floats = np.maximum(1.0 - size, 0.0)
    funding = np.clip(parts.sum() - own, 0.0, others)
    share: Floats = np.divide(funding, others, out=np.zeros(people.size), where=others > NOBODY)
    return share


def luck_of_bodies(ask: Appraisal, who: Deciders, service: int, month: int, where: Bools) -> Floats:
    """Return a number between 0 and 1 for the bodies of some places: one draw a body, technology and month.

    The normal numbers of both holders are added in proportion and divided by the standard deviation of the
    sum; where one unit is both, or the specification binds, the body is the holder of policy alone.
    """
    matter, b = ask.keys[service, 0], who.binding
    policy = normal_of(ask.luck, matter, who.policy[where, service], month)
    if b == 1.0:
        return np.asarray(ndtr(policy))
    contracting = normal_of(ask.luck, matter, who.contracting[where, service], month)
    one = who.policy[where, service] == who.contracting[where, service]
    spread = np.where(one, 1.0, np.sqrt(b**2 + (1.0 - b) ** 2))
    return np.asarray(ndtr((b * policy + (1.0 - b) * contracting) / spread))


def normal_of(luck: Luck, matter: np.uint64, units: Keys, month: int) -> Floats:
    """Return the standard normal number of each unit for a technology in a month, float64 like ``units``."""
    keys, member = np.unique(units, return_inverse=True)
    normal: Floats = standard_normals(luck, keys ^ matter, DIFFUSION, month)[member]
    return normal
