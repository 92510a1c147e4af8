"""The population of one replicate: everyone who falls ill, drawn once and shared by all regimes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.luck.draws import luck_of
from sim.luck.identity import text_identity
from sim.world.facts import PopulationParameters, ServiceFacts, service_facts
from sim.world.fill import Source, count_onsets, count_stock, fill_onsets, fill_stock, true_need
from sim.world.people import People, empty_people
from sim.world.plan import PopulationPlan
from sim.world.services import EMERGENCY
from sim.world.twins import add_twins, twin_sets
from sim.world.world import World

LONGEST_MEAN_ON_TREATMENT = 10.0
"""Years: most drugs of the starting stocks were first funded about a decade before 2013."""


@dataclass(frozen=True)
class Population:
    """Everyone of one replicate: R real rows, then T twins."""

    people: People
    real: int
    real_from: npt.NDArray[np.int64]  # [months + 1]: rows that enter in month m are real_from[m] to [m + 1]
    twins_from: npt.NDArray[np.int64]  # [months + 1], likewise
    twin_row: npt.NDArray[np.int32]  # [S, sets, P]; -1 where the horizon is too short for the window
    facts: ServiceFacts
    true_need: npt.NDArray[np.float64]  # [P, S] people a year, unobserved part included
    weight: npt.NDArray[np.int64]  # [S]
    plan: PopulationPlan


def build_population(world: World, parameters: PopulationParameters, plan: PopulationPlan) -> Population:
    """Draw the population of a replicate; every count and life is keyed, so nothing depends on order.

    Raises ValueError if two people have one identity (expected once in a million worlds).
    """
    luck = luck_of(plan.seed, plan.replicate)
    services = world.services
    source = Source(
        keys=place_service_keys(world.places.codes, services.ids),
        place_codes=np.array([text_identity("twin", code) for code in world.places.codes], dtype=np.uint64),
        weight=np.array([plan.weights.get(service, 1) for service in services.ids], dtype=np.int64),
        facts=service_facts(services, parameters),
        cumulative=world.life_table.cumulative_hazard,
        luck=luck,
    )
    spread = services.need_unobserved_sd_log * parameters.unobserved_need_scale
    need = true_need(world.expected_need, source.keys, spread, luck)
    need[:, [service not in plan.services for service in services.ids]] = 0.0
    stock_counts = count_stock(source, stock_means(world, need, plan.start_year))
    onset_counts = count_onsets(source, need / 12.0, plan.months)
    entering = onset_counts.sum(axis=(1, 2))
    entering[0] += stock_counts.sum()
    real = int(entering.sum())
    sets = twin_sets(services.ids, plan, source.facts)
    people = empty_people(real + len(sets) * len(world.places.codes))
    filled = fill_stock(people, source, stock_counts, stock_years(world, plan.start_year))
    fill_onsets(people, source, filled, onset_counts)
    twins_from, twin_row = add_twins(people, real, source, sets, plan)
    require_unique(people.identity)
    return Population(
        people=people,
        real=real,
        real_from=np.concatenate([[0], np.cumsum(entering)]).astype(np.int64),
        twins_from=twins_from,
        twin_row=twin_row,
        facts=source.facts,
        true_need=need,
        weight=source.weight,
        plan=plan,
    )


def place_service_keys(places: tuple[str, ...], services: tuple[str, ...]) -> npt.NDArray[np.uint64]:
    """Return the 64-bit key of every (place, service), uint64[P, S]; names of units play no part."""
    keys = [[text_identity("need", place, service) for service in services] for place in places]
    return np.array(keys, dtype=np.uint64)


def stock_means(world: World, need: npt.NDArray[np.float64], start_year: float) -> npt.NDArray[np.float64]:
    """Return the expected starting stock, float64[3, P, S]: undiagnosed, waiting, on ongoing treatment.

    The dated national stocks are shared between places as need is. Those diagnosed before a service is funded
    wait for it. Emergencies never wait.
    """
    services = world.services
    waiting = np.where(services.kind == EMERGENCY, 0.0, services.stock_waiting(start_year))
    national = np.stack(
        [
            services.stock_undiagnosed(start_year),
            waiting,
            services.stock_treated(start_year),
        ]
    )
    total = need.sum(axis=0)
    share = np.divide(need, total, out=np.zeros_like(need), where=total > 0)
    means: npt.NDArray[np.float64] = national[:, np.newaxis, :] * share[np.newaxis]
    return means


def stock_years(world: World, start_year: float) -> npt.NDArray[np.float64]:
    """Return the mean years already spent undiagnosed, waiting and on treatment at a date, float64[3, S].

    Of those who wait it is the queue over the need of a year (Little).
    """
    services = world.services
    waited = np.divide(
        services.queue(start_year),
        services.need_per_year,
        out=np.zeros_like(services.need_per_year),
        where=services.need_per_year > 0,
    )
    treated = np.minimum(services.duration_on_treatment_years, LONGEST_MEAN_ON_TREATMENT)
    return np.stack([services.diagnosis_delay_years, waited, treated])


def require_unique(identity: npt.NDArray[np.uint64]) -> None:
    """Raise ValueError when two people share an identity."""
    ordered = np.sort(identity)
    if (ordered[1:] == ordered[:-1]).any():
        raise ValueError("two people have one identity; choose another seed")
