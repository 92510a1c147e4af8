"""The rest of the portfolio: specialised services that are not modelled but are paid from the same accounts."""

import numpy as np
import numpy.typing as npt

from sim.luck.compiled import maker
from sim.luck.decisions import REST_OF_PORTFOLIO
from sim.luck.draws import Luck, standard_normal, words
from sim.settings.parameter import Parameters, parameter

PENCE = 100

Floats = npt.NDArray[np.float64]


class PortfolioParameters(Parameters):
    """What the specialised services that are not modelled cost, and how much that varies."""

    specialised_spend_gbp_m: float = parameter(
        16050.0,
        low=13000.0,
        high=25000.0,
        at_least=0.0,
        at_most=1e6,
        unit="GBP million a year, 2022 prices",
        source="13.0bn in 2013-14 (National Audit Office) over a GDP deflator of 0.81",
        grade="approximate",
        description="Published yearly spending on all specialised services in England",
    )
    delegable_share: float = parameter(
        0.56,
        low=0.4,
        high=0.9,
        at_least=0.0,
        at_most=1.0,
        unit="share",
        source="14bn delegated of about 25bn, April 2025",
        grade="approximate",
        description="Part of all specialised spending, modelled or not, that is on delegable services; the rest of the "
        "portfolio is divided between them and retained ones so that it comes out, as far as it can",
    )
    mean_case_gbp: float = parameter(
        10000.0,
        low=3000.0,
        high=40000.0,
        at_least=1.0,
        at_most=1e9,
        unit="GBP a case",
        source="none found",
        grade="assumption",
        description="Mean cost of a case in the rest of the portfolio",
    )
    absorbed_share: float = parameter(
        0.65,
        low=0.3,
        high=1.0,
        at_least=0.0,
        at_most=1.0,
        unit="share",
        source="none found; about the rest's own share of specialised spending",
        grade="assumption",
        description="Part of an unexpected bill in the rest of the portfolio that payers absorb by slowing that "
        "rest, so that the modelled services bear only the remainder",
    )
    case_cost_cv: float = parameter(
        1.5,
        low=0.0,
        high=2.0,
        at_least=0.0,
        at_most=100.0,
        unit="coefficient of variation",
        source="none found; 0 to 2 taken as plausible",
        grade="assumption",
        description="Spread of the cost of a case in the rest of the portfolio",
    )


def national_rest(
    parameters: PortfolioParameters, modelled_pence: Floats, delegable: npt.NDArray[np.bool_], years: int
) -> Floats:
    """Return what the rest of the portfolio is expected to cost, float64[G, years] in pence.

    G runs over the groups: highly specialised, retained, delegable. ``modelled_pence`` is float64[S], ``delegable``
    bool[S]. The first year's gap between the published and the modelled spending is kept in every year, in prices of
    one year; of it, delegable services have what brings them to their share of the whole.
    """
    whole = max(parameters.specialised_spend_gbp_m * 1e6 * PENCE, float(modelled_pence.sum()))
    gap = whole - float(modelled_pence.sum())
    wanted = parameters.delegable_share * whole - float(modelled_pence[delegable].sum())
    theirs = min(max(wanted, 0.0), gap)
    return np.repeat(np.array([0.0, gap - theirs, theirs])[:, np.newaxis], years, axis=1)


@maker
def rest_spend(
    expected: Floats,
    place_keys: npt.NDArray[np.uint64],
    case_pence: float,
    cv: float,
    borne: float,
    year: int,
    luck: Luck,
) -> npt.NDArray[np.int64]:
    """Return what each place's patients cost in one year, int64[P, G] in pence.

    The mean of a compound Poisson sum, plus its standard deviation mean·√((1+CV²)/cases) times a normal
    number keyed by place and year (mechanism 1), of which a part is borne: no regime changes what happens,
    only who bears it.
    """
    spend = np.zeros(expected.shape, dtype=np.int64)
    for place in range(expected.shape[0]):
        for group in range(expected.shape[1]):
            mean = expected[place, group]
            if mean > 0.0:
                a, b, _, _ = words(luck, place_keys[place], REST_OF_PORTFOLIO, 4 * year + group)
                spread = np.sqrt((1.0 + cv * cv) * case_pence / mean)
                spend[place, group] = int(max(mean * (1.0 + borne * spread * standard_normal(a, b)), 0.0))
    return spend
