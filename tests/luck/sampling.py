"""Many keyed draws at once, one for each of a row of owners."""

from collections.abc import Callable

import numpy as np

from sim.luck.draws import Luck, luck_of, words

LUCK = luck_of(20130401, 3)
ALPHA = 1e-4
"""How rarely a statistical test may fail by chance."""


def words_of(count: int, decision: int = 7, occasion: int = 0, luck: Luck = LUCK) -> np.ndarray:
    """Return the four words of ``count`` owners, uint64[count, 4]."""
    return np.array([words(luck, np.uint64(owner), decision, occasion) for owner in range(count)], dtype=np.uint64)


def turned(rule: Callable[..., float], *words_and_constants: object) -> np.ndarray:
    """Apply a scalar rule to columns of words."""
    columns = [column for column in words_and_constants if isinstance(column, np.ndarray)]
    constants = [constant for constant in words_and_constants if not isinstance(constant, np.ndarray)]
    return np.array([rule(*row, *constants) for row in zip(*columns, strict=True)])
