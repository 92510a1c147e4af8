"""The outcomes a run reports, each with the smallest difference that matters, fixed before any run."""

from dataclasses import dataclass, replace
from typing import Literal

from sim.model.result import REASONS

Better = Literal["higher", "lower", "neither"]


class UnknownOutcomeError(KeyError):
    """A results table names a measure that is not in the registry."""


@dataclass(frozen=True)
class Outcome:
    """One measure: what it is called, its unit, how a number of it is written, and what change matters.

    ``smallest_difference`` is in the unit of the outcome or, where ``relative``, a share of the baseline.
    ``number_format`` is a format specification for the value.
    """

    id: str
    label: str
    unit: str
    better: Better
    number_format: str
    smallest_difference: float
    reason: str
    relative: bool = False

    def smallest_difference_from(self, baseline: float) -> float:
        """Return the smallest difference that matters in the outcome's unit, given the baseline's mean."""
        return self.smallest_difference * abs(baseline) if self.relative else self.smallest_difference


def _access() -> list[Outcome]:
    from_diagnosis = Outcome(
        "access_from_diagnosis",
        "Treated within the service's window from diagnosis",
        "share of people in need",
        "higher",
        ".1%",
        0.01,
        "one patient in a hundred; targets for access are set and reported in whole percentage points",
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
        ),
    ]


def _lottery() -> list[Outcome]:
    tau = Outcome(
        "tau_icb",
        "Spread of access between ICBs (tau)",
        "SD of log odds",
        "lower",
        ".3f",
        0.05,
        "moves the median odds ratio by about 0.05: two random ICBs then differ by 5 % more in the odds",
    )
    phi = Outcome(
        "overdispersion_icb",
        "Over-dispersion of ICBs (winsorised phi)",
        "multiple of the variance by chance",
        "lower",
        ".2f",
        0.5,
        "half the variance that chance alone makes, twice the standard error of phi over some forty areas",
    )
    floor = " when places differ by chance alone"
    return [
        tau,
        replace(tau, id="tau_icb_chance_floor", label="Tau" + floor, better="neither"),
        replace(
            tau,
            id="mor_icb",
            label="Median odds ratio between ICBs",
            unit="ratio of odds",
            reason="the change that a difference of 0.05 in tau makes",
        ),
        phi,
        replace(phi, id="overdispersion_icb_chance_floor", label="Phi" + floor, better="neither"),
    ]


def _twins() -> list[Outcome]:
    return [
        Outcome(
            "twin_discordance",
            "Identical patients in two random places get different access",
            "probability",
            "lower",
            ".1%",
            0.02,
            "two pairs in a hundred, twice the smallest difference of access: a pair holds two patients",
        ),
        Outcome(
            "twin_wait_gap_days",
            "Wait of identical patients, 90th less 10th percentile of places",
            "days, waits counted up to the access window",
            "lower",
            ".0f",
            7.0,
            "a week, the step in which the NHS counts waiting time",
        ),
    ]


def _money() -> list[Outcome]:
    treatment = Outcome(
        "cost_treatment_gbp",
        "Cost of treatment, modelled services",
        "GBP per year",
        "lower",
        ",.0f",
        0.005,
        "half a per cent, the usual size of the contingency a commissioner holds",
        relative=True,
    )
    return [
        treatment,
        replace(treatment, id="cost_rest_of_portfolio_gbp", label="Cost of specialised services not modelled"),
        replace(treatment, id="cost_administration_gbp", label="Cost of bodies, contracts and individual requests"),
        replace(treatment, id="cost_patient_travel_gbp", label="Cost of travel, borne by patients"),
        replace(treatment, id="cost_total_gbp", label="Cost of treatment, rest of portfolio and patients' travel"),
        Outcome(
            "spend_over_plan_share",
            "Spend beyond plan",
            "share of plan",
            "lower",
            ".2%",
            0.005,
            "half a per cent of the plan, as for the lines of cost",
        ),
    ]


def _health() -> list[Outcome]:
    lived = Outcome(
        "qalys",
        "QALYs lived with the conditions",
        "QALYs per year",
        "higher",
        ",.0f",
        0.001,
        "one in a thousand: most of these years are lived under any regime",
        relative=True,
    )
    return [
        lived,
        replace(
            lived,
            id="qalys_discounted",
            label="QALYs lived, discounted",
            unit="discounted QALYs per year",
        ),
        Outcome(
            "displaced_qalys",
            "Health forgone where money crossed into specialised care",
            "QALYs per year",
            "lower",
            ",.0f",
            1000.0,
            "about 13 million GBP at 13,000 GBP a QALY (Claxton et al. 2015), a thousandth of the spend",
        ),
        Outcome(
            "deaths_waiting",
            "Deaths between diagnosis and treatment",
            "deaths per year",
            "lower",
            ",.0f",
            0.01,
            "one death in a hundred of them, as for access",
            relative=True,
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
        ),
    ]


def _reasons() -> list[Outcome]:
    return [
        Outcome(
            f"reason_{name}",
            f"In need since onset: {name.replace('_', ' ')}",
            "share of people in need",
            "higher" if name == "treated_in_time" else "lower",
            ".1%",
            0.01,
            "one patient in a hundred, as for access",
        )
        for name in REASONS
    ]


OUTCOMES: dict[str, Outcome] = {
    outcome.id: outcome
    for family in (_access, _lottery, _twins, _money, _health, _queue_and_travel, _reasons)
    for outcome in family()
}
"""Every headline outcome by id, in the order in which tables show them."""


def outcome(measure: str) -> Outcome:
    """Return the outcome of that id; raise UnknownOutcomeError when there is none."""
    if measure not in OUTCOMES:
        raise UnknownOutcomeError(f"no outcome is registered as {measure!r}")
    return OUTCOMES[measure]
