"""Ask a pydantic model what it allows at a location: which keys, which field, which range."""

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.settings.tree import Location


@dataclass(frozen=True)
class Facts:
    """What is declared beside one field; ranges and unit are empty where nothing is declared."""

    description: str = ""
    unit: str = ""
    source: str = ""
    grade: str = ""
    low: float | None = None
    high: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    choices: tuple[str, ...] = ()
    switch: bool = False
    mechanism: int | None = None
    whole: bool = False  # a whole number

    @property
    def allowed(self) -> str:
        """Word what may be written here."""
        if self.choices:
            return ", ".join(self.choices)
        if self.at_least is not None and self.at_most is not None:
            return f"{self.at_least:.10g} to {self.at_most:.10g}"
        if self.at_least is not None:
            return f"{self.at_least:.10g} or more"
        return f"{self.at_most:.10g} or less" if self.at_most is not None else ""

    @property
    def plausible(self) -> str:
        """Word the plausible range."""
        return f"{self.low:g} to {self.high:g}" if self.low is not None and self.high is not None else ""


def facts(info: FieldInfo) -> Facts:
    """Collect what a field declares in its metadata and its extra schema."""
    extra: Mapping[str, Any] = info.json_schema_extra if isinstance(info.json_schema_extra, Mapping) else {}
    return Facts(
        description=info.description or "",
        unit=str(extra.get("unit", "")),
        source=str(extra.get("source", "")),
        grade=str(extra.get("grade", "")),
        low=extra.get("low"),
        high=extra.get("high"),
        at_least=max(_limits(info, "ge", "gt"), default=None),
        at_most=min(_limits(info, "le", "lt"), default=None),
        choices=choices(info.annotation),
        switch=bool(extra.get("switch", False)),
        mechanism=extra.get("mechanism"),
        whole=info.annotation is int,
    )


def choices(annotation: object) -> tuple[str, ...]:
    """Return the words of a Literal, which may be optional; none for anything else."""
    literals = [branch for branch in _branches(annotation) if get_origin(branch) is Literal]
    return tuple(str(word) for literal in literals for word in get_args(literal))


def fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a model by the key that a file uses."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """Yield the models that an annotation accepts directly, seeing through Annotated and unions."""
    for branch in _branches(annotation):
        if isinstance(branch, type) and issubclass(branch, BaseModel):
            yield branch


def keys_at(model: type[BaseModel], location: Location) -> tuple[str, ...]:
    """Return the keys that a mapping at a location may have; none where any key is allowed."""
    annotation, _ = _descend(model, location)
    return tuple(key for found in models_in(annotation) for key in fields(found))


def field_at(model: type[BaseModel], location: Location) -> FieldInfo | None:
    """Return the field that governs a location, None where there is none."""
    return _descend(model, location)[1]


def homes_of(model: type[BaseModel], key: str, prefix: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield every location in a schema that has this key, however deep."""
    for name, info in fields(model).items():
        here = (*prefix, name)
        if name == key:
            yield here
        for below in models_in(info.annotation):
            if below is not model:  # a part that may hold another of its kind has the same keys at every depth
                yield from homes_of(below, key, here)


def _descend(model: type[BaseModel], location: Location) -> tuple[object, FieldInfo | None]:
    annotation: object = model
    info: FieldInfo | None = None
    for step in location:
        annotation, info = _step(annotation, step)
        if annotation is None:
            break
    return annotation, info


def _step(annotation: object, step: str | int) -> tuple[object, FieldInfo | None]:
    for branch in _branches(annotation):
        if isinstance(branch, type) and issubclass(branch, BaseModel):
            info = fields(branch).get(str(step))
            if info is not None:
                return info.annotation, info
            continue
        origin, arguments = get_origin(branch), get_args(branch)
        if isinstance(origin, type) and issubclass(origin, Mapping) and isinstance(step, str):
            return arguments[1], None
        if isinstance(origin, type) and issubclass(origin, Sequence) and isinstance(step, int):
            return arguments[0], None
    return None, None


def _branches(annotation: object) -> Iterator[object]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _branches(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for branch in get_args(annotation):
            yield from _branches(branch)
    else:
        yield annotation


def _limits(info: FieldInfo, *names: str) -> list[float]:
    """Return the limits that a field's constraints carry under any of these names."""
    found = (getattr(item, name, None) for item in info.metadata for name in names)
    return [float(limit) for limit in found if limit is not None]
