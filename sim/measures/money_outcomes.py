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
        replace(treatment, id="cost_handover_gbp", label="Cost of changes of holder, paid once"),
        replace(treatment, id="cost_patient_travel_gbp", label="Cost of travel, borne by patients"),
        replace(
            treatment,
            id="cost_total_gbp",
            label="Cost of treatment, low-value referrals, rest of portfolio, administration, handover and travel",
        ),
        *_by_plan(),
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
    low_value = "Cost of referrals worth less than they cost"
    return [
        replace(balance, id="cost_low_value_gbp", label=low_value, unit="GBP per year", better="lower", lowest=0.0),
        balance,
        replace(balance, id="committed_at_end_gbp", label=promised, lowest=0.0),
    ]
