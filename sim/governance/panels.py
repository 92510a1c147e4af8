"""Panels that decide individual funding requests, each with a strictness of its own (mechanism 5)."""

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from sim.luck.decisions import PANEL_STRICTNESS
from sim.luck.draws import Luck, unit, words
from sim.settings.parameter import Parameters, parameter, switch

Floats = npt.NDArray[np.float64]


class PanelParameters(Parameters):
    """Who asks for treatment that is not routinely funded, and how often panels agree."""

    enabled: bool = switch(5, "Whether treatment that is not routinely funded can be requested for one patient")
    request_share: float = parameter(
        0.5,
        low=0.1,
        high=0.9,
        at_least=0.0,
        at_most=1.0,
        unit="share",
        source="none found",
        grade="assumption",
        description="Patients without routine funding for whom a request is made",
    )
    approval_share: float = parameter(
        0.48,
        low=0.22,
        high=0.75,
        at_least=0.001,
        at_most=0.999,
        unit="share",
        source="21.8 % and 37.3 % of requests to the national body (2013-14, 2014-15), 55 % and 59 % to primary care "
        "trusts (2011-12, 2008-09), 75 % of their cancer requests; these differ in case mix",
        grade="approximate",
        description="Mean share of requests that a panel agrees to, the same for panels everywhere",
    )
    panel_concentration: float = parameter(
        8.0,
        low=4.0,
        high=12.0,
        at_least=0.01,
        at_most=1e6,
        unit="pseudo-requests of a beta distribution",
        source="fitted to approvals from under 7.5 % to over 84 % between primary care trusts around a mean of 55 %, "
        "and from none to all of their cancer requests",
        grade="approximate",
        description="How alike panels are: their approval shares follow a beta distribution, wider the smaller this "
        "number",
    )
    decision_months: int = parameter(
        1,
        low=0,
        high=3,
        at_least=0,
        at_most=120,
        unit="months",
        source="37 days on average for requests from one cancer centre, 2006 to 2008",
        grade="approximate",
        description="Months from a request to the panel's answer",
    )


def approval_shares(cases: npt.NDArray[np.uint64], parameters: PanelParameters, luck: Luck) -> Floats:
    """Return the share of requests that the panel of each place agrees to, float64[P, S].

    Every unit that decides cases has one panel, whose share is drawn from Beta(mκ, (1 − m)κ) with mean m
    and concentration κ. ``cases`` are the identities of those units. Nobody is asked while the mechanism is off.
    """
    if not parameters.enabled:
        return np.zeros(cases.shape)
    units, member = np.unique(cases, return_inverse=True)
    drawn = np.array([unit(words(luck, key, PANEL_STRICTNESS, 0)[0]) for key in units])
    mean, strength = parameters.approval_share, parameters.panel_concentration
    share: Floats = betaincinv(mean * strength, (1.0 - mean) * strength, drawn)[member].reshape(cases.shape)
    return share
