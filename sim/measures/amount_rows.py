"""Money, health, queues and travel: amounts over the measured years, told per year."""

from sim.measures.rows import ALL, Row, amount_row, ratio, service_rows, total_rows
from sim.model.result import RunResult

PENCE = 100.0


def money_rows(result: RunResult) -> list[Row]:
    """Return each line of cost in pounds per measured year, and spend beyond plan as a share of all plans.

    The price premium is a part of the cost of treatment, so it is not added to the total again.
    """
    years = float(result.measured_years)
    rest = int(result.rest_of_portfolio_pence.sum()) / PENCE
    travel = int(result.patient_travel_pence.sum()) / PENCE
    administration = int(result.administration_pence.sum()) / PENCE
    handover = int(result.handover_pence.sum()) / PENCE
    treatment = int(result.treatment_pence.sum()) / PENCE
    low_value = int(result.low_value_pence.sum()) / PENCE
    spend, plan = (int(part.sum()) / PENCE for part in (result.spend_pence, result.plan_pence))
    return [
        *total_rows("cost_treatment_gbp", result.treatment_pence.sum(axis=1) / PENCE, years, result),
        *total_rows("cost_price_premium_gbp", result.price_premium_pence.sum(axis=1) / PENCE, years, result),
        amount_row("cost_rest_of_portfolio_gbp", rest, years),
        amount_row("cost_low_value_gbp", low_value, years),
        amount_row("cost_administration_gbp", administration, years),
        amount_row("cost_handover_gbp", handover, years),
        amount_row("cost_patient_travel_gbp", travel, years),
        amount_row("cost_total_gbp", treatment + rest + low_value + administration + handover + travel, years),
        amount_row("balance_at_end_gbp", int(result.balance_pence.sum()) / PENCE, 1.0),
        amount_row("committed_at_end_gbp", int(result.committed_pence.sum()) / PENCE, 1.0),
        Row("spend_over_plan_share", ALL, spend, plan, ratio(spend, plan) - 1),
    ]


def health_rows(result: RunResult) -> list[Row]:
    """Return QALYs lived, displaced elsewhere and gained at low value, and deaths while waiting, per measured year."""
    years = float(result.measured_years)
    return [
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
