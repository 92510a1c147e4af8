"""Walk every parameter of a model, whatever groups it has, and switch mechanisms off."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel

from sim.settings.schema import Facts, facts, fields

Group = TypeVar("Group", bound=BaseModel)


@dataclass(frozen=True)
class Declared:
    """One declared value: its dotted key, its value, and what stands beside it."""

    key: str
    value: object
    facts: Facts


def declared(model: BaseModel, prefix: str = "") -> Iterator[Declared]:
    """Yield every value of a model and of the groups inside it, in the order of declaration."""
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from declared(value, f"{prefix}{name}.")
        else:
            yield Declared(prefix + name, value, facts(info))


def mechanisms(model: BaseModel) -> tuple[Declared, ...]:
    """Return the off-switches, by the number of the mechanism; those of rules without a number come last."""
    found = (entry for entry in declared(model) if entry.facts.switch)
    return tuple(sorted(found, key=lambda e: (e.facts.mechanism is None, e.facts.mechanism or 0, e.key)))


def all_mechanisms_off(model: Group) -> Group:
    """Return a copy in which every switch of every group is off and all else is the same."""
    changes: dict[str, object] = {}
    for name, info in fields(type(model)).items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            changes[name] = all_mechanisms_off(value)
        elif facts(info).switch:
            changes[name] = False
    return model.model_copy(update=changes)
