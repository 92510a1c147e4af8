"""Travel time between places and providers (mechanism 8)."""

import numpy as np

from sim.settings.parameter import Parameters, parameter
from sim.world.places import Places
from sim.world.providers import Providers
from sim.world.tables import FloatArray

EARTH_RADIUS_KM = 6371.0088  # mean radius, International Union of Geodesy and Geophysics
MEAN_DISTANCE_TO_CENTRE = 2 / (3 * np.sqrt(np.pi))  # of a random point of a disc of area 1: 0.376


class TravelParameters(Parameters):
    """How kilometres become hours on the road."""

    detour_factor: float = parameter(
        1.3,
        low=1.2,
        high=1.5,
        at_least=1.0,
        at_most=5.0,
        unit="road km per straight km",
        source="none found; general knowledge of road networks",
        grade="assumption",
        description="How much longer the road is than the straight line",
    )
    speed_km_per_hour: float = parameter(
        55.0,
        low=40.0,
        high=75.0,
        at_least=1.0,
        at_most=1000.0,
        unit="km per hour",
        source="none found; mixed car, train and patient transport",
        grade="assumption",
        description="Mean speed of a journey to a specialised centre",
    )
    fixed_minutes: float = parameter(
        10.0,
        low=5.0,
        high=20.0,
        at_least=0.0,
        at_most=600.0,
        unit="minutes",
        source="none found; setting out, parking, walking to the clinic",
        grade="assumption",
        description="Minutes that every journey takes whatever its length",
    )


def travel_hours(places: Places, providers: Providers, parameters: TravelParameters) -> FloatArray:
    """Return hours one way from each place to each provider, float64[P, K]."""
    km = typical_km(places, providers.latitude, providers.longitude)
    road_km = parameters.detour_factor * km
    return np.asarray(parameters.fixed_minutes / 60 + road_km / parameters.speed_km_per_hour, dtype=np.float64)


def typical_km(places: Places, latitude: FloatArray, longitude: FloatArray) -> FloatArray:
    """Return the typical straight distance from a place's residents to each point, float64[P, N].

    The distance from centre point to centre point and the mean distance of residents from their own
    centre point (a place taken as a disc, people spread evenly) are added as the sides of a right angle.
    """
    between = great_circle_km(
        places.latitude[:, None], places.longitude[:, None], latitude[None, :], longitude[None, :]
    )
    within = MEAN_DISTANCE_TO_CENTRE * np.sqrt(places.area_km2)
    return np.asarray(np.hypot(between, within[:, None]), dtype=np.float64)


def great_circle_km(
    latitude_a: FloatArray, longitude_a: FloatArray, latitude_b: FloatArray, longitude_b: FloatArray
) -> FloatArray:
    """Return the distance over the globe between points given in degrees (haversine formula)."""
    phi_a, phi_b = np.radians(latitude_a), np.radians(latitude_b)
    half_north = np.sin((phi_b - phi_a) / 2) ** 2
    half_east = np.sin(np.radians(longitude_b - longitude_a) / 2) ** 2
    chord = np.sqrt(half_north + np.cos(phi_a) * np.cos(phi_b) * half_east)
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(chord, 1.0)), dtype=np.float64)
