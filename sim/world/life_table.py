"""The background life table as a cumulative hazard, and the age at which a hazard is used up."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.world.tables import FloatArray, read_table

LAST_AGE = 110
"""The exact age at which the table closes: nobody in the model lives beyond it."""


@dataclass(frozen=True)
class LifeTable:
    """Background mortality of persons (both sexes together)."""

    ages: FloatArray  # [LAST_AGE + 1] exact ages in years, one year apart
    cumulative_hazard: FloatArray  # [LAST_AGE + 1] from birth to each exact age


def load_life_table(path: Path) -> LifeTable:
    """Read the rows for persons; raise DataError unless every age stands once with a probability below 1.

    The hazard of a year of age is -ln(1 - qx), qx being the probability of dying within it.
    """
    table = read_table(path, ["age", "sex", "qx", "qx_low", "qx_high"])
    table.texts("sex", one_of=("persons", "male", "female"))
    ages, deaths = table.whole_numbers("age"), table.ranged("qx", 0, 1)
    row_of: dict[int, int] = {}
    for row, cells in enumerate(table.rows):
        if cells["sex"].strip() != "persons":
            continue
        age = int(ages[row])
        if age in row_of:
            table.wrong(row, "age", str(age), "each age once among persons")
        elif age < LAST_AGE and deaths[row] >= 1:
            table.wrong(row, "qx", cells["qx"], f"below 1 before age {LAST_AGE}")
        row_of[age] = row
    for age in range(LAST_AGE):
        if age not in row_of:
            table.wrong(-1, "age", f"no row for persons aged {age}", f"every age from 0 to {LAST_AGE - 1}")
    table.finish()
    yearly = -np.log1p(-deaths[[row_of[age] for age in range(LAST_AGE)]])
    cumulative = np.concatenate([[0.0], np.cumsum(yearly)])
    return LifeTable(np.arange(LAST_AGE + 1, dtype=np.float64), cumulative)


def hazard_at_age(cumulative: FloatArray, age: float) -> float:
    """Return the hazard gathered from birth to an exact age, even within each year of age."""
    last = len(cumulative) - 1
    if age >= last:
        return float(cumulative[last])
    year = int(age)
    return float(cumulative[year] + (age - year) * (cumulative[year + 1] - cumulative[year]))


def age_at_hazard(cumulative: FloatArray, target: float) -> float:
    """Return the exact age at which the hazard gathered from birth reaches a target (0 or more).

    The hazard is even within each year of age; a target beyond the table gives its last age.
    """
    low, high = 0, len(cumulative) - 1
    if target >= cumulative[high]:
        return float(high)
    # cumulative[low] <= target < cumulative[high] throughout, so the last step is never of width 0
    while high - low > 1:
        middle = (low + high) // 2
        if cumulative[middle] <= target:
            low = middle
        else:
            high = middle
    return float(low + (target - cumulative[low]) / (cumulative[high] - cumulative[low]))
