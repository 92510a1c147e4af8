"""Does it hang on how tight money is whether boards or the nation treat more in time?

Claims on both sides are often made of years in which money was short, or was not. Here the envelope runs from 4 %
below to 4 % above what care is expected to cost, and boards are moved from what was spent on their people to what the
formula gives them slowly, at the usual pace, or at once. Seven services that could be delegated, none of them weighted;
the rest of the portfolio is paid from the same purses. Run with ``python -m experiments.tightness [--quick]``.
"""

import pandas as pd

from experiments.lines import Options, experiment, make, options, sign, told
from sim import Experiment

SERVICES = (
    "burn_care, cystic_fibrosis, kidney_transplant, og_cancer_surgery, paediatric_cardiac, renal_dialysis, sarcoma"
)
MONEY, PACE = "budget.plan_share_of_expected", "levers.pace_of_change_share_per_year"
BOARDS = "ics_2022"


def study(chosen: Options) -> Experiment:
    """Return the study: 15 points, 4 replicates; with ``--quick`` 3 points, 2 replicates."""
    money, pace = ("[0.96, 1, 1.04]", "[0.2]") if chosen.quick else ("[0.96, 0.98, 1, 1.02, 1.04]", "[0.05, 0.2, 1]")
    overrides = [
        f"compare=[national_2022, {BOARDS}]",
        f"services=[{SERVICES}]",
        "horizon={start: 2022-04, years: 2, burn_in_years: 1}",
        f"replicates={2 if chosen.quick else 4}",
        "twin_sets=2",
        f"vary={{{MONEY}: {money}, {PACE}: {pace}}}",
    ]
    return experiment("tightness", overrides, chosen)


def table(found: Experiment) -> pd.DataFrame:
    """Return boards less nation of the share treated in time, by money (rows) and pace (columns)."""
    compared = found.compare("access_from_diagnosis", "all_patients", BOARDS)
    compared["told"] = compared.apply(told, axis=1)
    return compared.pivot_table(index=MONEY, columns=PACE, values="told", aggfunc="first")


def conclusion(found: Experiment) -> str:
    """Say at which amounts of money boards do better, worse, or the same as the nation can be told."""
    compared = found.compare("access_from_diagnosis", "all_patients", BOARDS)
    compared["sign"] = compared.apply(sign, axis=1)
    words = {"+": "Boards treat more in time", "-": "Boards treat fewer in time", "0": "No difference can be told"}
    lines = []
    for mark, text in words.items():
        at = compared[compared["sign"] == mark]
        places = "; ".join(f"money {row[MONEY]:g}, pace {row[PACE]:g}" for row in at.to_dict("records"))
        lines.append(f"{text} at {places or 'no point'}.")
    turns = {"+", "-"} <= set(compared["sign"])
    lines.append(f"Within this range the sign {'turns' if turns else 'does not turn'}.")
    return "\n".join(lines)


def main() -> None:
    """Make the runs, print the table and what it shows."""
    found = study(options("tightness", "How boards less nation turns with how tight money is"))
    make(found)
    print("Treated in time, boards less nation, points [95 %]; rows: money, columns: pace of change a year\n")
    print(table(found).to_string())
    print(f"\n{conclusion(found)}")


if __name__ == "__main__":
    main()
