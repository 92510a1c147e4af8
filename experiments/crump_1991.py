"""Replicate Crump and others 1991: the spread of a purchaser's yearly costs against its size.

Published (BMJ 302:1582; 100 simulated years): mean (SD) of yearly cost for 9,000, 24,000 and 179,400
people of £244,891 (18,349), £652,762 (32,512) and £4,832,471 (87,149). The costs are a compound Poisson
sum; two numbers describe it, £27.12 a head and E[c²]/E[c] = £1,522, the second fitted to the three
published spreads. So the table tests how spread scales with size, not its level.
"""

import numpy as np

from sim.governance.portfolio import rest_spend
from sim.luck.draws import luck_of
from sim.luck.identity import text_identity

PUBLISHED = {9_000: 18_349, 24_000: 32_512, 179_400: 87_149}  # people -> SD, GBP
GBP_PER_HEAD = 27.12
SQUARE_OVER_MEAN_GBP = 1_522.0
YEARS = 4_000
PENCE = 100
PUBLISHED_YEARS = 100


def simulated_spread(people: int) -> float:
    """Return the SD in GBP of the yearly cost of a pool, drawn by the model's own rule (mechanism 1)."""
    expected = np.array([[people * GBP_PER_HEAD * PENCE]])
    keys = np.array([text_identity("pool", str(people))], dtype=np.uint64)
    # With a cost CV of 0 the rule's variance is mean x case cost, so the case cost is E[c²]/E[c].
    years = [
        int(rest_spend(expected, keys, SQUARE_OVER_MEAN_GBP * PENCE, 0.0, 1.0, year, luck_of(1991, 0))[0, 0])
        for year in range(YEARS)
    ]
    return float(np.std(years, ddof=1)) / PENCE


def main() -> None:
    """Print the table."""
    chance = 1.96 / np.sqrt(2 * PUBLISHED_YEARS)
    print("people     published SD   model SD   published/model   95 % of 100-year samples")
    for people, published in PUBLISHED.items():
        spread = simulated_spread(people)
        print(
            f"{people:>7,}   £{published:>11,}   £{spread:>7,.0f}   {published / spread:>15.2f}   "
            f"{1 - chance:.2f} to {1 + chance:.2f}"
        )


if __name__ == "__main__":
    main()
