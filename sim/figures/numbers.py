"""Numbers as readers should see them: as many digits as the interval allows, with a true minus sign."""

import math

from sim.measures.outcome import Outcome

MOST_DECIMALS = 5
SMALLEST_HALF_WIDTH = 1e-9
"""A narrower interval, as a share of its value, is rounding of equal numbers."""


def number(value: float, decimals: int = 0, signed: bool = False) -> str:
    """Write a number, rounded to tens or hundreds when ``decimals`` is below zero; a dash for none.

    >>> number(-3.14159, 2), number(1234, -2), number(2, 1, signed=True), number(float("nan"))
    ('−3.14', '1,200', '+2.0', '–')
    """
    if not math.isfinite(value):
        return "–"
    rounded = round(value, decimals)
    places = max(decimals, 0)
    text = f"{abs(rounded):,.{places}f}"
    sign = "−" if rounded < 0 else "+" if signed and rounded > 0 else ""
    return sign + text


def decimals_of(low: float, high: float, value: float, digits: int = 2) -> int:
    """Return the decimals that give the half-width of an interval ``digits`` significant digits.

    Without an interval (one replicate), or with one that is nothing but rounding, the value itself gets three.
    """
    half = (high - low) / 2
    if math.isfinite(half) and half > SMALLEST_HALF_WIDTH * abs(value):
        return _decimals(half, digits)
    return _decimals(abs(value), 3) if math.isfinite(value) and value else 0


def _decimals(size: float, digits: int) -> int:
    return min(digits - 1 - math.floor(math.log10(size)), MOST_DECIMALS)


def decimals_that_matter(smallest_difference: float) -> int:
    """Return the most decimals worth writing: two digits of the smallest difference that matters."""
    return _decimals(smallest_difference, 2) if smallest_difference > 0 else MOST_DECIMALS


def factor_of(known: Outcome) -> float:
    """Return what a value is multiplied by: shares become per cent, pounds millions of pounds."""
    if known.number_format.endswith("%"):
        return 100.0
    return 1e-6 if known.unit.startswith("GBP") else 1.0


def shown_unit(known: Outcome) -> str:
    """Return the unit in which a value of an outcome is shown."""
    if known.number_format.endswith("%"):
        return "%"
    if known.unit.startswith("GBP"):
        return "£m a year" if known.unit.endswith("year") else "£m"
    return known.unit
