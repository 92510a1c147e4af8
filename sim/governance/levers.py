"""Levers: what a statute, an allocation or a contract can set, and nothing else."""

from typing import Literal

from pydantic import Field

from sim.settings.parameter import Parameters, choice, parameter

Allocation = Literal["weighted_capitation", "capitation", "historic"]
YearEnd = Literal["carry", "bail_out"]
PriceRule = Literal["national_tariff", "local"]


class Levers(Parameters):
    """The levers of one regime."""

    specification_binding_share: float = parameter(
        1.0,
        low=0.0,
        high=1.0,
        at_least=0.0,
        at_most=1.0,
        unit="share",
        source="over 1,000 derogations from 128 national specifications were asked for in 2013; how much they left "
        "open is not known",
        grade="assumption",
        description="How far the policy of its holder binds those who hold contracts; what it leaves open, they see "
        "and decide for themselves",
    )
    allocation: Allocation = choice(
        "weighted_capitation",
        source="allocation formulae see age and deprivation, not unobserved need",
        grade="assumption",
        description="How the national envelope is divided between the holders of a budget: by age and "
        "deprivation, by heads, or by what was spent before (which follows true need)",
    )
    year_end: YearEnd = choice(
        "carry",
        source="commissioners' deficits are carried into the next plan unless someone pays",
        grade="assumption",
        description="What happens to a surplus or deficit in March: carried into next year's plan, or settled "
        "from outside the envelope",
    )
    price_rule: PriceRule = choice(
        "national_tariff",
        source="in 2016 about 40 % of spending on specialised services was at national prices and a third at local "
        "ones (Public Accounts Committee)",
        grade="assumption",
        description="What providers are paid: prices that are the same for everyone, or such as each holder of "
        "contracts bargains for by its share of a provider's business",
    )
    ring_fence: bool = Field(
        default=True,
        description="Whether money is kept from crossing between the specialised account and the general "
        "budget of the body that holds it",
        json_schema_extra={
            "unit": "true or false",
            "source": "specialised allocations were nationally ring-fenced",
            "grade": "assumption",
        },
    )
