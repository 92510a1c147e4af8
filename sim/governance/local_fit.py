"""Local fit: what suits people differs between places, and one pathway serves a holder's whole area (mechanism 21).

For each service a place has a need x of its own kind, 0 on average over people and with a standard deviation σ.
A holder of contracts chooses one x̂ for its area. Being off the mark costs log odds of referral, ½·b·(x̂ − x)²; so
one choice for a country costs ½·b·σ² on average (the loss of uniformity: Oates 1972), which is the zero here.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.governance.units import mean_over_people
from sim.luck.decisions import LOCAL_FIT
from sim.luck.draws import Luck, standard_normals
from sim.luck.identity import text_identity
from sim.settings.parameter import Parameters, parameter, switch
from sim.world.places import Places
from sim.world.travel import great_circle_km

Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


class LocalFitParameters(Parameters):
    """How different places are in what suits their people, and how much it matters."""

    enabled: bool = switch(
        21, "Whether places differ in the kind of pathway that suits them; when off, one kind suits all"
    )
    need_sd: float = parameter(
        0.4,
        low=0.0,
        high=0.8,
        at_least=0.0,
        at_most=2.0,
        unit="standard deviation of the kind of need",
        source="none found; that the country is not homogenous is said, not measured",
        grade="assumption",
        description="How different places are in the kind of pathway that suits them",
    )
    loss_log_odds: float = parameter(
        1.0,
        low=0.0,
        high=2.0,
        at_least=0.0,
        at_most=5.0,
        unit="log odds per squared unit of need",
        source="none found",
        grade="assumption",
        description="Twice the log odds of referral that a pathway loses when one unit away from what suits a place",
    )
    range_km: float = parameter(
        50.0,
        low=10.0,
        high=90.0,
        at_least=0.1,
        at_most=1000.0,
        unit="km",
        source="none found",
        grade="assumption",
        description="How far likeness reaches: the standard deviation of the normal weights that places nearby have in "
        "what suits a place",
    )


def local_needs(places: Places, matters: Keys, range_km: float, luck: Luck) -> Floats:
    """Draw what suits each place, float64[P, S], with mean 0 and standard deviation 1 over people.

    A smooth field: one standard normal number a place and service, summed with the weights exp(−d²/2r²) of
    the distance d, and scaled so that no place is likelier than another to be unusual.
    """
    own = np.array([text_identity("local need", code) for code in places.codes], dtype=np.uint64)
    drawn = standard_normals(luck, own[:, np.newaxis] ^ matters, LOCAL_FIT, 0)
    here, there = (places.latitude[:, None], places.longitude[:, None]), (places.latitude, places.longitude)
    near = np.exp(-0.5 * (great_circle_km(*here, *there) / range_km) ** 2)
    smooth = near @ drawn / np.sqrt((near**2).sum(axis=1, keepdims=True))
    return standardised(smooth, places.population)


def standardised(values: Floats, population: Longs) -> Floats:
    """Return values with mean 0 and standard deviation 1 over people; zeros where all places are alike."""
    weight = population[:, np.newaxis] / population.sum()
    centred = values - (weight * values).sum(axis=0)
    spread = np.sqrt((weight * centred**2).sum(axis=0))
    alike = spread <= 1e-9 * np.abs(values).max(axis=0, initial=0.0)
    return np.where(alike, 0.0, centred / np.where(alike, 1.0, spread))


class Choosers(NamedTuple):
    """Who chooses a pathway: those who decide on contracts, and others who have a part in it; [P, S] each."""

    holders: Keys
    partners: Keys  # 0 where who decides is alone
    partners_part: Floats
    share: Floats  # of the nation's people, in the unit that sees need best


def fit_log_odds(need: Floats, who: Choosers, population: Longs, parameters: LocalFitParameters) -> Floats:
    """Return the log odds of referral that the choice for its area adds in each place, float64[P, S].

    ½·b·σ²·(mean of x² − (x̂ − x)²), with ``need`` x in standard deviations. x̂ is the mean over the area's people of what
    is known of x: as with the amount of need, (1 − share) of the truth and for the rest a formula, which sees none
    of it (0). Where a partner has a part in contracts, it chooses that part of x̂ for its own area.
    """
    known = (1.0 - who.share) * need
    chosen = mean_over_people(known, who.holders, population)
    if (who.partners_part > 0.0).any():
        theirs = mean_over_people(known, who.partners, population)
        chosen = (1.0 - who.partners_part) * chosen + who.partners_part * theirs
    uniform = (population[:, np.newaxis] * need**2).sum(axis=0) / population.sum()
    gain: Floats = 0.5 * parameters.loss_log_odds * parameters.need_sd**2 * (uniform - (chosen - need) ** 2)
    return gain
