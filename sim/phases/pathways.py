"""Pathways, each April: holders of contracts design them, and how well they work sways referral (mechanisms 7, 21)."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from sim.agents.state import State
from sim.governance.local_fit import Choosers, LocalFitParameters, fit_log_odds, local_needs
from sim.governance.pathways import ExperimentParameters, first_designs, inherited, redesigned
from sim.governance.units import Holders
from sim.luck.identity import text_identity
from sim.phases.referral import DeprivationParameters, ReferralParameters, next_door_log_odds
from sim.world.services import EMERGENCY

Keys = npt.NDArray[np.uint64]
Whole = npt.NDArray[np.int64]


class PathwayParameters(Protocol):
    """The groups of parameters that decide how well pathways work."""

    @property
    def experiments(self) -> ExperimentParameters: ...  # noqa: D102
    @property
    def local_fit(self) -> LocalFitParameters: ...  # noqa: D102
    @property
    def referral(self) -> ReferralParameters: ...  # noqa: D102
    @property
    def deprivation(self) -> DeprivationParameters: ...  # noqa: D102


def run(state: State, held: tuple[Holders, Holders], parameters: PathwayParameters, year: int) -> None:
    """Let those who hold contracts design their pathways, and set how readily people are referred.

    ``held`` are the holders of last April and of this one. Emergencies are referred by nobody and have no design.
    """
    designed = np.flatnonzero(state.world.services.kind != EMERGENCY)
    experiment(state, held, designed, parameters.experiments, year)
    if state.month == 0 or held[0] is not held[1]:
        suit(state, held[1], designed, parameters.local_fit)
    value = parameters.experiments.effect_log_odds * state.pathways.design + state.pathways.fit
    state.reach.attendance[:] = next_door_log_odds(state, parameters.referral, parameters.deprivation) + value


def experiment(
    state: State, held: tuple[Holders, Holders], designed: Whole, parameters: ExperimentParameters, year: int
) -> None:
    """Let holders of contracts draft designs in the first month, and copy and try in every April after it."""
    if not parameters.enabled:
        return
    design, luck, matters = state.pathways.design[:, designed], state.roster.luck, keys_of(state, designed)
    before, after = (holders.contracting[:, designed] for holders in held)
    if state.month == 0:
        state.pathways.design[:, designed] = first_designs(after, matters, luck)
        return
    best = design.max(axis=0)
    begun = inherited(design, before, after, state.world.places.population)
    state.pathways.design[:, designed] = redesigned(begun, best, after, matters, parameters, (luck, year))


def suit(state: State, holders: Holders, designed: Whole, parameters: LocalFitParameters) -> None:
    """Let holders of contracts choose what suits their area as they know it."""
    if not parameters.enabled:
        return
    pathways, places = state.pathways, state.world.places
    if state.month == 0:
        matters = keys_of(state, designed)
        pathways.need[:, designed] = local_needs(places, matters, parameters.range_km, state.roster.luck)
    who = Choosers(holders.contracting, holders.contracting_other, holders.other_part, holders.sight_share)
    pathways.fit[:] = fit_log_odds(pathways.need, who, places.population, parameters)


def keys_of(state: State, services: Whole) -> Keys:
    """Return the keys of the pathways of some services, uint64[N]."""
    ids = state.world.services.ids
    return np.array([text_identity("pathway", ids[service]) for service in services], dtype=np.uint64)
