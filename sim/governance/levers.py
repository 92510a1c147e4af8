"""Levers: what a statute, an allocation or a contract can set, and nothing else."""

from typing import Literal

from pydantic import Field

from sim.settings.parameter import Parameters, choice

Allocation = Literal["weighted_capitation", "capitation", "historic"]
YearEnd = Literal["carry", "bail_out"]


class Levers(Parameters):
    """The levers of one regime."""

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
