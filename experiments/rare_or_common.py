"""For which sizes of service do local purses raise the odds that two identical patients are treated unlike?

It was said of the plan of 2012 that ten teams would make a lottery of rare conditions, and of boards that common ones
are safe with them. Here services from ten to a hundred thousand new patients a year are paid for by ten regional teams
(all of them) and by boards (those that could be delegated), each less one national purse. Twins differ in nothing but
where they live. In the two largest services a row stands for many people. Run with
``python -m experiments.rare_or_common [--quick]``.
"""

import pandas as pd

from experiments.lines import Options, experiment, make, options, sign, told
from sim import Experiment

NATION, TEAMS, BOARDS = "national_2022", "area_teams_2012", "ics_2022"
SERVICES = (
    "ert_pompe",
    "pnh",
    "cystic_fibrosis",
    "heart_transplant",
    "liver_transplant",
    "kidney_transplant",
    "renal_dialysis",
    "adult_cardiac_surgery",
    "radiotherapy",
)
FEW = ("pnh", "cystic_fibrosis", "kidney_transplant", "renal_dialysis")
WEIGHTS = {"adult_cardiac_surgery": 10, "radiotherapy": 50}
DELEGABLE = {"cystic_fibrosis", "kidney_transplant", "renal_dialysis", "adult_cardiac_surgery", "radiotherapy"}
CASES = "new cases a year"


def study(chosen: Options) -> Experiment:
    """Return the study: nine services, 4 replicates; with ``--quick`` four services, 2 replicates."""
    services = FEW if chosen.quick else SERVICES
    weights = ", ".join(f"{name}: {weight}" for name, weight in WEIGHTS.items() if name in services)
    overrides = [
        f"compare=[{NATION}, {TEAMS}, {BOARDS}]",
        f"services=[{', '.join(services)}]",
        f"weights={{{weights}}}",
        "horizon={start: 2022-04, years: 2, burn_in_years: 1}",
        f"replicates={2 if chosen.quick else 4}",
        f"twin_sets={4 if chosen.quick else 12}",
    ]
    return experiment("rare_or_common", overrides, chosen)


def differences(found: Experiment) -> pd.DataFrame:
    """Return one row for each service and regime that moves its purse: new cases a year and the paired difference.

    The rarest service comes first.
    """
    services = list(found.study.services)
    need = found.outcomes("access_from_diagnosis", services)
    cases = need[need["regime"] == NATION].groupby("service")["denominator"].mean() / found.study.horizon.years
    parts = [found.compare("twin_discordance", services, regime) for regime in (TEAMS, BOARDS)]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[(rows["regime"] == TEAMS) | rows["service"].isin(DELEGABLE)]
    rows = rows.assign(**{CASES: rows["service"].map(cases).round().astype(int)})
    return rows.sort_values([CASES, "regime"], kind="stable", ignore_index=True)


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a service, one column a regime; boards leave blank what stays national under them."""
    told_rows = rows.assign(told=rows.apply(told, axis=1))
    wide = told_rows.pivot_table(index=[CASES, "service"], columns="regime", values="told", aggfunc="first")
    return wide.reindex(columns=[TEAMS, BOARDS]).fillna("")


def conclusion(rows: pd.DataFrame) -> str:
    """Say under each regime for which services twins are more often treated unlike."""
    lines = []
    for regime, own in rows.groupby("regime", sort=False):
        marks = own.apply(sign, axis=1)
        raised, lowered = own[marks == "+"], own[marks == "-"]
        text = f"{regime}: more discordance in {_listed(raised)}; less in {_listed(lowered)}; "
        lines.append(f"{text}no difference can be told in {int((marks == '0').sum())} of {len(own)} services.")
    return "\n".join(lines)


def _listed(rows: pd.DataFrame) -> str:
    return ", ".join(f"{row['service']} ({row[CASES]:,})" for row in rows.to_dict("records")) or "none"


def main() -> None:
    """Make the runs, print the table and what it shows."""
    found = study(options("rare_or_common", "For which sizes of service local purses raise twin discordance"))
    make(found)
    rows = differences(found)
    print(f"Identical patients treated unlike, less {NATION}, points [95 %]\n")
    print(table(rows).to_string())
    print(f"\n{conclusion(rows)}")


if __name__ == "__main__":
    main()
