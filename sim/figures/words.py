"""Words and estimates that several figures share; every number in them comes from the data that is drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.figures.numbers import decimals_of, number
from sim.settings.plural import counted

SMALL_WORDS = ("a", "all", "and", "at", "by", "for", "in", "no", "of", "off", "on", "or", "out", "the", "to", "via")
MOST_NAMED = 2
"""A title names this many regimes at most; beyond that it counts them."""


@dataclass(frozen=True)
class Estimate:
    """A mean over replicates with its 95 % interval, nan where there is none."""

    value: float
    low: float
    high: float


UNKNOWN = Estimate(math.nan, math.nan, math.nan)


def spoken(identifier: str) -> str:
    """Turn an id into words; words of up to three letters are read as abbreviations, but for small words.

    >>> spoken("scg_2006"), spoken("equal_access"), spoken("scg_to_national")
    ('SCG 2006', 'equal access', 'SCG to national')
    """
    words = identifier.split("_")
    return " ".join(word.upper() if len(word) <= 3 and word not in SMALL_WORDS else word for word in words)


def capital(text: str) -> str:
    """Return the text with a capital at its beginning."""
    return text[0].upper() + text[1:]


def listed(names: Sequence[str]) -> str:
    """Join names the way a sentence does, or count them when there are many.

    >>> listed(["A", "B"]), listed(["A", "B", "C"])
    ('A and B', '3 other regimes')
    """
    if len(names) > MOST_NAMED:
        return f"{len(names)} other regimes"
    return " and ".join(names)


def with_interval(
    estimate: Estimate, factor: float, least_decimals: int = 0, most_decimals: int = 5, signed: bool = False
) -> str:
    """Write an estimate to one significant digit of the half-width of its interval, within so many decimals."""
    value, low, high = (factor * part for part in (estimate.value, estimate.low, estimate.high))
    decimals = min(max(decimals_of(low, high, value, 1), least_decimals), most_decimals)
    if not math.isfinite(low):
        return number(value, decimals, signed)
    return f"{number(value, decimals, signed)} ({number(low, decimals, signed)} to {number(high, decimals, signed)})"


def source_line(replicates: int) -> str:
    """Say where the numbers come from and what their intervals hold and leave out."""
    start = "Source: this model. Simulated, not observed; most inputs are graded as assumptions. "
    start += counted(replicates, "replicate")
    if replicates == 1:
        return f"{start}, so there are no intervals and any difference may be luck."
    return f"{start}; 95 % intervals over replicates hold the luck of the simulated world, not doubt about the inputs."


def descriptions(regimes: Sequence[tuple[str, str]]) -> list[str]:
    """Explain each regime that has a description, one line each."""
    return [f"{capital(spoken(regime))}: {description}." for regime, description in regimes if description]
