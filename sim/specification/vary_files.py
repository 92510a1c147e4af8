"""What may stand under `vary:` and `design:` of a study file."""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from sim.settings.hints import nearest
from sim.settings.validate import quoted, refuse
from sim.specification.design import METHODS, MORRIS_LEVELS, MOST_POINTS, Method
from sim.specification.kinds import FileModel, Shorthand

PRIOR = "prior"


def _listed(value: Any) -> Any:
    """Take a list for its values, and the word prior for the whole range that is declared."""
    if isinstance(value, list | dict):
        return {"values": value} if isinstance(value, list) else value
    if value == PRIOR:
        return {PRIOR: {}}
    hint = f"write `[{'…' if value is None else value}]`"
    if isinstance(value, str) and nearest(value, [PRIOR]):
        hint = f"did you mean `{PRIOR}`?"
    raise refuse(f"wants a list of values, got {quoted(value)}", hint)


def _points_apart(value: Any) -> Any:
    """Leave a list of points to the reader of points, who knows which keys each must have."""
    return {} if isinstance(value, list) else value


def _named(value: Any) -> Any:
    return {"method": value} if isinstance(value, str) else value


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


class LogspaceFile(FileModel):
    """So many numbers, each the same multiple of the one before."""

    start: float = Field(alias="from", gt=0, description="The first number, above 0")
    stop: float = Field(alias="to", gt=0, description="The last number, above 0")
    n: int = Field(ge=2, le=MOST_POINTS, description="How many numbers, both ends among them")


class UniformFile(FileModel):
    """An interval in which every number has the same chance."""

    start: float = Field(alias="from", description="The smallest number")
    stop: float = Field(alias="to", description="The largest number")


class PriorFile(FileModel):
    """The plausible range that is declared beside the parameter, or a part of it; uniform."""

    low: float | None = Field(default=None, description="Where to begin; the declared low where it is not given")
    high: float | None = Field(default=None, description="Where to end; the declared high where it is not given")


class AxisFile(FileModel):
    """The values that one parameter or lever takes, or the interval they are drawn from, written in one way."""

    values: list[Any] | None = Field(
        default=None, min_length=1, max_length=MOST_POINTS, description="The values, one by one"
    )
    range: RangeFile | None = Field(default=None, description="Numbers from one to another by a step")
    linspace: LinspaceFile | None = Field(default=None, description="So many numbers from one to another")
    logspace: LogspaceFile | None = Field(default=None, description="So many numbers, growing by one factor")
    uniform: UniformFile | None = Field(
        default=None, description="An interval of one's own, for designs that draw points, or its ends one at a time"
    )
    prior: PriorFile | None = Field(
        default=None,
        description="The declared plausible range (see `sim explain KEY`), for the same designs; of a switch or a "
        "choice all its values, with equal chance",
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        names = list(type(self).model_fields)
        given = [name for name in names if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none of them"
            hint = "keep one, or write a list: `[1, 3, 5]`"
            raise refuse(f"wants one of {', '.join(names)}; got {found}", hint)
        return self


class DesignFile(FileModel):
    """How points are made of what `vary` names; a method without numbers may stand alone, as in `design: zip`."""

    method: Method = Field(
        default="grid",
        description="grid: every value with every other; zip: the first value of each together, then the second; list: "
        "the points that `vary` lists; one_at_a_time: the study as it is, then each axis at each of its values with "
        "the others left as they are; lhs: a Latin hypercube; sobol: a Sobol sequence; morris: trajectories that "
        "change one axis a step; saltelli: the scheme for Sobol indices",
    )
    samples: int | None = Field(
        default=None,
        ge=2,
        le=MOST_POINTS,
        description="Points of lhs and sobol; N of saltelli, a power of 2, which makes N x (axes + 2) points. More "
        "samples keep the points there are in sobol and saltelli; in lhs all points are drawn anew",
    )
    trajectories: int | None = Field(
        default=None,
        ge=2,
        le=MOST_POINTS,
        description="Trajectories of morris, each of one point more than there are axes; more of them keep those there "
        "are",
    )
    levels: int | None = Field(
        default=None,
        ge=2,
        le=100,
        description=f"Levels of each axis in morris, an even number; {MORRIS_LEVELS} where it is not given",
    )
    seed: int | None = Field(
        default=None,
        ge=0,
        le=2**32 - 1,
        description="The root of what a design draws; the seed of the study where it is not given",
    )


_LIST_ALONE = Shorthand((("type", "array"), ("minItems", 1), ("description", "The values, one by one")))
_PRIOR_ALONE = Shorthand((("const", PRIOR), ("description", "The declared plausible range")))
_POINTS = Shorthand(
    (
        ("type", "array"),
        ("items", {"type": "object"}),
        ("minItems", 1),
        ("description", "With `design: list`, the points: each gives the same keys a value"),
    )
)
_METHOD_ALONE = Shorthand((("enum", list(METHODS)), ("description", "A method without numbers")))

AxisOfFile = Annotated[AxisFile, BeforeValidator(_listed), _LIST_ALONE, _PRIOR_ALONE]
VaryOfFile = Annotated[dict[str, AxisOfFile], BeforeValidator(_points_apart), _POINTS]
DesignOfFile = Annotated[DesignFile, BeforeValidator(_named), _METHOD_ALONE]
