"""The results table of one run: every headline outcome, with the counts that maps and funnels need."""

from itertools import chain
from typing import TYPE_CHECKING

from sim.measures.access_rows import (
    area_access_rows,
    median_rows,
    national_access_rows,
    place_rows,
    reason_rows,
    yearly_access_rows,
)
from sim.measures.amount_rows import health_rows, money_rows, queue_rows, travel_rows
from sim.measures.chance import REDRAWS
from sim.measures.ledger_rows import payer_rows, plan_rows, provider_rows, yearly_rows
from sim.measures.lottery_rows import area_variation_rows
from sim.measures.names import names_of
from sim.measures.rows import FloatArray, Grid, as_columns
from sim.measures.twin_rows import twin_group_rows, twin_rows
from sim.model.result import RunResult

if TYPE_CHECKING:
    from sim.world.world import World


def run_table(result: RunResult, world: "World", redraws: int = REDRAWS) -> dict[str, list[str] | FloatArray]:
    """Return the long table of one run as equal-length columns, one row per measure, area, service and period.

    ``redraws`` is the number of chance draws behind each chance floor. Amounts are per measured year;
    undefined values are nan. Raise ValueError when the result and the world hold different places.
    """
    grid = Grid.of(world, result)
    rows = chain(
        national_access_rows(result),
        median_rows(result),
        area_variation_rows(result, grid, redraws),
        twin_rows(result, grid),
        twin_group_rows(result, grid),
        money_rows(result),
        health_rows(result),
        queue_rows(result),
        travel_rows(result),
        reason_rows(result),
        area_access_rows(result, grid),
        place_rows(result),
        yearly_access_rows(result),
        yearly_rows(result),
        plan_rows(result),
        payer_rows(result),
        provider_rows(result),
    )
    return as_columns(rows, names_of(world, result), result.start, result.measured_years)
