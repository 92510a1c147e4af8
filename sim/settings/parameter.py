"""The Parameter type: a value that never travels without its range, unit, source and grade."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Grade = Literal["official", "published", "approximate", "assumption"]


class Parameters(BaseModel):
    """A frozen group of parameters, declared beside the rule that reads them."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def parameter(  # noqa: PLR0913  (what must never travel apart is declared together)
    value: float,
    *,
    low: float,
    high: float,
    unit: str,
    source: str,
    grade: Grade,
    description: str,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Any:
    """Declare one number of a mechanism.

    ``low`` to ``high`` is the plausible range (the prior of a sweep); ``at_least`` and ``at_most``
    are what the rule can compute with, and a configuration outside them is refused.
    """
    if not low <= value <= high:
        raise ValueError(f"{description}: the value {value} lies outside its range {low} to {high}")
    return Field(
        default=value,
        ge=at_least,
        le=at_most,
        description=description,
        json_schema_extra={
            "low": low,
            "high": high,
            "unit": unit,
            "source": source,
            "grade": grade,
        },
    )


def choice(value: str, *, source: str, grade: Grade, description: str) -> Any:
    """Declare a lever or option that takes one of a few words (the field's Literal type lists them)."""
    return Field(
        default=value,
        description=description,
        json_schema_extra={"unit": "one of the words listed", "source": source, "grade": grade},
    )


def switch(mechanism: int | None, description: str) -> Any:
    """Declare an off-switch; ``mechanism`` is its number in the ODD protocol, None of a rule that has no number."""
    return Field(
        default=True,
        description=description,
        json_schema_extra={"unit": "true or false", "switch": True, "mechanism": mechanism},
    )
