"""The lottery: variation between areas beside its chance floor, and what differs between twins."""

import numpy as np
import numpy.typing as npt

from sim.measures.access_rows import DIAGNOSIS
from sim.measures.area_variation import area_dispersion, area_tau
from sim.measures.chance import chance_floor, redraw_events
from sim.measures.funnel_rows import funnel_rows, standardised_rows
from sim.measures.odds import median_odds_ratio_from_variance
from sim.measures.rows import Grid, Row, index_row, patient_sets, service_rows
from sim.measures.strata import AreaStrata, area_strata
from sim.measures.twins import discordance, mean_over_sets, wait_gap
from sim.model.result import RunResult

FLOOR_NODES = 9
"""Quadrature points for the redraws; tests show that tau then agrees with 25 points far beyond 1e-3."""


def area_variation_rows(result: RunResult, grid: Grid, redraws: int) -> list[Row]:
    """Return tau, median odds ratio, over-dispersion and funnel of access from diagnosis, with chance floors.

    Counted in agents, not in people: an agent that stands for ten people brings one stroke of luck, and
    ten of it would pass for variation.
    """
    weight = result.weight[:, None, None]
    agents, reached = (counts[DIAGNOSIS] // weight for counts in (result.people, result.reached))
    strata = area_strata(agents, reached, grid.area_of_place, len(grid.area_codes))
    redrawn = redraw_events(strata.people, strata.events, result.seed, result.replicate, redraws)
    rows = []
    for name, mask in patient_sets(result).items():
        used = strata.of_services(mask)
        part = AreaStrata(strata.people[:, used], strata.events[:, used], strata.service[used])
        rows += _variation_rows(name, part, redrawn[:, :, used])
        rows += funnel_rows(name, part, redrawn[:, :, used])
        rows += standardised_rows(name, part, grid)
    return rows


def _variation_rows(service: str, strata: AreaStrata, redrawn: npt.NDArray[np.int64]) -> list[Row]:
    people = strata.people
    tau = float(area_tau(people, strata.events[None])[0])
    tau_floor = chance_floor(lambda events: area_tau(people, events, FLOOR_NODES), redrawn)
    phi = float(area_dispersion(people, strata.events[None])[0])
    phi_floor = chance_floor(lambda events: area_dispersion(people, events), redrawn)
    return [
        index_row("tau_icb", service, tau),
        index_row("tau_icb_chance_floor", service, tau_floor.mean),
        index_row("mor_icb", service, float(median_odds_ratio_from_variance(tau**2))),
        index_row("overdispersion_icb", service, phi),
        index_row("overdispersion_icb_chance_floor", service, phi_floor.mean),
    ]


def twin_rows(result: RunResult, grid: Grid) -> list[Row]:
    """Return discordance and wait gap of twins: by service the mean over sets, pooled by people in need."""
    people = result.people[DIAGNOSIS].sum(axis=(0, 2, 3))
    different = discordance(result.twin_reached, grid.population)
    window = np.broadcast_to(result.access_window_days[:, None], different.shape)
    gap = wait_gap(result.twin_wait_days, result.twin_reached, grid.population, window)
    rows = []
    for measure, values in (("twin_discordance", different), ("twin_wait_gap_days", gap)):
        total, sets = mean_over_sets(values)
        rows += service_rows(measure, total, sets, result, weight=people)
    return rows
