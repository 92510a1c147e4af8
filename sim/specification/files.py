"""What may stand in a regime, scenario or study file, key by key."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic_core import CoreSchema

from sim.governance.levers import Levers
from sim.settings.hints import did_you_mean
from sim.settings.parameter import Grade
from sim.settings.validate import quoted, refuse
from sim.specification.axes import MOST_POINTS, Design
from sim.specification.levels import known_levels, level_hint
from sim.specification.parameters import ParameterSet
from sim.specification.services import known_services

_ID = re.compile(r"[a-z][a-z0-9_]*")
_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        fixed = re.sub(r"\W+", "_", text.strip().lower())
        raise refuse(f'wants lower-case letters, digits and underscores, got "{text}"', f"write `{fixed}`")
    return text


def _april(text: str) -> str:
    if not _MONTH.fullmatch(text):
        raise refuse(f'wants a month such as 2013-04, got "{text}"', "write year and month: `2013-04`")
    if not text.endswith("-04"):
        raise refuse(f"wants an April, got {text}", f"plans are set each April; write `{text[:4]}-04`")
    return text


def _level(text: str) -> str:
    if text not in known_levels():
        raise refuse(f'wants a level, got "{text}"', level_hint(text))
    return text


def _service(text: str) -> str:
    if text not in known_services():
        hint = did_you_mean(text, known_services(), listing="see `sim explain services`; they are")
        raise refuse(f'wants the id of a modelled service, got "{text}"', hint)
    return text


def _unlike(items: list[str]) -> list[str]:
    twice = sorted({item for item in items if items.count(item) > 1})
    if twice:
        raise refuse(f"names {', '.join(twice)} more than once", "keep one")
    return items


def _holder(value: Any) -> Any:
    return {"holder": value} if isinstance(value, str) else value


def _listed(value: Any) -> Any:
    if isinstance(value, list | dict):
        return {"values": value} if isinstance(value, list) else value
    raise refuse(f"wants a list of values, got {quoted(value)}", f"write `[{'…' if value is None else value}]`")


def _in_force(value: Any) -> Any:
    if value is None:
        hint = "somebody commissions at any time; name a regime, or take the date out and the one before it stays"
        raise refuse("leaves a gap: it names no regime", hint)
    return value


def _every(value: Any) -> Any:
    return list(known_services()) if value == "all" else value


@dataclass(frozen=True)
class _Words:
    """Tell editors which words the data tables allow; the tables are read when a schema is asked for."""

    known: Callable[[], Iterable[str]]

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(core), "enum": list(self.known())}


@dataclass(frozen=True)
class _Shorthand:
    """Tell editors that another form is accepted beside the full one."""

    schema: tuple[tuple[str, Any], ...]

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [dict(self.schema), handler(core)]}


Id = Annotated[str, AfterValidator(_id)]
April = Annotated[str, AfterValidator(_april)]
Level = Annotated[str, AfterValidator(_level), _Words(known_levels)]
Service = Annotated[str, AfterValidator(_service), _Words(known_services)]
Unlike = AfterValidator(_unlike)
Services = Annotated[list[Service], Unlike, BeforeValidator(_every), _Shorthand((("const", "all"),))]


class FileModel(BaseModel):
    """A part of a file: unknown keys are refused and nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class HolderFile(FileModel):
    """Who holds a function."""

    holder: Level = Field(description="The level whose units hold the function")


class MoneyFile(HolderFile):
    """Who holds the money, and where it is pooled and spent when that is another level."""

    pooled_at: Level | None = Field(
        default=None, description="The level at which the money is pooled and spent, if not the holder's"
    )


_LEVEL_ALONE = _Shorthand((("type", "string"), ("description", "The level that holds the function")))
Holder = Annotated[HolderFile, BeforeValidator(_holder), _LEVEL_ALONE]
Money = Annotated[MoneyFile, BeforeValidator(_holder), _LEVEL_ALONE]


class RowFile(FileModel):
    """The four functions of one group of services."""

    policy: Holder = Field(description="Who decides which treatments are routinely funded, to what threshold")
    budget: Money = Field(description="Whose money pays, and where it is pooled")
    contracting: Holder = Field(description="Who plans, contracts and pays providers")
    cases: Holder = Field(description="Who decides individual funding requests")


class ListedFile(RowFile):
    """A row for services by name, whatever their group."""

    services: Annotated[list[Service], Unlike] = Field(min_length=1, description="Ids of the services")


class MatrixFile(FileModel):
    """Who holds each function, for each group of services."""

    highly_specialised: RowFile = Field(description="The rarest services, planned nationally in 2022")
    specialised_retained: RowFile = Field(description="Specialised services that the 2022 plan retains")
    specialised_delegable: RowFile = Field(description="Specialised services that the 2022 plan delegates")
    listed: ListedFile | None = Field(default=None, description="Services that depart from their group's row")


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
        default={}, description="Reason and grade for a value, by its path, such as levers.year_end"
    )
    cannot_represent: list[str] = Field(default=[], description="What the file leaves out of the real regime")
    benchmark: bool = Field(default=False, description="Whether every mechanism is off under this regime")


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

    start: April = Field(description="First month simulated; the burn-in comes first")
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


class RangeFile(FileModel):
    """Numbers at one distance from each other."""

    start: float = Field(alias="from", description="The first number")
    stop: float = Field(alias="to", description="The last number, a whole number of steps from the first")
    step: float = Field(gt=0, description="The distance between two numbers")


class LinspaceFile(FileModel):
    """So many numbers at equal distances."""

    start: float = Field(alias="from", description="The first number")
    stop: float = Field(alias="to", description="The last number")
    n: int = Field(ge=2, le=MOST_POINTS, description="How many numbers, both ends among them")


class AxisFile(FileModel):
    """The values that one parameter or lever takes, written in one of three ways."""

    values: list[Any] | None = Field(
        default=None, min_length=1, max_length=MOST_POINTS, description="The values, one by one"
    )
    range: RangeFile | None = Field(default=None, description="Numbers from one to another by a step")
    linspace: LinspaceFile | None = Field(default=None, description="So many numbers from one to another")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none of them"
            raise refuse(f"wants one of values, range, linspace; got {found}", "keep one, or write a list: `[1, 3, 5]`")
        return self


_LIST_ALONE = _Shorthand((("type", "array"), ("minItems", 1), ("description", "The values, one by one")))
Axis = Annotated[AxisFile, BeforeValidator(_listed), _LIST_ALONE]


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
    vary: dict[str, Axis] = Field(
        default={},
        description="Parameters and levers that take several values, such as referral.travel_weight_per_hour: "
        "[1, 3, 5] or levers.year_end: [carry, bail_out]; a list, or {range: {from, to, step}}, or "
        "{linspace: {from, to, n}}",
    )
    design: Design = Field(
        default="grid",
        description="How the values of `vary` are combined: every one with every other (grid), or the first of "
        "each together, then the second (zip)",
    )
