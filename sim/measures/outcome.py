"""What is known of an outcome before any run."""

import math
from dataclasses import dataclass
from typing import Literal

Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True)
class Outcome:
    """One measure: what it is called, its unit, how a number of it is written, and what change matters.

    ``smallest_difference`` is in the unit of the outcome or, where ``relative``, a share of the baseline.
    ``number_format`` is a format specification for the value; no value lies beyond ``lowest`` or ``highest``.
    """

    id: str
    label: str
    unit: str
    better: Better
    number_format: str
    smallest_difference: float
    reason: str
    relative: bool = False
    lowest: float = -math.inf
    highest: float = math.inf

    @property
    def is_share(self) -> bool:
        """Tell whether it is a share, from 0 to 1."""
        return (self.lowest, self.highest) == (0.0, 1.0)

    def smallest_difference_from(self, baseline: float) -> float:
        """Return the smallest difference that matters in the outcome's unit, given the baseline's mean."""
        return self.smallest_difference * abs(baseline) if self.relative else self.smallest_difference
