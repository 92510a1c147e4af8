"""What a population is to be drawn for."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PopulationPlan:
    """What to draw: one replicate of a world over a number of months."""

    seed: int
    replicate: int
    months: int  # simulated, burn-in included
    first_measured_month: int
    start_year: float  # of the first simulated day, for the dated stocks
    services: tuple[str, ...]  # who is drawn; the others stay empty
    twin_sets: int  # for each service
    weights: Mapping[str, int]  # people for each row, by service; 1 where not named
