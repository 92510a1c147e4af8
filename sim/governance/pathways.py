"""Pathways: each holder of contracts designs its own, copies the best that is known and tries others (mechanism 7).

A design is worth a number of standard deviations of what first drafts are worth, 0 for the mean one. Many
holders try many designs at a time, one holder tries them one after the other; both keep what is better
(laboratory federalism: Saam and Kerber 2013, of which only the idea is taken).
"""

import numpy as np
import numpy.typing as npt

from sim.governance.units import mean_over_people
from sim.luck.compiled import maker
from sim.luck.decisions import EXPERIMENT, IMITATION, TRIAL
from sim.luck.draws import Luck, standard_normal, standard_normals, unit, words
from sim.settings.parameter import Parameters, parameter, switch

Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


class ExperimentParameters(Parameters):
    """How much a pathway's design matters, and how fast holders of contracts learn from others and by trying."""

    enabled: bool = switch(
        7, "Whether holders of contracts design pathways and improve them; when off, all pathways work as well"
    )
    effect_log_odds: float = parameter(
        0.2,
        low=0.0,
        high=0.4,
        at_least=0.0,
        at_most=10.0,
        unit="log odds per standard deviation",
        source="none found",
        grade="assumption",
        description="How much a design one standard deviation better raises the log odds that the diagnosed are "
        "referred",
    )
    imitation_share_per_year: float = parameter(
        0.15,
        low=0.0,
        high=0.3,
        at_least=0.0,
        at_most=1.0,
        unit="share a year",
        source="none found; the idea is that of https://www.jasss.org/16/1/7.html, a simulation without data",
        grade="assumption",
        description="Chance that a holder takes over the best design of last year in the country, for each service",
    )
    trial_share_per_year: float = parameter(
        0.1,
        low=0.0,
        high=0.2,
        at_least=0.0,
        at_most=1.0,
        unit="share a year",
        source="none found",
        grade="assumption",
        description="Chance that a holder tries a new design, for each service; it is kept if it is better",
    )


def first_designs(holders: Keys, matters: Keys, luck: Luck) -> Floats:
    """Draw the designs with which holders of contracts begin: standard normal values, float64[P, S].

    ``holders`` are the units that hold contracts, uint64[P, S], and ``matters`` the keys of services, uint64[S].
    """
    return standard_normals(luck, holders ^ matters, EXPERIMENT, 0)


def inherited(designs: Floats, before: Keys, after: Keys, population: Longs) -> Floats:
    """Return the designs with which the holders of ``after`` begin, float64[P, S].

    Whoever goes on keeps its design. A new holder begins with the mean, over people, of what its places had: to
    change who designs makes pathways neither better nor worse on average.
    """
    goes_on = before == after
    if goes_on.all():
        return designs
    kept: Floats = np.where(goes_on, designs, mean_over_people(designs, after, population))
    return kept


def redesigned(
    designs: Floats,
    best: Floats,
    holders: Keys,
    matters: Keys,
    parameters: ExperimentParameters,
    when: tuple[Luck, int],
) -> Floats:
    """Return the designs after one April in which holders copy and try, float64[P, S].

    ``best`` is the best design of last year for each service, float64[S]; ``when`` is the luck and the year.
    """
    luck, year = when

    owners = np.ascontiguousarray(holders ^ matters)  # one layout, so that rules are compiled for it alone
    copied = np.where(
        copies(luck, owners, parameters.imitation_share_per_year, year), np.maximum(designs, best), designs
    )
    better: Floats = np.maximum(copied, tried(luck, owners, parameters.trial_share_per_year, year))
    return better


@maker
def copies(luck: Luck, owners: Keys, share: float, year: int) -> npt.NDArray[np.bool_]:
    """Tell who takes over the best design this year, bool[P, S]; ``owners`` are the holders' keys for each service."""
    copying = np.zeros(owners.shape, dtype=np.bool_)
    for at, owner in np.ndenumerate(owners):
        copying[at] = unit(words(luck, owner, IMITATION, year)[0]) < share
    return copying


@maker
def tried(luck: Luck, owners: Keys, share: float, year: int) -> Floats:
    """Return the worth of the designs that are tried this year, float64[P, S]; −∞ for those who try none."""
    worth = np.full(owners.shape, -np.inf)
    for at, owner in np.ndenumerate(owners):
        chance, first, second, _ = words(luck, owner, TRIAL, year)
        if unit(chance) < share:
            worth[at] = standard_normal(first, second)
    return worth
