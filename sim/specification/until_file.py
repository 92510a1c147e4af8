"""What may stand under ``until:`` in a study file, key by key."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidatorFunctionWrapHandler, WrapValidator

from sim.settings.hints import number_in
from sim.settings.validate import quoted, refuse
from sim.specification.kinds import FileModel

_CONTRAST = re.compile(r"\s*(\S+)\s+[-\N{MINUS SIGN}]\s+(\S+)\s*")


def _half_width(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    number, hint = number_in(value), "write a number in the unit of the measure; `sim explain MEASURE` tells it"
    if number is not None and value.strip().endswith("%"):
        hint = f"shares count the whole as 1; write `{float(number) / 100:g}`"
    elif number is not None:
        hint = f"write a number in the unit of the measure, without one; is it `{number}`?"
    raise refuse(f"wants a number, got {quoted(value)}", hint)


def _contrast(text: str) -> str:
    found = sides(text)
    if found is None:
        hint = "put spaces around the minus: `contrast: national_2013 - ics_2022`"
        raise refuse(f"wants two regimes with a minus between them, got {quoted(text)}", hint)
    if found[0] == found[1]:
        raise refuse(f"sets `{found[0]}` against itself", "name two regimes")
    return text


def sides(text: str) -> tuple[str, str] | None:
    """Return the two names of a contrast, None for a text that is none."""
    found = _CONTRAST.fullmatch(text)
    return (found[1], found[2]) if found else None


class UntilFile(FileModel):
    """A difference that shall be known well enough before replication stops."""

    half_width: Annotated[float, BeforeValidator(_half_width)] = Field(
        gt=0, description="The half-width of the interval that is asked for, in the unit of the measure"
    )
    of: str = Field(description="The measure, an id that `sim explain measures` lists")
    contrast: Annotated[str, AfterValidator(_contrast)] = Field(
        description="The difference of two compared regimes, such as national_2013 - ics_2022"
    )
    services: str = Field(
        default="all",
        description="For which services: all (every patient alike where the measure is no sum), all_services, a group, "
        "or the id of a service",
    )
    confidence: float = Field(
        default=0.95,
        ge=0.5,
        le=0.9999,
        description="The confidence of that interval",
        json_schema_extra={"unit": "share"},
    )
    most_replicates: int = Field(
        default=200,
        ge=2,
        le=100_000,
        description="Replicates at which the study stops in any case",
        json_schema_extra={"unit": "runs"},
    )


_SEVERAL = TypeAdapter(Annotated[list[UntilFile], Field(min_length=1, max_length=20)])


def _one_or_several(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """Validate by the form that was written, so that a problem stands where its author wrote it."""
    if isinstance(value, dict):
        return UntilFile.model_validate(value)
    if isinstance(value, list):
        return _SEVERAL.validate_python(value)
    if value is None:
        return None
    raise refuse(
        f"wants a mapping, or a list of them, got {quoted(value)}",
        "write `{half_width: 0.005, of: twin_discordance, contrast: national_2013 - ics_2022}`",
    )


Untils = Annotated[UntilFile | list[UntilFile] | None, WrapValidator(_one_or_several)]
