"""What may stand in a regime, scenario or study file, key by key."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from sim.governance.levers import Levers
from sim.settings.parameter import Grade
from sim.settings.validate import refuse
from sim.specification.cells import MatrixFile
from sim.specification.kinds import April, FileModel, Id, Service, Services, Unlike
from sim.specification.parameters import ParameterSet
from sim.specification.until_file import Untils
from sim.specification.vary_files import DesignFile, DesignOfFile, VaryOfFile


def _in_force(value: Any) -> Any:
    if value is None:
        hint = "somebody commissions at any time; name a regime, or take the date out and the one before it stays"
        raise refuse("leaves a gap: it names no regime", hint)
    return value


class ReasonFile(FileModel):
    """Why a cell or lever has its value."""

    grade: Grade = Field(description="How good the evidence is")
    reason: str = Field(description="The reason in a sentence, with its source")


class RegimeFile(FileModel):
    """A regime: a matrix and levers, with what is known about them."""

    kind: Literal["sim/regime/1"] = Field(alias="schema", description="The kind of file and its version")
    id: Id = Field(description="The name by which studies and scenarios refer to the regime")
    title: str = Field(default="", description="The regime in a few words")
    dates: str = Field(default="", description="When it was in force or proposed")
    sources: list[str] = Field(default=[], description="Documents that the matrix and levers rest on")
    matrix: MatrixFile = Field(description="Who holds each function, for each group of services")
    levers: Levers = Field(default_factory=Levers, description="What a statute, allocation or contract sets")
    reasons: dict[str, ReasonFile] = Field(
        default={},
        description="Reason and grade for a value, by its path, such as levers.year_end; `levers` stands for all "
        "levers that are not named",
    )
    cannot_represent: list[str] = Field(default=[], description="What the file leaves out of the real regime")
    benchmark: bool = Field(default=False, description="Whether every mechanism is off under this regime")
    with_distance: bool = Field(default=False, description="Whether distance still matters under a benchmark")


class ScenarioFile(FileModel):
    """A scenario: regimes in the order in which they come into force."""

    kind: Literal["sim/scenario/1"] = Field(alias="schema", description="The kind of file and its version")
    id: Id = Field(description="The name by which studies refer to the scenario")
    title: str = Field(default="", description="The scenario in a few words")
    timeline: dict[April, Annotated[str, BeforeValidator(_in_force)]] = Field(
        min_length=1, description="The month from which each regime, by name or path, is in force"
    )


class HorizonFile(FileModel):
    """How long is simulated."""

    start: April = Field(description="First month simulated, an April such as 2022-04; the burn-in comes first")
    years: int = Field(
        ge=1, le=60, description="Years measured, after the burn-in", json_schema_extra={"unit": "years"}
    )
    burn_in_years: int = Field(
        default=1,
        ge=0,
        le=20,
        description="Years simulated before measurement begins, to settle the queues",
        json_schema_extra={"unit": "years"},
    )


class StudyFile(FileModel):
    """A study: what is compared, over which years, how often."""

    kind: Literal["sim/study/1"] = Field(alias="schema", description="The kind of file and its version")
    id: Id = Field(description="The name of the study and of its results folder")
    title: str = Field(default="", description="The study in a few words")
    compare: Annotated[list[str], Unlike] = Field(
        min_length=1, description="Regimes and scenarios to compare, by name or path"
    )
    baseline: str = Field(description="The one of `compare` that the others are set against")
    services: Services = Field(min_length=1, description="The services that are simulated: `all`, or a list of ids")
    horizon: HorizonFile = Field(description="Which years are simulated")
    replicates: int = Field(
        ge=1,
        le=100_000,
        description="Runs of each scenario, each with its own luck shared by all scenarios",
        json_schema_extra={"unit": "runs"},
    )
    seed: int = Field(ge=0, le=2**32 - 1, description="The root of all luck, any whole number")
    twin_sets: int = Field(
        default=12,
        ge=0,
        le=10_000,
        description="Sets of identical probe patients for each service, one in each place",
        json_schema_extra={"unit": "sets"},
    )
    weights: dict[Service, Annotated[int, Field(ge=1, le=10_000)]] = Field(
        default={},
        description="People whom one simulated patient of a service stands for; 1 where it is not named",
        json_schema_extra={"unit": "people"},
    )
    parameters: ParameterSet = Field(
        default_factory=ParameterSet, description="Parameters that differ from their defaults, by group"
    )
    vary: VaryOfFile = Field(
        default={},
        description="Parameters and levers that take several values, such as referral.travel_weight_per_hour: "
        "[1, 3, 5] or levers.year_end: [carry, bail_out]; a list, or one of {range: {from, to, step}}, {linspace: "
        "{from, to, n}}, {logspace: {from, to, n}}; for designs that draw points also prior (the declared range), "
        "{prior: {low, high}} and {uniform: {from, to}}. With `design: list`, a list of points, each a mapping of "
        "the same keys to one value",
    )
    design: DesignOfFile = Field(
        default_factory=DesignFile,
        description="How the points of the study are made of what `vary` names: a method (grid, zip, list, "
        "one_at_a_time) or a method with its numbers, such as {method: lhs, samples: 200}",
    )
    until: Untils = Field(
        default=None,
        description="When replication stops: `replicates` is then the first batch, and more are added until the "
        "interval of a paired difference is as narrow as asked; one mapping, or a list of several",
    )
