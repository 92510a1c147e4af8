"""Small made-up worlds with known answers, for tests, theory and scale; nothing in them is random."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from sim.world.capacity import capacity_share
from sim.world.life_table import LAST_AGE, LifeTable
from sim.world.links import PathwayLink
from sim.world.need import expected_need
from sim.world.places import Places, deprivation_fifth, deprivation_rank
from sim.world.providers import Providers
from sim.world.services import ONE_OFF, ONGOING, TIERS, Services
from sim.world.travel import EARTH_RADIUS_KM, travel_hours
from sim.world.world import DEFAULT_CAPACITY, DEFAULT_TRAVEL, World

SOUTH_WEST_CORNER = (52.0, -2.0)  # degrees north and east
KM_PER_DEGREE = np.radians(EARTH_RADIUS_KM)
LICENSED_BEFORE = 24  # months from licence to funding
GOLDEN = (5**0.5 - 1) / 2  # its multiples, less their whole parts, spread evenly between 0 and 1


@dataclass(frozen=True)
class SyntheticOptions:
    """What may be set in a synthetic world; services differ in kind, group and need."""

    need_per_head_per_year: float = 1e-3
    need_ratio: float = 1.0  # people in need of a service over those of the service before it
    cost_gbp: float = 10_000.0  # per year when ongoing, per start otherwise
    capacity_share_of_need: float = 1.1  # of yearly need, or of the people on treatment in a steady state
    kinds: tuple[int, ...] = (ONE_OFF,)  # taken in turn by the services
    groups: tuple[str, ...] = TIERS  # taken in turn by the services
    access_window_days: float = 126.0
    diagnosis_delay_years: float = 0.0
    duration_on_treatment_years: float = 10.0  # of ongoing services
    untreated_annual_hazard: float = 0.0
    treated_annual_hazard: float = 0.0
    background_annual_hazard: float = 0.0  # the same at every age
    stop_rate_per_year: float = 0.0
    utility_untreated: float = 0.5
    utility_treated: float = 0.8
    deprivation_gradient: float = 1.0
    need_unobserved_sd_log: float = 0.0
    place_area_km2: float = 100.0
    available_from_month: int = -1  # months since January 1900; licensed two years before
    gbp_per_qaly: tuple[float, ...] = (float("nan"),)  # of what arrives, taken in turn; NaN where none is known
    volume_evidence: int = 2  # that outcomes follow volume: strong
    stock_waiting: float = 0.0  # people per service, in 2013 and in 2022
    stock_treated: float = 0.0  # people per ongoing service, in 2013 and in 2022
    linked: bool = False  # whether the first one-off service relieves the first ongoing one, if there are both


SET_BY_OPTIONS = (
    "cost_gbp",
    "access_window_days",
    "diagnosis_delay_years",
    "untreated_annual_hazard",
    "treated_annual_hazard",
    "stop_rate_per_year",
    "utility_untreated",
    "utility_treated",
    "deprivation_gradient",
    "need_unobserved_sd_log",
)
ALWAYS_0 = (
    "untreated_event_probability",
    "treated_event_probability",
    "severe_form_share",
    "severe_form_untreated_hazard",
    "undiagnosed",
)
ALWAYS_1 = ("eligible_share", "hazard_multiplier_before_diagnosis")
DEFAULT_UNITS: Mapping[str, int] = {"nation": 1, "region": 4, "district": 16}
DEFAULT_OPTIONS = SyntheticOptions()
PAIRED = (ONE_OFF, ONGOING)


def synthetic_world(
    n_places: int = 16,
    n_services: int = 3,
    n_providers: int = 4,
    people_per_place: int = 100_000,
    units: Mapping[str, int] = DEFAULT_UNITS,
    options: SyntheticOptions = DEFAULT_OPTIONS,
) -> World:
    """Build a world of equal square places in which every provider offers every service.

    ``units`` gives the number of units of each level; a unit is a run of neighbouring places, and levels
    nest when their numbers divide one another. Raises ValueError for a count below 1 or above the places.
    """
    counts = {"places": n_places, "services": n_services, "providers": n_providers, **units}
    for name, count in counts.items():
        if count < 1 or (name in units and count > n_places):
            raise ValueError(f"{name}: {count} does not fit {n_places} places")
    places = square_places(n_places, people_per_place, units, options.place_area_km2)
    services = like_services(n_services, n_places * people_per_place, options)
    providers = spread_providers(n_providers, places, n_services)
    hours = travel_hours(places, providers, DEFAULT_TRAVEL)
    need = expected_need(places, services)
    ages = np.arange(LAST_AGE + 1, dtype=np.float64)
    recipe = repr((counts, people_per_place, options))
    return World(
        places=places,
        services=services,
        providers=providers,
        offers=capacity_share(services, providers, hours, need, DEFAULT_CAPACITY),
        travel_hours=hours,
        expected_need=need,
        life_table=LifeTable(ages, ages * options.background_annual_hazard),
        links=first_link(services) if options.linked else (),
        sources_hash=sha256(recipe.encode()).hexdigest(),
    )


def square_places(count: int, people: int, units: Mapping[str, int], area_km2: float) -> Places:
    """Lay places on a square grid, row by row; deprivation varies evenly, everything else is the same."""
    row, column = np.divmod(np.arange(count), int(np.ceil(np.sqrt(count))))
    south, west = SOUTH_WEST_CORNER
    latitude = south + row * np.sqrt(area_km2) / KM_PER_DEGREE
    longitude = west + column * np.sqrt(area_km2) / (KM_PER_DEGREE * np.cos(np.radians(latitude)))
    population = np.full(count, people, dtype=np.int64)
    score = np.modf(np.arange(count) * GOLDEN)[0] * 50
    rank = deprivation_rank(score, population)
    codes = {level: _codes(level, number) for level, number in units.items()}
    return Places(
        codes=_codes("place", count),
        names=_codes("Place", count),
        population=population,
        latitude=latitude,
        longitude=longitude,
        area_km2=np.full(count, area_km2),
        imd_score=score,
        rural_share=np.zeros(count),
        share_0_15=np.full(count, 0.2),
        share_65_plus=np.full(count, 0.2),
        deprivation_rank=rank,
        deprivation_fifth=deprivation_fifth(rank),
        unit_of={level: (np.arange(count) * n // count).astype(np.int32) for level, n in units.items()},
        unit_codes=codes,
        unit_names=codes,
    )


def like_services(count: int, people: int, options: SyntheticOptions) -> Services:
    """Make services that differ in nothing but their need and the kinds and groups they take in turn."""
    kind = np.resize(np.array(options.kinds, dtype=np.int8), count)
    years_held = np.where(kind == ONGOING, options.duration_on_treatment_years, 1.0)
    need = options.need_per_head_per_year * people * options.need_ratio ** np.arange(count)
    treated = np.where(kind == ONGOING, options.stock_treated, 0.0)
    values = {field: getattr(options, field) for field in SET_BY_OPTIONS}
    values |= dict.fromkeys(ALWAYS_0, 0.0) | dict.fromkeys(ALWAYS_1, 1.0)
    values |= {"onset_age_mean": 40.0, "onset_age_sd": 10.0, "need_per_year": need}
    values |= {"waiting_2013": options.stock_waiting, "waiting_2022": options.stock_waiting}
    return Services(
        ids=_codes("service", count),
        names=_codes("Service", count),
        groups=tuple(options.groups[s % len(options.groups)] for s in range(count)),
        kind=kind,
        centres=np.zeros(count, dtype=np.int64),
        available_from_month=np.full(count, options.available_from_month, dtype=np.int32),
        licensed_from_month=np.full(count, max(options.available_from_month - LICENSED_BEFORE, -1), dtype=np.int32),
        gbp_per_qaly=np.resize(np.array(options.gbp_per_qaly, dtype=np.float64), count),
        volume_evidence=np.full(count, options.volume_evidence, dtype=np.int8),
        duration_on_treatment_years=np.where(kind == ONGOING, years_held, 0.0),
        capacity_per_year=np.asarray(options.capacity_share_of_need * need * years_held, dtype=np.float64),
        treated_2013=treated,
        treated_2022=treated,
        **{field: np.full(count, value, dtype=np.float64) for field, value in values.items()},
    )


def first_link(services: Services) -> tuple[PathwayLink, ...]:
    """Let the first one-off service relieve the first ongoing one, without upkeep; nothing where one is missing."""
    firsts = [[s for s, kind in zip(services.ids, services.kind, strict=True) if kind == each][:1] for each in PAIRED]
    return tuple(PathwayLink(service, relieved, 0.0) for service, relieved in zip(*firsts, strict=False))


def spread_providers(count: int, places: Places, n_services: int) -> Providers:
    """Put providers at the centres of places spread evenly over the list of places."""
    at = ((np.arange(count) + 0.5) * len(places.codes) / count).astype(np.int64)
    return Providers(
        ids=_codes("provider", count),
        names=_codes("Provider", count),
        latitude=places.latitude[at],
        longitude=places.longitude[at],
        generated=np.ones(count, dtype=np.bool_),
        offers=np.ones((count, n_services), dtype=np.bool_),
    )


def _codes(word: str, count: int) -> tuple[str, ...]:
    """Number things so that their order as text is their order."""
    return tuple(f"{word}_{number:05d}" for number in range(count))
