"""How what a study varies is combined into points: by rule, by list, or by drawing them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sim.settings.plural import counted

Method = Literal["grid", "zip", "list", "one_at_a_time", "lhs", "sobol", "morris", "saltelli"]
METHODS: tuple[str, ...] = get_args(Method)
SAMPLED = ("lhs", "sobol", "morris", "saltelli")
"""The designs that draw points from intervals; the others combine values that are written down."""
MOST_POINTS = 10_000
MORRIS_LEVELS = 4


@dataclass(frozen=True)
class Design:
    """How the points of a study were made, enough to make them again.

    ``samples`` counts those of lhs, sobol and saltelli, ``trajectories`` and ``levels`` those of morris, 0
    elsewhere; ``seed`` is the root of what is drawn, and takes part in nothing else.
    """

    method: Method = "grid"
    samples: int = 0
    trajectories: int = 0
    levels: int = 0
    seed: int = 0

    @property
    def sampled(self) -> bool:
        """Tell whether points are drawn."""
        return self.method in SAMPLED

    @property
    def in_words(self) -> str:
        """Name the method with its numbers: ``morris, 20 trajectories, 4 levels``."""
        parts = {"sample": self.samples, "trajectory": self.trajectories, "level": self.levels}
        told = [counted(count, noun).replace("trajectorys", "trajectories") for noun, count in parts.items() if count]
        return ", ".join([self.method.replace("_", " "), *told, *([f"seed {self.seed}"] if self.sampled else [])])

    def as_file(self) -> str | dict[str, Any]:
        """Return the design as a study file holds it."""
        numbers = {"samples": self.samples, "trajectories": self.trajectories, "levels": self.levels}
        if not self.sampled:
            return self.method
        return {"method": self.method, **{name: n for name, n in numbers.items() if n}, "seed": self.seed}

    def number_of_points(self, lengths: Sequence[int]) -> int:
        """Return how many points axes of these numbers of values span; without an axis there is one."""
        if not lengths:
            return 1
        counts = {
            "grid": math.prod(lengths),
            "one_at_a_time": 1 + sum(lengths),
            "morris": self.trajectories * (len(lengths) + 1),
            "saltelli": self.samples * (len(lengths) + 2),
        }
        return counts.get(self.method, self.samples if self.sampled else min(lengths))

    def arithmetic(self, lengths: Sequence[int]) -> str:
        """Say how the number of points comes about.

        >>> Design("saltelli", samples=512).arithmetic([1] * 12)
        '512 x (12 + 2) = 7,168 points'
        """
        count = len(lengths)
        ways = {
            "grid": " x ".join(str(length) for length in lengths) if count > 1 else "",
            "one_at_a_time": " + ".join(["1", *(str(length) for length in lengths)]),
            "morris": f"{self.trajectories} x ({count} + 1)",
            "saltelli": f"{self.samples} x ({count} + 2)",
        }
        points = counted(self.number_of_points(lengths), "point")
        way = ways.get(self.method, "")
        return f"{way} = {points}" if way else points


GRID = Design()
"""Every value with every other: how a study combines what it varies unless it says otherwise."""
