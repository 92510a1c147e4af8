"""What does the number of purses do to the spread of access and to overspending?

That small purses run dry and large ones do not is the oldest argument for pooling. Here the same seven services, that
could all be delegated, are paid from one purse, from nine joint committees, ten regional teams or 42 boards, over the
same people with the same luck. The regimes differ in who contracts, too, and the regional teams decide individual
requests. None of the services is weighted, so that no patient stands for many, which would make bills swing more.
Run with ``python -m experiments.pool_size [--quick]``.
"""

import pandas as pd

from experiments.lines import Options, experiment, make, options, sign, told
from experiments.tightness import SERVICES
from sim import Experiment

REGIMES = ("ics_joint_2025", "area_teams_2012", "ics_2022")
NATION = "national_2022"
PLANS = "overspent_plans_share"
MEASURES = {
    "tau_icb": ("all_patients", 1.0, "spread of access between boards' areas (tau)"),
    "overspend_share_of_plan": ("all", 100.0, "overspends, % of all plans"),
    PLANS: ("all", 100.0, "plans of a purse and year overspent, %"),
}


def study(chosen: Options) -> Experiment:
    """Return the study: 4 replicates of 3 measured years; with ``--quick`` 2 of 1."""
    years, replicates = (1, 2) if chosen.quick else (3, 4)
    overrides = [
        f"compare=[{', '.join((NATION, *REGIMES))}]",
        f"services=[{SERVICES}]",
        f"horizon={{start: 2022-04, years: {years}, burn_in_years: 1}}",
        f"replicates={replicates}",
        "twin_sets=2",
    ]
    return experiment("pool_size", overrides, chosen)


def purses(found: Experiment) -> pd.Series:
    """Return how many purses have a plan under each regime, from the plans that are counted a year."""
    plans = found.outcomes(PLANS, "all").groupby("regime")["denominator"].mean()
    return (plans / found.study.horizon.years).round().astype(int).rename("purses")


def table(found: Experiment) -> pd.DataFrame:
    """Return one row a regime, fewest purses first: the purses, and each measure less that under the nation."""
    rows = {NATION: dict.fromkeys((words for _, _, words in MEASURES.values()), "")}
    for measure, (service, factor, words) in MEASURES.items():
        means = found.outcomes(measure, service).groupby("regime")["value"].mean()
        rows[NATION][words] = f"{factor * means[NATION]:.2f}"
        for regime in REGIMES:
            difference = dict(found.compare(measure, service, regime).iloc[0])
            rows.setdefault(regime, {})[words] = told(difference, factor)
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame.insert(0, "purses", purses(found))
    return frame.sort_values("purses", kind="stable")


def conclusion(found: Experiment) -> str:
    """Say for each measure under which regimes it is told apart from the nation."""
    lines = []
    for measure, (service, _, words) in MEASURES.items():
        signs = {regime: sign(dict(found.compare(measure, service, regime).iloc[0])) for regime in REGIMES}
        more, less = ([regime for regime, mark in signs.items() if mark == wanted] for wanted in "+-")
        lines.append(f"{words}: more than with one purse under {_listed(more)}; less under {_listed(less)}.")
    return "\n".join(lines)


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "none"


def main() -> None:
    """Make the runs, print the table and what it shows."""
    found = study(options("pool_size", "What the number of purses does to the spread of access and to overspending"))
    make(found)
    print(f"{NATION} itself; the others less it, [95 %], replicate by replicate\n")
    for words, column in table(found).items():
        print(f"{words}\n{column.to_string()}\n")
    print(conclusion(found))


if __name__ == "__main__":
    main()
