"""The outcomes a run reports, each with the smallest difference that matters, fixed before any run."""

import math
from dataclasses import replace

from sim.measures.lottery_outcomes import twin_outcomes, variation_outcomes
from sim.measures.money_outcomes import money_outcomes
from sim.measures.outcome import Outcome
from sim.model.result import REASONS


class UnknownOutcomeError(KeyError):
    """A results table names a measure that is not in the registry."""


def _access() -> list[Outcome]:
    from_diagnosis = Outcome(
        "access_from_diagnosis",
        "Treated within the service's window from diagnosis",
        "share of people in need",
        "higher",
        ".1%",
        0.01,
        "one patient in a hundred; targets for access are set and reported in whole percentage points",
        lowest=0.0,
        highest=1.0,
    )
    return [
        from_diagnosis,
        replace(
            from_diagnosis,
            id="access_from_onset",
            label="Treated within the service's window from onset",
        ),
        Outcome(
            "median_days_to_treatment",
            "Median time from diagnosis to treatment",
            "days",
            "lower",
            ".0f",
            7.0,
            "a week, the step in which the NHS counts waiting time",
            lowest=0.0,
        ),
    ]


def _health() -> list[Outcome]:
    displaced = Outcome(
        "displaced_qalys",
        "Health forgone where money crossed into specialised care",
        "QALYs per year",
        "lower",
        ",.0f",
        1000.0,
        "about 13 million GBP at 13,000 GBP a QALY (Claxton et al. 2015), a thousandth of the spend",
    )
    low_value = "Health gained by referrals worth less than they cost"
    return [
        *_lived(),
        displaced,
        replace(displaced, id="low_value_qalys", label=low_value, better="higher", lowest=0.0),
        Outcome(
            "deaths_waiting",
            "Deaths between diagnosis and treatment",
            "deaths per year",
            "lower",
            ",.0f",
            0.01,
            "one death in a hundred of them, as for access",
            relative=True,
            lowest=0.0,
        ),
    ]


def _lived() -> list[Outcome]:
    lived = Outcome(
        "qalys",
        "QALYs lived with the conditions",
        "QALYs per year",
        "higher",
        ",.0f",
        0.001,
        "one in a thousand: most of these years are lived under any regime",
        relative=True,
        lowest=0.0,
    )
    in_all = replace(
        lived,
        id="qalys_in_all",
        label="QALYs lived and gained by low-value referrals, less those forgone in the rest of the portfolio",
        lowest=-math.inf,
    )
    discounted = "discounted QALYs per year"
    return [
        lived,
        in_all,
        replace(in_all, id="qalys_in_all_discounted", label=f"{in_all.label}, discounted", unit=discounted),
        replace(
            lived,
            id="qalys_discounted",
            label="QALYs lived, discounted",
            unit=discounted,
        ),
    ]


def _queue_and_travel() -> list[Outcome]:
    end = Outcome(
        "waiting_at_end",
        "People waiting on the last day",
        "people",
        "lower",
        ",.0f",
        0.05,
        "a twentieth of the list; a list moves by that much from season to season",
        relative=True,
        lowest=0.0,
    )
    return [
        replace(end, id="waiting_at_start", label="People waiting on the first day measured", better="neither"),
        end,
        Outcome(
            "travel_minutes_mean",
            "Travel to treatment, one way",
            "minutes",
            "lower",
            ".0f",
            5.0,
            "five minutes, the precision of the modelled travel time",
            lowest=0.0,
        ),
    ]


def _reasons() -> list[Outcome]:
    return [
        Outcome(
            f"{prefix}_{name}",
            f"In need since {since}: {name.replace('_', ' ')}",
            "share of people in need",
            "higher" if name == "treated_in_time" else "lower",
            ".1%",
            0.01,
            "one patient in a hundred, as for access",
            lowest=0.0,
            highest=1.0,
        )
        for prefix, since in (("reason", "onset"), ("reason_from_diagnosis", "diagnosis"))
        for name in REASONS
    ]


OUTCOMES: dict[str, Outcome] = {
    outcome.id: outcome
    for family in (_access, variation_outcomes, twin_outcomes, money_outcomes, _health, _queue_and_travel, _reasons)
    for outcome in family()
}
"""Every headline outcome by id, in the order in which tables show them."""


def outcome(measure: str) -> Outcome:
    """Return the outcome of that id; raise UnknownOutcomeError when there is none."""
    if measure not in OUTCOMES:
        raise UnknownOutcomeError(f"no outcome is registered as {measure!r}")
    return OUTCOMES[measure]
