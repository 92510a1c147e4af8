"""Outcomes in money: the lines of cost, and what is left or promised at the end."""

import math
from dataclasses import replace

from sim.measures.outcome import Outcome


def money_outcomes() -> list[Outcome]:
    """Return the outcomes in money, in the order of the table."""
    treatment = Outcome(
        "cost_treatment_gbp",
        "Cost of treatment, modelled services",
        "GBP per year",
        "lower",
        ",.0f",
        0.005,
        "half a per cent, the usual size of the contingency a commissioner holds",
        relative=True,
        lowest=0.0,
    )
    dearer = "Of the cost of treatment, what lies above catalogue prices"
    return [
        treatment,
        replace(_by_plan()[0], id="cost_price_premium_gbp", label=dearer, lowest=-math.inf),
        replace(treatment, id="cost_rest_of_portfolio_gbp", label="Cost of specialised services not modelled"),
        replace(treatment, id="cost_administration_gbp", label="Cost of bodies, contracts and individual requests"),
        *_of_administration(treatment),
        replace(treatment, id="cost_handover_gbp", label="Cost of changes of holder, paid once"),
        replace(treatment, id="cost_patient_travel_gbp", label="Cost of travel, borne by patients"),
        replace(
            treatment,
            id="cost_total_gbp",
            label="Cost of treatment, low-value referrals, rest of portfolio, administration, handover and travel",
        ),
        *_of_commissioners(treatment),
        *_by_plan(),
        *_overspend(),
        Outcome(
            "spend_over_plan_share",
            "Spend beyond plan",
            "share of plan",
            "lower",
            ".2%",
            0.005,
            "half a per cent of the plan, as for the lines of cost",
            lowest=-1.0,
        ),
    ]


def _of_commissioners(line: Outcome) -> list[Outcome]:
    """Return what commissioners pay in all; discounted where it is set against discounted QALYs."""
    all_lines = "Cost to commissioners: all lines but patients' travel"
    discounted = "Cost to commissioners, discounted"
    return [
        replace(line, id="cost_commissioners_gbp", label=all_lines),
        replace(line, id="cost_commissioners_discounted_gbp", label=discounted, unit="GBP, discounted, per year"),
    ]


def _of_administration(line: Outcome) -> list[Outcome]:
    """Return the parts of administration; a change of one matters by the same share of it as of any other line."""
    return [
        replace(line, id="cost_running_gbp", label="Of administration, what bodies cost"),
        replace(line, id="cost_contracting_gbp", label="Of administration, contracts between holders and providers"),
        replace(line, id="cost_coordination_gbp", label="Of administration, agreeing with partners"),
        replace(line, id="cost_panels_gbp", label="Of administration, individual funding requests"),
    ]


def _overspend() -> list[Outcome]:
    share = Outcome(
        "overspend_share_of_plan",
        "Overspends of the accounts that overspent",
        "share of all plans",
        "lower",
        ".2%",
        0.005,
        "half a per cent of the plan, as for the lines of cost",
        lowest=0.0,
    )
    accounts = "Plans of one account and year that were overspent by more than half a per cent"
    reason = "one plan in twenty: some two of the 42 boards"
    return [
        share,
        replace(
            share,
            id="overspent_plans_share",
            label=accounts,
            unit="share of plans",
            number_format=".0%",
            smallest_difference=0.05,
            reason=reason,
            highest=1.0,
        ),
    ]


def _by_plan() -> list[Outcome]:
    balance = Outcome(
        "balance_at_end_gbp",
        "Surplus or deficit that payers carry beyond the end",
        "GBP",
        "neither",
        ",.0f",
        30e6,
        "half a per cent of a year's plan for the modelled services",
    )
    promised = "Treatment agreed to and not yet begun at the end"
    crossed = "Money that plans lacked, met from outside (+), or that was left, released to it (-)"
    low_value = "Cost of referrals worth less than they cost"
    return [
        replace(balance, id="cost_low_value_gbp", label=low_value, unit="GBP per year", better="lower", lowest=0.0),
        balance,
        replace(balance, id="committed_at_end_gbp", label=promised, lowest=0.0),
        replace(balance, id="crossed_gbp", label=crossed, unit="GBP per year"),
    ]
