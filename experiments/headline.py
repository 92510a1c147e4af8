"""The README's headline and what it hangs on, as tables: ``python -m experiments.headline results``.

Run the studies first (``make published`` does all of it): three_regimes, its two opposite priors and
what_it_hangs_on, each into a folder of its name.
"""

import sys
from pathlib import Path

import pandas as pd

from sim.figures.numbers import decimals_of, factor_of, number
from sim.measures.outcomes import outcome
from sim.specification.load import load_study

LINES = (
    ("access_from_diagnosis", "all_patients", "treated in time, every patient alike, %"),
    ("access_from_diagnosis", "all_services", "treated in time, every service alike, %"),
    ("access_from_diagnosis", "highly_specialised", "treated in time, highly specialised, %"),
    ("deaths_waiting", "all", "deaths between diagnosis and treatment a year"),
    ("tau_icb", "all_patients", "spread between ICBs, τ"),
    ("tau_icb", "highly_specialised", "the same, highly specialised, τ"),
    ("twin_discordance", "all_services", "twins treated unlike, every service alike, %"),
    ("cost_administration_gbp", "all", "administration, £m a year"),
    ("cost_total_gbp", "all", "total cost, £m a year"),
    ("balance_at_end_gbp", "all", "left (+) or owed (−) at the end, £m"),
    ("qalys", "all", "QALYs lived a year"),
)
PRIORS = {
    "three_regimes": "headline",
    "three_regimes_pro_national": "behaviours that speak for the nation",
    "three_regimes_pro_local": "behaviours that speak for local bodies",
}
POINTS = (
    "as the headline, three years",
    "boards receive what is spent on their people today",
    "money may cross into other care and back",
    "2 % less money for all",
    "2 % more money for all",
    "specifications bind nine tenths",
    "the same care budget, administration on top",
    "boards share half of their risk",
    "boards receive what the formula gives from the first day",
    "nobody is referred whose treatment is not worth its cost",
    "payers short of money put no service first",
    "no money is kept apart for the rarest",
    "money is kept apart for each group of services",
    "nobody is steered home",
    "nobody is steered home, and nobody opens centres",
)
"""The points of what_it_hangs_on, in the order of the file."""
SHORT = (
    ("access_from_diagnosis", "all_patients"),
    ("access_from_diagnosis", "all_services"),
    ("tau_icb", "all_patients"),
)


def told(value: float, low: float, high: float, measure: str, signed: bool) -> str:
    """Write a value and its interval to the digits that the interval allows."""
    factor = factor_of(outcome(measure))
    decimals = min(decimals_of(factor * low, factor * high, factor * value), 2)
    text = [number(factor * part, decimals, signed) for part in (value, low, high)]
    return f"{text[0]} [{text[1]}, {text[2]}]"


def row_of(frame: pd.DataFrame, measure: str, service: str, regime: str) -> pd.Series:
    """Return the comparison of one outcome under one regime."""
    found = frame[(frame["measure"] == measure) & (frame["service"] == service) & (frame["regime"] == regime)]
    return found.iloc[0]


def difference(row: pd.Series, measure: str, verdict: bool = True) -> str:
    """Write a paired difference, and its verdict."""
    text = told(row["difference"], row["difference_low"], row["difference_high"], measure, signed=True)
    return f"{text} {row['verdict']}" if verdict else text


def headline(frame: pd.DataFrame) -> None:
    """Print the headline: the baseline's values and each regime's paired difference."""
    baseline = str(frame["baseline"].iloc[0])
    others = [regime for regime in load_study("three_regimes").scenarios if regime != baseline]
    print(f"| | `{baseline}` | " + " | ".join(f"`{regime}` less it" for regime in others) + " |")
    print("| --- " * (len(others) + 2) + "|")
    for measure, service, label in LINES:
        row = row_of(frame, measure, service, baseline)
        cells = [told(row["mean"], row["mean_low"], row["mean_high"], measure, signed=False)]
        cells += [difference(row_of(frame, measure, service, regime), measure) for regime in others]
        print(f"| {label} | " + " | ".join(cells) + " |")


def variants(folder: Path) -> None:
    """Print how regimes fare under other priors, and boards with one thing changed at a time."""
    head = "every patient alike, points | every service alike, points | τ |"
    print(f"\n| less `national_2022` | | {head}\n| --- | --- | --- | --- | --- |")
    for name, words in PRIORS.items():
        frame = pd.read_csv(folder / name / "comparison.csv")
        for regime in ("area_teams_2012", "ics_2022", "ics_joint_2025"):
            print(f"| {words} | `{regime}` | {_short(frame, regime)} |")
    swept = pd.read_csv(folder / "what_it_hangs_on" / "sweep.csv")
    swept = swept.rename(columns={"diff_low": "difference_low", "diff_high": "difference_high"})
    for number_, words in enumerate(POINTS, start=1):
        print(f"| {words} | `ics_2022` | {_short(swept[swept['point'] == number_], 'ics_2022')} |")


def _short(frame: pd.DataFrame, regime: str) -> str:
    return " | ".join(difference(row_of(frame, *key, regime), key[0], verdict=False) for key in SHORT)


def main() -> None:
    """Print both tables from a folder of results."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "results")
    headline(pd.read_csv(folder / "three_regimes" / "comparison.csv"))
    variants(folder)


if __name__ == "__main__":
    main()
