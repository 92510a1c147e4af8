"""Common pool: those who refer weigh benefit against the part of the cost that their own people bear (mechanism 16).

Besley and Coate 2003: where many share the cost of what one of them asks for, more is asked for than is worth its
cost. Beside the people in need stand others, fewer, whose benefit over cost r is spread evenly from 0 to 1. A body
that decides on referral refers them if r > π, the part of the cost that falls on those it serves: a part 1 − π of
them, whose mean r is (1 + π)/2. They are expected amounts and not agents: they cost money and yield some health,
but take no slots and stand in no queue.

The envelope holds an allowance for them, the same under every regime: what they cost where half is borne. With
none, holders of large pools would begin each year short of money by construction; with that of a pool that bears
nothing, holders of small ones with a gift.
"""

import numpy as np
import numpy.typing as npt

from sim.settings.parameter import Parameters, parameter, switch

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]

SHARE_OF_ALLOWANCE = 0.5
"""The part of the cost that is taken to be borne when the allowance in the envelope is worked out."""


class CommonPoolParameters(Parameters):
    """How many are referred whose treatment is worth less than it costs, when others pay for it."""

    enabled: bool = switch(
        16,
        "Whether those who refer weigh only the part of the cost that their own people bear; when off, nobody is "
        "referred whose treatment is worth less than it costs",
    )
    marginal_share: float = parameter(
        0.05,
        low=0.0,
        high=0.1,
        at_least=0.0,
        at_most=10.0,
        unit="share of people in need",
        source="none found; spending on specialised services grew by 6.3 % a year, 2013-14 to 2015-16, and that of the "
        "NHS by 3.5 %, for whatever reasons",
        grade="assumption",
        description="People whose treatment would be worth less than it costs, over the people in need",
    )
    gatekeeper_people: float = parameter(
        800_000.0,
        low=260_000.0,
        high=1_340_000.0,
        at_least=1.0,
        at_most=1e9,
        unit="people",
        source="none found; the range runs from one of 211 clinical commissioning groups (0.27 million people) to one "
        "of 42 integrated care boards (1.34 million)",
        grade="assumption",
        description="People whom one body that decides on referral serves; of the cost of a referral they bear as "
        "large a part as they are of all for whom the same account pays",
    )


def share_borne(
    payer: Ints, own_share: Floats, population: Longs, risk_share: float, parameters: CommonPoolParameters
) -> Floats:
    """Return the part π of the cost of a referral that those who refer bear, float64[P, S].

    own·min(1, G / people in the pool): G people have one gatekeeper, and the pool is everyone for whom the account
    that pays for this place pays for this service. ``payer`` is int32[P, S], ``population`` int64[P]. ``own_share`` is
    the part of a shared purse that falls on the smaller of those who share it, float64[P, S]; 1 where nobody shares.
    Of the risk that all accounts share, a gatekeeper's people bear what they are of the nation.
    """
    service = np.arange(payer.shape[1])
    people = np.zeros((int(payer.max()) + 1, payer.shape[1]), dtype=np.int64)
    np.add.at(people, (payer, service), population[:, np.newaxis])
    pool = np.maximum(people[payer, service], 1)
    alone = own_share * np.minimum(parameters.gatekeeper_people / pool, 1.0)
    nation = min(parameters.gatekeeper_people / max(int(population.sum()), 1), 1.0)
    return np.asarray((1.0 - risk_share) * alone + risk_share * nation)


def excess_share(borne: Floats | float, parameters: CommonPoolParameters) -> Floats | float:
    """Return those referred whose treatment is worth less than it costs, over the people in need: μ·(1 − π)."""
    return parameters.marginal_share * (1.0 - borne) if parameters.enabled else 0.0 * borne


def allowance(parameters: CommonPoolParameters) -> float:
    """Return what the envelope holds for them under every regime, over expected spending: μ/2."""
    return float(excess_share(SHARE_OF_ALLOWANCE, parameters))


def worth(bill: Floats, borne: Floats) -> float:
    """Return what they gain, in pence of health at the margin: the bill times the mean benefit over cost (1 + π)/2."""
    return float((bill * (1.0 + borne) / 2.0).sum())
