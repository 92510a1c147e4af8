"""Numbers from one to another: by a step, at equal distances, by equal factors."""

import math
from collections.abc import Iterator
from decimal import Context, Decimal
from fractions import Fraction

Number = int | float
EXACT, SPARE = 25, 15
"""Digits to which a power is worked out, and those that are worked out besides and dropped: a whole number stays one,
and every machine comes to the same result, which its own logarithms would not promise."""


def evenly_stepped(start: float, stop: float, step: float) -> Iterator[Number]:
    """Yield start, start + step, … up to and with stop, each the nearest number to its exact decimal value.

    >>> list(evenly_stepped(0.1, 0.4, 0.1))
    [0.1, 0.2, 0.3, 0.4]
    """
    first, width = exact(start), exact(step)
    for index in range(steps_between(start, stop, step) + 1):
        yield nearest_number(first + index * width)


def steps_between(start: float, stop: float, step: float) -> int:
    """Return how many whole steps fit between two numbers."""
    return math.floor((exact(stop) - exact(start)) / exact(step))


def evenly_spaced(start: float, stop: float, count: int) -> Iterator[Number]:
    """Yield ``count`` numbers from start to stop at equal distances, both ends exact."""
    first, last = exact(start), exact(stop)
    yield from (nearest_number(first + (last - first) * index / (count - 1)) for index in range(count))


def geometrically_spaced(start: float, stop: float, count: int) -> Iterator[Number]:
    """Yield ``count`` numbers above 0 from start to stop, each the same multiple of the one before, both ends exact.

    >>> list(geometrically_spaced(0.01, 100, 5))
    [0.01, 0.1, 1, 10, 100]
    """
    fine, shown = Context(prec=EXACT + SPARE), Context(prec=EXACT)
    first, last = (Decimal(repr(end)) for end in (start, stop))
    growth = fine.ln(fine.divide(last, first))
    for index in range(count):
        factor = fine.exp(fine.divide(fine.multiply(growth, Decimal(index)), Decimal(count - 1)))
        ends = {0: first, count - 1: last}
        yield nearest_number(Fraction(ends.get(index, shown.multiply(first, factor))))


def exact(number: float) -> Fraction:
    """Return the number that was written, not the nearest that a computer can hold.

    >>> exact(0.1)
    Fraction(1, 10)
    """
    return Fraction(Decimal(repr(number)))


def nearest_number(number: Fraction) -> Number:
    """Return a whole number as such, which every schema takes, and the nearest float to any other."""
    return int(number) if number.denominator == 1 else float(number)
