"""Money, health, queues and travel: amounts over the measured years, told per year."""

from sim.measures.cost_lines import PENCE, cost_lines
from sim.measures.rows import Row, amount_row, service_rows, total_rows
from sim.model.result import RunResult


def money_rows(result: RunResult) -> list[Row]:
    """Return each line of cost in pounds per measured year, by service where it is known, and what is left at the end.

    The price premium and the parts of administration lie inside other lines, so no total adds them again.
    """
    years = float(result.measured_years)
    rows: list[Row] = []
    for measure, line in cost_lines(result).items():
        if line.by_service is None:
            rows.append(amount_row(measure, int(line.total.sum()) / PENCE, years))
        else:
            rows += total_rows(measure, line.by_service.sum(axis=1) / PENCE, years, result)
    discounted = float((cost_lines(result)["cost_commissioners_gbp"].total * result.discount_factor).sum()) / PENCE
    return [
        *rows,
        amount_row("cost_commissioners_discounted_gbp", discounted, years),
        amount_row("balance_at_end_gbp", int(result.balance_pence.sum()) / PENCE, 1.0),
        amount_row("committed_at_end_gbp", int(result.committed_pence.sum()) / PENCE, 1.0),
    ]


def health_rows(result: RunResult) -> list[Row]:
    """Return QALYs lived, displaced elsewhere and gained at low value, and deaths while waiting, per measured year.

    What money that crossed displaces is not in the QALYs in all: whoever compares costs and QALYs has that money
    among the costs already.
    """
    years = float(result.measured_years)
    beside = result.low_value_qalys - result.rest_forgone_qalys
    in_all = float(result.qalys.sum() + beside.sum())
    discounted = float(result.qalys_discounted.sum() + (beside * result.discount_factor).sum())
    return [
        amount_row("qalys_in_all", in_all, years),
        amount_row("qalys_in_all_discounted", discounted, years),
        *total_rows("qalys", result.qalys.sum(axis=0), years, result),
        *total_rows("qalys_discounted", result.qalys_discounted.sum(axis=0), years, result),
        amount_row("displaced_qalys", float(result.displaced_qalys.sum()), years),
        amount_row("low_value_qalys", float(result.low_value_qalys.sum()), years),
        *total_rows("deaths_waiting", result.deaths_waiting.sum(axis=0), years, result),
    ]


def queue_rows(result: RunResult) -> list[Row]:
    """Return the people waiting when the measured years begin and when they end."""
    return [
        *total_rows("waiting_at_start", result.waiting_at_start, 1.0, result),
        *total_rows("waiting_at_end", result.waiting_at_end, 1.0, result),
    ]


def travel_rows(result: RunResult) -> list[Row]:
    """Return the mean one-way travel to treatment in minutes over the starts of the measured years."""
    minutes, starts = result.travel_minutes.sum(axis=0), result.starts.sum(axis=0)
    return service_rows("travel_minutes_mean", minutes, starts, result)
