"""Levers: what a statute, an allocation or a contract can set, and nothing else."""

from typing import Literal

from pydantic import Field

from sim.settings.parameter import Parameters, choice, parameter

Allocation = Literal["weighted_capitation", "capitation", "historic"]
YearEnd = Literal["carry", "bail_out", "freeze"]
PriceRule = Literal["national_tariff", "local"]
BudgetLines = Literal["one", "highly_specialised_apart", "by_group"]


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
        description="What happens to a surplus or deficit in March: carried into next year's plan; settled "
        "from outside the envelope; or (freeze) a deficit is repaid in the first quarter of the next year, by starting "
        "less, and a surplus is given up",
    )
    co_commissioning_share: float = parameter(
        0.5,
        low=0.0,
        high=1.0,
        at_least=0.0,
        at_most=1.0,
        unit="share",
        source="none found; halves where nothing else is agreed",
        grade="assumption",
        description="The partner's part of what is shared: of the plan and of what is spent beside it where the budget "
        "is, of how a pathway suits its people where contracts are; decides nothing where neither has a partner",
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
    budget_lines: BudgetLines = choice(
        "highly_specialised_apart",
        source="what was commissioned nationally as highly specialised was paid from a central budget of its own, "
        "1983 to 2007, and accounted for apart after that (Health Committee, Public Expenditure 2009, question 31); "
        "whether the money stayed apart after 2013 is not published",
        grade="approximate",
        description="Into which lines a body divides the money that it holds: one for all; one for the highly "
        "specialised services and one for the others; or one for each group. Money, and its balance in March, stays "
        "on its line, so no group can be pushed aside by another; each line bears its own risk",
    )
    risk_share: float = parameter(
        0.0,
        low=0.0,
        high=1.0,
        at_least=0.0,
        at_most=1.0,
        unit="share",
        source="none found; boards and joint committees may agree to share risk, how much is not published",
        grade="assumption",
        description="Part of every account's room in the year, and of its balance in March, that all accounts of one "
        "line put together and divide by their allocations",
    )
    pace_of_change_share_per_year: float = parameter(
        0.2,
        low=0.05,
        high=1.0,
        at_least=0.0,
        at_most=1.0,
        unit="share a year",
        source="allocations moved to their formula over years, how fast differed from year to year; a fifth a year is "
        "about the geometric middle of the range, no published number",
        grade="assumption",
        description="How much of the distance between the present shares of the envelope and those of the allocation "
        "rule is closed each April; before the first, shares are those of past spending",
    )
    resource_shift_share: float = parameter(
        1.0,
        low=0.0,
        high=1.0,
        at_least=0.0,
        at_most=1.0,
        unit="share",
        source="none found; that responsibility may move without the money is what was feared of the transfers of 2014",
        grade="assumption",
        description="Part of the old holder's plan that moves with a responsibility when the regime comes into force; "
        "what does not stays with the old holder, or in its general budget when it pays for nothing any more",
    )
    staff_transferred_share: float = parameter(
        1.0,
        low=0.4,
        high=1.0,
        at_least=0.05,
        at_most=1.0,
        unit="share",
        source="60 % were expected to be transferred in the change of 2013 (50 to 70 %)",
        grade="approximate",
        description="Part of the staff of those who lose an office that goes over to those who take it, when the "
        "regime comes into force",
    )
