"""What one finished run hands over: dense counts in canonical order, free of names and of time."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

BASES = ("from_diagnosis", "from_onset")
"""The two clocks of access; the first axis of ``people``, ``reached`` and ``reasons``."""

REASONS = (
    "treated_in_time",
    "undiagnosed",
    "not_referred",
    "too_far",
    "no_policy",
    "request_refused",
    "budget_spent",
    "no_slot",
    "died",
)
"""Why a person in need was not treated inside the access window; they sum to the people in need."""

ENDINGS = ("started", "died", "not_referred_or_refused", "still_waiting")
"""How the time from diagnosis ended; the last is censoring at the end of the horizon."""

MAX_DAYS = 1096
"""Waits are counted by whole day; the last bin holds everything at or beyond it."""


@dataclass(frozen=True)
class RunResult:
    """The outcome of one regime under one replicate.

    P places and S services stand in the order of ``place_codes`` and ``service_ids`` (both sorted).
    All counts are people (agents times weight); twins are in none of them.
    """

    regime_id: str
    seed: int
    replicate: int
    start: str
    measured_years: int
    place_codes: tuple[str, ...]
    service_ids: tuple[str, ...]
    service_groups: tuple[str, ...]
    access_window_days: FloatArray  # [S]
    weight: IntArray  # [S] people that one row stands for
    people: IntArray  # [basis 2, P, S, severity 2, cohort year Y]: in need, with full follow-up
    reached: IntArray  # same shape: treated inside the service's access window
    reasons: IntArray  # [basis 2, P, S, len(REASONS)]
    time_to_treatment: IntArray  # [S, len(ENDINGS), MAX_DAYS + 1]: days from diagnosis, measured cohort
    starts: IntArray  # [P, S]: treatments begun in the measured years
    deaths_waiting: IntArray  # [P, S]: died between diagnosis and treatment in the measured years
    travel_minutes: FloatArray  # [P, S]: summed over starts, one way
    qalys: FloatArray  # [P, S]: lived in the measured years by everyone with the condition
    qalys_discounted: FloatArray  # [P, S]: at the discount rate, from the first measured day
    waiting_at_start: IntArray  # [S]: queue (funding and slot) on the first measured day
    waiting_at_end: IntArray  # [S]
    treatment_pence: IntArray  # [S, Y]: paid by commissioners for the modelled services
    price_premium_pence: IntArray  # [S, Y]: what of it was paid above (+) or below (-) catalogue prices
    rest_of_portfolio_pence: IntArray  # [Y]: paid for specialised services that are not modelled
    low_value_pence: IntArray  # [Y]: paid for referrals that are worth less than they cost
    administration_pence: IntArray  # [Y]: bodies, contracts and individual funding requests
    handover_pence: IntArray  # [Y]: what changes of holder cost, once
    requests: IntArray  # [2, Y]: individual funding requests refused and agreed to
    patient_travel_pence: IntArray  # [Y]: borne by patients, outside the envelope
    plan_pence: IntArray  # [account A, Y]: each year's own allocation, without balances carried into it
    spend_pence: IntArray  # [A, Y]: what it paid
    balance_pence: IntArray  # [A]: surplus (+) or deficit (-) that is carried beyond the last month
    committed_pence: IntArray  # [A]: agreed to and not yet begun at the end; of ongoing treatment, a month's cost
    crossed_pence: IntArray  # [A, Y]: met from (+) or released to (-) money outside the envelope
    displaced_qalys: FloatArray  # [Y]: health forgone (+) or bought (-) by the money that crossed
    low_value_qalys: FloatArray  # [Y]: health gained by referrals that are worth less than they cost
    discount_factor: FloatArray  # [Y]: for money, from the first measured year
    provider_income_pence: IntArray  # [provider]: over all simulated years
    payments_pence: IntArray  # [A]: over all simulated years; sums to what all receive
    budget_holder: IntArray  # [P, S]: who pays for new treatment at the end, numbered from 0
    twin_reached: npt.NDArray[np.int8]  # [S, sets, P]: 1 in time from diagnosis, 0 not, -1 not followed long enough
    twin_wait_days: npt.NDArray[np.int32]  # [S, sets, P]: from diagnosis; -1 when treatment never began
    account_identities: tuple[int, ...]  # [A]
    account_bearers: npt.NDArray[np.uint64]  # [A, 2]: identities of those who bear it, the second 0 unless shared
    account_line: IntArray  # [A]: the group of services whose money it is, numbered as in GROUPS; -1 for all others
    account_places: npt.NDArray[np.bool_]  # [A, P]: for which places it pays anything, under any regime of the run
    provider_ids: tuple[str, ...]  # [K]
    paid_pence: IntArray  # [A, S, Y]: treatment by who paid; sums to treatment_pence
    paid_premium_pence: IntArray  # [A, S, Y]: what of it lies above (+) or below (-) catalogue prices
    earned_pence: IntArray  # [K, S, Y]: treatment by who was paid; sums to treatment_pence
    earned_premium_pence: IntArray  # [K, S, Y]
    paid_rest_pence: IntArray  # [A, Y]: the rest of the portfolio by who paid
    paid_low_value_pence: IntArray  # [A, S, Y]: referrals that are worth less than they cost, by who paid
    running_pence: IntArray  # [Y]: of administration, what bodies cost
    contracting_pence: IntArray  # [Y]: of it, contracts between holders and providers
    coordination_pence: IntArray  # [Y]: of it, agreeing with partners
    panels_pence: IntArray  # [Y]: of it, individual funding requests
    service_travel_pence: IntArray  # [S, Y]: borne by patients, by service
    rest_forgone_qalys: FloatArray  # [Y]: of displaced_qalys, what the rest of the portfolio goes without
    lives_checksum: int  # one number over every real life, independent of order
    twins_checksum: int
