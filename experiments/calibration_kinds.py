"""Targets of calibration: a published number, what the model's value may be, and whether it is."""

import re
from dataclasses import dataclass
from math import inf
from typing import Literal

from sim.world.evidence import system_facts

FACT = re.compile(r"\{(\w+)(?::[^}]*)?\}")
Use = Literal["sets", "prediction", "bound", "beyond"]


@dataclass(frozen=True)
class Estimate:
    """A value of the model, and the interval that says how far chance moves it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Target:
    """One published number; ``published`` names facts in braces, whose values stand there on the page.

    It is met when the model's value lies between ``low`` and ``high``. Where a published number is a single history,
    the model's interval of single histories is asked instead: whether it holds ``covers``, or reaches ``down_to`` or
    ``up_to`` where only a limit was published.
    """

    id: str
    row: str  # of the list of empirical targets
    what: str
    published: str
    unit: str
    decimals: int
    use: Use
    low: float = -inf
    high: float = inf
    covers: float | None = None
    down_to: float | None = None
    up_to: float | None = None
    parameters: tuple[str, ...] = ()
    note: str = ""  # why beyond, or what the comparison leaves open
    run: bool = False  # whether England must be run for it

    @property
    def facts(self) -> tuple[str, ...]:
        """Name the facts that the published number consists of."""
        return tuple(dict.fromkeys(FACT.findall(self.published)))

    @property
    def in_words(self) -> str:
        """Write the published number."""
        return self.published.format(**{name: system_facts()[name].value for name in self.facts})

    @property
    def allowed(self) -> str:
        """Write what the model's value may be."""
        if self.use == "beyond":
            return "–"
        if self.covers is not None:
            return f"interval holds {self.covers:g}"
        if self.down_to is not None:
            return f"interval reaches down to {self.down_to:g}"
        if self.up_to is not None:
            return f"interval reaches up to {self.up_to:g}"
        return f"{self.low:g} or more" if self.high == inf else f"{self.low:,g} to {self.high:,g}".replace("-", "−")

    def met(self, found: Estimate) -> bool | None:
        """Tell whether a value is what was allowed; None for what lies beyond the model."""
        return None if self.use == "beyond" else self.missed_by(found) == 0.0

    def missed_by(self, found: Estimate) -> float:
        """Return how far a value lies from what was allowed, in the target's unit; 0 when it is met."""
        if self.covers is not None:
            return max(found.low - self.covers, self.covers - found.high, 0.0)
        if self.down_to is not None:
            return max(found.low - self.down_to, 0.0)
        if self.up_to is not None:
            return max(self.up_to - found.high, 0.0)
        return max(self.low - found.value, found.value - self.high, 0.0)
