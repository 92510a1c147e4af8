"""What the table beside every figure holds, column by column."""

from sim.measures.rows import AREA_LEVEL
from sim.report.columns import REGIME_COLUMN, SWEEP_LINES, VERDICT_WORDS, Column, DataTable, numeric, text, whole

PER_CENT = "%"
OF_1000 = "people of 1,000 in need"
AREA = text("area", f"a code of {AREA_LEVEL}", "The board")
SHORT = text("short_name", "any", "The board as the tile has it")


def _limits() -> tuple[Column, ...]:
    return tuple(
        numeric(f"{side}_{name}_pct", f"{side.capitalize()} control limit of {words}", PER_CENT, "0 to 100")
        for name, words in (("95", "95 %"), ("998", "99.8 %"))
        for side in ("lower", "upper")
    )


FUNNELS = DataTable(
    "figures/F1.csv",
    "one board under one regime in one replicate",
    (
        REGIME_COLUMN,
        whole("replicate", "Which replicate is drawn", "replicates"),
        AREA,
        SHORT,
        whole("people_in_need", "Simulated patients in need", "patients"),
        numeric("standardised_pct", "Treated in time, standardised by case mix", PER_CENT, "0 or more"),
        numeric("national_pct", "The nation's share, on which the funnel is centred", PER_CENT, "0 to 100"),
        *_limits(),
        text("outside", "95 %, 99.8 %, empty", "The widest limit beyond which the board lies"),
    ),
)
TILES = DataTable(
    "figures/F3.csv",
    "one board under one regime",
    (
        REGIME_COLUMN,
        AREA,
        SHORT,
        numeric(
            "people_in_need_per_year", "People in need a year, mean over replicates", "people per year", "0 or more"
        ),
        numeric("reached_pct", "Treated in time from diagnosis", PER_CENT, "0 to 100; empty without anyone in need"),
    ),
)
PLANE = DataTable(
    "figures/F4.csv",
    "the change that one regime makes in one replicate, or on average",
    (
        REGIME_COLUMN,
        text("replicate", "a whole number, or mean", "Which replicate, or the mean over them"),
        numeric("inequity_change", "Change of the measure of inequity that the axis names", "that of the axis", "any"),
        numeric("cost_change_pct", "Change of cost in all", PER_CENT, "any"),
        numeric("inequity_low", "Lower limit of the mean change of inequity", "that of the axis", "empty but in means"),
        numeric("inequity_high", "Upper limit of it", "that of the axis", "empty but in means"),
        numeric("cost_pct_low", "Lower limit of the mean change of cost", PER_CENT, "empty but in means"),
        numeric("cost_pct_high", "Upper limit of it", PER_CENT, "empty but in means"),
    ),
)
LOSSES = DataTable(
    "figures/F12.csv",
    "how many of 1,000 people in need came to one end under one regime",
    (
        text("group", "a group of services, or all", "Whose people"),
        REGIME_COLUMN,
        text("ending", "treated_in_time or a reason of the measures reason_…", "How they fared"),
        numeric("people_of_1000", "Mean over replicates", OF_1000, "0 to 1,000"),
        numeric("people_of_1000_low", "Lower limit of it", OF_1000, "0 to 1,000"),
        numeric("people_of_1000_high", "Upper limit of it", OF_1000, "0 to 1,000"),
        numeric("difference", "Regime less baseline", OF_1000, "-1,000 to 1,000"),
        numeric("difference_low", "Lower limit of it", OF_1000, "-1,000 to 1,000"),
        numeric("difference_high", "Upper limit of it", OF_1000, "-1,000 to 1,000"),
        text("verdict", f"baseline, {VERDICT_WORDS}", "The difference in words"),
    ),
)
_DRAWN = tuple(column for column in SWEEP_LINES.columns if not column.name.startswith("diff_"))
SWEEP_FIGURE = DataTable("figures/F11.csv", SWEEP_LINES.row, _DRAWN)
YEARS_FIGURE = DataTable(
    "figures/F16.csv",
    "the people of one year under one regime; only of a study in which hands change",
    (
        text("services", "any", "Whose people: patients pooled, or services each counting alike"),
        REGIME_COLUMN,
        text("year", "a month YYYY-MM", "The first month of the year of diagnosis"),
        numeric("mean_pct", "Treated in time from diagnosis, mean over replicates", PER_CENT, "0 to 100"),
        numeric("low_pct", "Lower limit of it, 95 % interval", PER_CENT, "0 to 100; empty without an interval"),
        numeric("high_pct", "Upper limit of it", PER_CENT, "0 to 100; empty without an interval"),
        numeric("difference", "Regime less baseline, in points", "percentage points", "-100 to 100"),
        numeric("difference_low", "Lower limit of it", "percentage points", "empty without an interval"),
        numeric("difference_high", "Upper limit of it", "percentage points", "empty without an interval"),
    ),
)
CONVERGENCE = DataTable(
    "figures/F15.csv",
    "the mean paired difference over so many replicates; only of a study with `until`",
    (
        text("measure", "an id of the measures below", "What is told"),
        text("contrast", "REGIME - REGIME", "The difference: first less second"),
        text("unit", "any", "The unit in which it is drawn"),
        whole("replicates", "Replicates so far", "replicates", "1 or more"),
        numeric("mean", "Mean difference over them", "see unit", "any"),
        numeric("low", "Lower limit, allowing for all looks", "see unit", "empty but at looks"),
        numeric("high", "Upper limit, likewise", "see unit", "empty but at looks"),
        whole("look", "The number of the look", "looks", "1 or more; empty but at looks"),
        numeric("half_width_asked", "The half-width that the study asks for", "see unit", "above 0"),
    ),
)
CLOUDS = DataTable(
    "figures/F17.csv",
    "one point or the mean of one part of the points, of one outcome and regime; only with lhs or sobol",
    (
        text("measure", "an id of the measures below", "What is told"),
        text("label", "any", "The measure in words, with its set of services"),
        text("unit", "any", "The unit in which it is drawn"),
        text("parameter", "GROUP.NAME", "The input on which the difference hangs most"),
        REGIME_COLUMN,
        text("drawn", "point, mean", "Whether the row is one point or the mean of a part"),
        whole("place", "The number of the point, or of the part", "points or parts", "1 or more"),
        numeric("value", "The input at the point, or in the middle of the part", "that of the parameter", "any"),
        numeric("difference", "Regime less baseline", "see unit", "any"),
        numeric(
            "low", "Lower limit of a mean, 95 % interval over points and replicates", "see unit", "empty of points"
        ),
        numeric("high", "Upper limit of it", "see unit", "empty of points"),
    ),
)
FIGURE_TABLES = (FUNNELS, TILES, PLANE, LOSSES, SWEEP_FIGURE, YEARS_FIGURE, CONVERGENCE, CLOUDS)
