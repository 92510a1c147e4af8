"""What every measure asks of its input, said in one sentence when it is not so, and division that may be undefined."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def some(what: str, values: npt.ArrayLike) -> FloatArray:
    """Return the values as float64; raise ValueError when there is none, or they are no array of numbers."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{what}: the values must be numbers, in rows of the same length") from None
    if array.size == 0:
        raise ValueError(f"{what}: there is no value")
    return array


def number(what: str, value: float, low: float = -np.inf) -> float:
    """Return a single number; raise ValueError when it is not finite or lies below ``low``."""
    if not (np.isfinite(value) and value >= low):
        raise ValueError(f"{what} must be a finite number" + (f" of at least {low:g}" if low > -np.inf else ""))
    return value


def probability(what: str, value: float) -> float:
    """Return a probability; raise ValueError when it is not strictly between 0 and 1."""
    if not 0 < value < 1:
        raise ValueError(f"{what} must lie strictly between 0 and 1")
    return value


def finite(what: str, values: npt.ArrayLike) -> FloatArray:
    """Return the values as float64; raise ValueError when there is none, or one is missing or infinite."""
    array = some(what, values)
    if not np.isfinite(array).all():
        raise ValueError(f"{what}: every value must be a finite number")
    return array


def not_negative(what: str, values: npt.ArrayLike) -> FloatArray:
    """Return finite values as float64; raise ValueError when one of them is below 0."""
    array = finite(what, values)
    if (array < 0).any():
        raise ValueError(f"{what}: no value may be negative")
    return array


def positive(what: str, values: npt.ArrayLike) -> FloatArray:
    """Return finite values as float64; raise ValueError when one of them is 0 or below."""
    array = finite(what, values)
    if (array <= 0).any():
        raise ValueError(f"{what}: every value must be above 0")
    return array


def same_shape(what: str, *arrays: FloatArray) -> None:
    """Raise ValueError when the arrays differ in shape."""
    shapes = [array.shape for array in arrays]
    if len(set(shapes)) > 1:
        raise ValueError(f"{what}: the shapes {' and '.join(map(str, shapes))} do not match")


def events_among(what: str, events: npt.ArrayLike, people: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return counts of events and of the people among whom they happened, which broadcast against each other.

    Raise ValueError on a negative count, on shapes that do not match, or on more events than people.
    """
    count, n = not_negative(f"{what} (events)", events), not_negative(f"{what} (people)", people)
    if count.ndim and n.ndim:
        same_shape(what, count, n)
    if (count > n).any():
        raise ValueError(f"{what}: there are more events than people")
    return count, n


def weighted(what: str, x: npt.ArrayLike, weights: npt.ArrayLike | None) -> tuple[FloatArray, FloatArray]:
    """Return finite values [n] and their weights [n], which sum to 1; equal weights by default.

    Raise ValueError when either is not a list of that length, or weights are negative or sum to 0.
    """
    value = finite(what, x)
    weight = np.ones_like(value) if weights is None else not_negative(f"{what} (weights)", weights)
    same_shape(what, value, weight)
    if value.ndim != 1:
        raise ValueError(f"{what}: the values must be one list, not an array of {value.ndim} dimensions")
    if weight.sum() <= 0:
        raise ValueError(f"{what}: the weights sum to 0")
    return value, weight / weight.sum()


def level(confidence: npt.ArrayLike) -> FloatArray:
    """Return confidence levels as float64; raise ValueError when one is not strictly between 0 and 1."""
    array = some("confidence", confidence)
    if not ((array > 0) & (array < 1)).all():
        raise ValueError("confidence: a level lies strictly between 0 and 1, as in 0.95")
    return array


def divide(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> FloatArray:
    """Return the quotient, nan wherever the denominator is 0."""
    top, bottom = np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    some = bottom != 0
    return np.asarray(np.where(some, top / np.where(some, bottom, 1.0), np.nan), dtype=np.float64)
