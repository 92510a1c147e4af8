"""What providers and commissioners have in common: each is an ordinary Mesa agent that stands for one row."""

from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import mesa


class Counters(WeakKeyDictionary[Any, "count[int]"]):
    """The numbers of each model's agents, from 1, for as long as the model lives."""

    def __getitem__(self, model: Any) -> "count[int]":
        """Return the counter of a model, a new one when it has none."""
        return self.setdefault(model, count(1))


class Organisation(mesa.Agent):
    """An agent that stands for one row of its model's columns."""

    # Mesa 3.3 counts agents in a dictionary that would keep every model, and its millions of patients, for ever.
    _ids = Counters()

    def __init__(self, model: Any, row: int) -> None:
        """Stand for one row."""
        super().__init__(model)
        self.row = row
