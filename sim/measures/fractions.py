"""What is divided by what: the numerator and the denominator of every measure, in words."""

from sim.measures.outcomes import OUTCOMES, outcome

INDEX = ("none: an index of its own", "none")
WINDOW = "people treated within their service's access window"
IN_NEED = "people in need whose whole window lies in the measured years"
YEARS = "measured years (1 in a row of one year)"
ONE = "1"
_BY_MEASURE: dict[str, tuple[str, str]] = {
    "median_days_to_treatment": INDEX,
    "areas_with_5_expected_icb": ("ICBs that expect five events or more", "ICBs"),
    "years_to_see_icb": INDEX,
    "standardised_access": (
        "simulated patients treated in time whom the area would have with the nation's mix of cases",
        "simulated patients of the area in need",
    ),
    "spend_over_plan_share": ("pounds that accounts paid; the value is the quotient less 1", "pounds of their plans"),
    "overspend_share_of_plan": ("pounds paid beyond their plans by accounts that overspent", "pounds of all plans"),
    "overspent_plans_share": ("plans of one account and year that were overspent", "plans of one account and year"),
    "travel_minutes_mean": ("minutes one way, summed over treatments begun", "treatments begun"),
    "balance_at_end_gbp": ("pounds carried beyond the last month", ONE),
    "committed_at_end_gbp": ("pounds agreed to and not yet paid", ONE),
    "crossed_gbp": ("pounds met from outside less pounds released", YEARS),
    "deaths_waiting": ("deaths between diagnosis and treatment", YEARS),
}
_BY_START: dict[str, tuple[str, str]] = {
    "access_from_onset": (f"{WINDOW}, from onset", IN_NEED),
    "access_": (f"{WINDOW}, from diagnosis", IN_NEED),
    "reason_": ("people in need with this reason", IN_NEED),
    **dict.fromkeys(
        ("tau_", "mor_", "overdispersion_", "funnel_", "cv_", "theil_", "gini_", "scv_", "extremal_quotient_"), INDEX
    ),
    "twin_": (
        "the index, added over sets of twins; where services are pooled, weighted by people in need",
        "sets of twins; where services are pooled, people in need",
    ),
    "cost_": ("pounds paid", YEARS),
    "qalys": ("QALYs", YEARS),
    "displaced_qalys": ("QALYs", YEARS),
    "low_value_qalys": ("QALYs", YEARS),
    "waiting_": ("people", ONE),
}


def fraction_of(measure: str) -> tuple[str, str]:
    """Return numerator and denominator of a measure in words; raise KeyError where nothing is said of it."""
    known = outcome(measure).id
    if known in _BY_MEASURE:
        return _BY_MEASURE[known]
    for start, words in _BY_START.items():
        if known.startswith(start):
            return words
    raise KeyError(f"sim/measures/fractions.py does not say what is divided by what in {measure}")


def unsaid() -> list[str]:
    """Name the measures of which no numerator and denominator are told."""
    return [name for name in OUTCOMES if name not in _BY_MEASURE and not name.startswith(tuple(_BY_START))]
