"""When replication stops: which difference shall be known how well, and at which counts of replicates one looks."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.settings.problem import Span

GROWTH = 1.5
"""Every batch brings the replicates to this multiple of those at the look before."""
FEWEST = 2
"""An interval needs as many replicates."""
ALLOWED_FOR = 1000
"""Intervals allow for looks up to so many replicates, so that `most_replicates` may be raised that far later."""


@dataclass(frozen=True)
class Until:
    """One difference, first regime less second, and the half-width of its interval that is asked for.

    ``half_width`` is in the unit of the measure; ``services`` is a set of services as tables name it. ``spans`` says
    where each key was written, for problems that only show when the measures are known.
    """

    half_width: float
    measure: str
    first: str
    second: str
    services: str = "all"
    confidence: float = 0.95
    most_replicates: int = 200
    spans: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)
    place: int | None = field(default=None, compare=False)  # in a list of several

    @property
    def regimes(self) -> tuple[str, str]:
        """Return the two regimes, the second of which is taken from the first."""
        return self.first, self.second

    @property
    def as_written(self) -> dict[str, str | float]:
        """Return the rule as a study file would hold it."""
        return {
            "half_width": self.half_width,
            "of": self.measure,
            "contrast": " - ".join(self.regimes),
            "services": self.services,
            "confidence": self.confidence,
            "most_replicates": self.most_replicates,
        }

    @property
    def location(self) -> tuple[str | int, ...]:
        """Return where it stands in its study."""
        return ("until",) if self.place is None else ("until", self.place)


@dataclass(frozen=True)
class Stopping:
    """All that must be known well enough before a study stops, and the replicates of its first batch."""

    rules: tuple[Until, ...]
    first_batch: int

    @property
    def most_replicates(self) -> int:
        """Return the replicates at which the study stops in any case."""
        return max(rule.most_replicates for rule in self.rules)

    @property
    def looks(self) -> tuple[int, ...]:
        """Return the counts of replicates at which one looks: they follow from the study and from nothing else."""
        return self._looks_below(self.most_replicates)

    @property
    def looks_allowed_for(self) -> tuple[int, ...]:
        """Return the counts for which intervals allow: those, and the next up to ``ALLOWED_FOR`` replicates.

        So the intervals of a study stay as they are when it may have more replicates later.
        """
        return self._looks_below(max(self.most_replicates, ALLOWED_FOR))

    def look_at(self, replicates: int) -> int:
        """Return the number of the look that is taken at a count of replicates, from 1."""
        return sum(count <= replicates for count in self.looks)

    def _looks_below(self, last: int) -> tuple[int, ...]:
        counts = {self.first_batch, *(rule.most_replicates for rule in self.rules)}
        count = self.first_batch
        while count < last:
            counts.add(count)
            count = max(count + 1, math.ceil(GROWTH * count))
        return tuple(sorted(counts))
