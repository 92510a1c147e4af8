"""Walk every parameter of a model, whatever groups it has, and switch mechanisms off."""

from collections.abc import Collection, Iterator
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


def all_mechanisms_off(model: Group, kept: Collection[str] = (), prefix: str = "") -> Group:
    """Return a copy in which every switch of every group is off, but those ``kept`` (dotted keys); all else stays."""
    changes: dict[str, object] = {}
    for name, info in fields(type(model)).items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            changes[name] = all_mechanisms_off(value, kept, f"{prefix}{name}.")
        elif facts(info).switch and prefix + name not in kept:
            changes[name] = False
    return model.model_copy(update=changes)
