"""The lines of cost of one run: each by year and, where that makes sense, by service, payer and provider."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.model.result import RunResult

IntArray = npt.NDArray[np.int64]

PENCE = 100.0
COMMISSIONERS = ("treatment", "rest_of_portfolio", "low_value", "administration", "handover")
"""The lines that add up to what commissioners pay; the premium and the parts of administration lie inside them."""
PARTS_OF_ADMINISTRATION = ("running", "contracting", "coordination", "panels")


@dataclass(frozen=True)
class CostLine:
    """One line in pence; a dimension that makes no sense for it is None. Every table sums to ``total``."""

    total: IntArray  # [Y]
    by_service: IntArray | None = None  # [S, Y]
    by_payer: IntArray | None = None  # [A, Y]
    by_payer_and_service: IntArray | None = None  # [A, S, Y]
    by_provider_and_service: IntArray | None = None  # [K, S, Y]


def cost_lines(result: RunResult) -> dict[str, CostLine]:
    """Return every line by its measure, in the order in which tables show them.

    Bodies, contracts, requests and handovers are paid from the nation's envelope, so no account pays them; patients
    pay for travel. Low-value referrals are paid to providers of whom no account is kept.
    """
    lines = {
        "treatment": _of_services(result.paid_pence, result.earned_pence),
        "price_premium": _of_services(result.paid_premium_pence, result.earned_premium_pence),
        "rest_of_portfolio": CostLine(result.rest_of_portfolio_pence, by_payer=result.paid_rest_pence),
        "low_value": _of_services(result.paid_low_value_pence),
        "administration": CostLine(result.administration_pence),
        **{part: CostLine(getattr(result, f"{part}_pence")) for part in PARTS_OF_ADMINISTRATION},
        "handover": CostLine(result.handover_pence),
        "patient_travel": CostLine(result.patient_travel_pence, by_service=result.service_travel_pence),
    }
    paid = np.sum([lines[name].total for name in COMMISSIONERS], axis=0)
    lines["commissioners"] = CostLine(paid)
    lines["total"] = CostLine(paid + result.patient_travel_pence)
    found = {f"cost_{name}_gbp": line for name, line in lines.items()}
    return {**found, "crossed_gbp": CostLine(result.crossed_pence.sum(axis=0), by_payer=result.crossed_pence)}


def _of_services(paid: IntArray, earned: IntArray | None = None) -> CostLine:
    """Make a line of what accounts pay for services, [A, S, Y], and providers earn, [K, S, Y]."""
    return CostLine(paid.sum(axis=(0, 1)), paid.sum(axis=0), paid.sum(axis=1), paid, earned)
