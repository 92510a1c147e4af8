"""Baselines: the plan of each account, with the error of what it took over from another (mechanism 17).

B̂ = B·(1 + e), e = mean + own part. The mean part is money in general budgets outside; the own parts add up to
nothing over those who took over in one year, weighted by what they took over: what one lacks another has.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.governance.accounts import Payers
from sim.governance.allocation import sum_by_account
from sim.governance.handover import MONTHS, NEVER, HandoverParameters, Handovers
from sim.luck.decisions import BASELINE_ERROR
from sim.luck.draws import Luck, standard_normal, words

Floats = npt.NDArray[np.float64]
Amounts = tuple[Floats, Floats]
"""Pence by place: modelled services [P, S] and the rest of the portfolio [P, G]."""


@dataclass(frozen=True)
class Plans:
    """The plans of the A accounts for a year, float64[A] in pence."""

    plan: Floats
    outside: Floats  # met from (+) or left in (-) money outside the accounts
    rest_error: Floats  # what is planned too much (+) or too little (-) for the rest of the portfolio
    rest_mean: Floats  # the mean part of that, which is left in (-) money outside


@dataclass(frozen=True)
class Errors:
    """What the errors of a year are drawn from."""

    parameters: HandoverParameters
    luck: Luck
    year: int  # simulated
    start_month: int  # of the first simulated month, since January 1900


def plans_of(payers: Payers, present: int, amounts: Amounts, handed: Handovers, errors: Errors) -> Plans:
    """Divide a year's amounts between the accounts of the regime in force.

    What stayed with a holder that pays for nothing any more is in no plan: it is left in its general budget.
    """
    who = (payers.payer[present], payers.rest_payer[present])
    plan = sum_by_account(payers.count, *who, (amounts[0] * handed.held, amounts[1] * handed.rest_held))
    for left in handed.left:
        stayed = (amounts[0] * left.part, amounts[1] * left.rest_part)
        plan += sum_by_account(payers.count, left.payer, left.rest_payer, stayed)
    pays = np.zeros(payers.count, dtype=np.bool_)
    for accounts in who:
        pays[accounts] = True
    outside = np.where(pays, 0.0, -plan)
    plan = np.where(pays, plan, 0.0)
    rest_error, rest_mean = np.zeros(payers.count), np.zeros(payers.count)
    if errors.parameters.enabled:
        for since in np.setdiff1d(np.concatenate([handed.received.ravel(), handed.rest_received.ravel()]), NEVER):
            taken, rest = taken_over(payers, present, amounts, handed, int(since))
            mean, own = errors_now(taken, payers.identities, int(since), errors)
            plan += taken * (mean + own)
            outside += taken * mean
            rest_error += rest * (mean + own)
            rest_mean += rest * mean
    return Plans(plan, outside, rest_error, rest_mean)


def taken_over(payers: Payers, present: int, amounts: Amounts, handed: Handovers, since: int) -> tuple[Floats, Floats]:
    """Return what each account took over in a simulated year, and the rest of the portfolio in it, float64[A] each."""
    who = (payers.payer[present], payers.rest_payer[present])
    modelled = amounts[0] * handed.held * (handed.received == since) * handed.taken
    rest = amounts[1] * handed.rest_held * (handed.rest_received == since) * handed.rest_taken
    whole = sum_by_account(payers.count, *who, (modelled, rest))
    return whole, sum_by_account(payers.count, *who, (np.zeros_like(modelled), rest))


def errors_now(taken: Floats, identities: tuple[int, ...], since: int, errors: Errors) -> tuple[float, Floats]:
    """Return the mean and the own part, float64[A], of the errors of one year of transfer, as far as not corrected.

    The own part is N(0, sd²), keyed by the receiving unit and the calendar year of the transfer, less its mean
    weighted by what was taken over; both fade as e^{−years/correction}.
    """
    parameters = errors.parameters
    left = float(np.exp(-(errors.year - since) / parameters.correction_years))
    calendar = (errors.start_month + since * MONTHS) // MONTHS
    own = np.zeros(taken.size)
    for account in np.flatnonzero(taken > 0):
        a, b, _, _ = words(errors.luck, np.uint64(identities[account]), BASELINE_ERROR, calendar)
        own[account] = standard_normal(a, b) * parameters.baseline_error_sd_share
    if taken.sum() > 0.0:
        own[taken > 0] -= float(own @ taken) / float(taken.sum())
    return parameters.baseline_error_mean_share * left, own * left
