"""An AgentSet whose agents live in columns: views are made when somebody looks, and never in a run."""

from abc import abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import mesa
import numpy as np
import numpy.typing as npt
from mesa.agent import AgentSet

Cls = TypeVar("Cls", bound=type)

Rows = npt.NDArray[np.int64]

SET_OPERATORS = ("__and__", "__or__", "__sub__", "__xor__", "__iand__", "__ior__", "__isub__", "__ixor__")


class NotOnColumnsError(TypeError):
    """An AgentSet method that would silently do nothing, or run a loop over patients."""


def refuse_the_rest(cls: Cls) -> Cls:
    """Replace every public AgentSet method and set operator that a class does not define by one that raises.

    Inherited methods read Mesa's own containers, in which agents on columns do not stand.
    """
    own = {name for base in cls.__mro__ if base.__module__.startswith("sim.") for name in vars(base)}
    public = {name for name in dir(AgentSet) if not name.startswith("_")}
    for name in sorted((public | set(SET_OPERATORS)) - own):
        setattr(cls, name, _refusal(name))
    return cls


def _refusal(name: str) -> Callable[..., None]:
    def refuse(self: object, *_: object, **__: object) -> None:
        raise NotOnColumnsError(f"{name}() is not available on patients, who act through the phases of the model")

    return refuse


class RowAgent(mesa.Agent):
    """A view of one row; two views of a row are equal."""

    remove, step, advance = (_refusal(name) for name in ("remove", "step", "advance"))

    def __init__(self, model: mesa.Model, row: int, identity: int) -> None:
        """Look at one row; the agent is not registered, the columns are its only memory."""
        self.model = model
        self.row = row
        self.unique_id = identity

    def __eq__(self, other: object) -> bool:
        """Compare by model and identity."""
        return isinstance(other, RowAgent) and other.model is self.model and other.unique_id == self.unique_id

    def __hash__(self) -> int:
        """Return the identity, which is the same in every process."""
        return self.unique_id


@refuse_the_rest
class ColumnSet(AgentSet):
    """Some rows of a column store, as an AgentSet that can be read but not driven."""

    def __init__(self, model: mesa.Model, rows: Rows) -> None:
        """Hold rows, int64[n]; nothing is copied."""
        self.model = model
        self.rows = rows
        self.random = model.random

    @abstractmethod
    def look(self, row: int) -> RowAgent:
        """Return the view of one row."""

    def column(self, name: str) -> npt.NDArray[Any]:
        """Return one attribute of every agent in the set, in order."""
        return np.array([getattr(agent, name) for agent in self])

    def subset(self, rows: Rows) -> "ColumnSet":
        """Return a set of the same kind with other rows."""
        return type(self)(self.model, rows)

    def __len__(self) -> int:
        """Count the agents."""
        return int(self.rows.size)

    def __iter__(self) -> Iterator[RowAgent]:
        """Yield a view of every agent; for inspection, not for loops in a run."""
        return (self.look(int(row)) for row in self.rows)

    def __contains__(self, agent: object) -> bool:
        """Tell whether an agent of this model stands in the set."""
        return isinstance(agent, RowAgent) and agent.model is self.model and bool((self.rows == agent.row).any())

    def __getitem__(self, item: int | slice) -> Any:
        """Return one agent, or the list of a slice."""
        if isinstance(item, slice):
            return [self.look(int(row)) for row in self.rows[item]]
        return self.look(int(self.rows[item]))

    def get(self, attr_names: str | list[str]) -> list[Any]:
        """Return one attribute of every agent, or a list of several for each."""
        if isinstance(attr_names, str):
            return list(self.column(attr_names))
        return [list(values) for values in zip(*(self.column(name) for name in attr_names), strict=True)]

    def agg(self, attribute: str, func: Callable[[Any], Any] | list[Callable[[Any], Any]]) -> Any:
        """Apply a function, or each of several, to one attribute of all agents."""
        values = self.column(attribute)
        return [one(values) for one in func] if isinstance(func, list) else func(values)

    def select(self, filter_func: Callable[[Any], bool] | None = None) -> "ColumnSet":
        """Return the agents for which a function of the view is true; ``where`` is faster."""
        if filter_func is None:
            return self
        keep = np.array([filter_func(agent) for agent in self], dtype=bool)
        return self.subset(self.rows[keep])

    def where(self, **wanted: object) -> "ColumnSet":
        """Return the agents whose attributes have the given values."""
        keep = np.ones(self.rows.size, dtype=bool)
        for name, value in wanted.items():
            keep &= self.column(name) == value
        return self.subset(self.rows[keep])

    def to_list(self) -> list[RowAgent]:
        """Return views of all agents."""
        return list(self)

    def count_by(self, name: str) -> dict[Any, int]:
        """Count the agents by one attribute."""
        values, counts = np.unique(self.column(name), return_counts=True)
        return dict(zip(values.tolist(), counts.tolist(), strict=True))
