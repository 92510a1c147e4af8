"""What every table of a study holds, column by column: the declarations behind the data dictionary."""

from dataclasses import dataclass

from sim.governance.matrix import GROUPS
from sim.measures.intervals import VERDICTS
from sim.measures.rows import (
    ALL,
    ALL_PATIENTS,
    ALL_SERVICES,
    AREA_LEVEL,
    FIFTH,
    NATION,
    NATIONAL,
    PAYER,
    PLACE,
    PROVIDER,
    REGION_LEVEL,
)
from sim.measures.who import WEIGHTINGS

TEXT, NUMBER, WHOLE, TRUTH = "text", "number", "whole number", "true or false"
OF_MEASURE = "that of the measure"
REGIME = "an id that the study compares"
SETS = f"a service id; {ALL_PATIENTS}, {ALL_SERVICES}, {ALL}; {', '.join(GROUPS)}"
INTERVAL = "95 % over replicates (Student's t); empty with one replicate"
VERDICT_WORDS = ", ".join(VERDICTS)


@dataclass(frozen=True)
class Column:
    """One column: its type, its unit, the values that it may hold, and what it means."""

    name: str
    type: str
    unit: str
    allowed: str
    meaning: str


@dataclass(frozen=True)
class DataTable:
    """One table: where it stands, what one row is, and its columns in their order."""

    file: str
    row: str
    columns: tuple[Column, ...]


def text(name: str, allowed: str, meaning: str) -> Column:
    """Declare a column of words."""
    return Column(name, TEXT, "", allowed, meaning)


def numeric(
    name: str, meaning: str, unit: str = OF_MEASURE, allowed: str = "any; undefined where nobody counts"
) -> Column:
    """Declare a column of numbers."""
    return Column(name, NUMBER, unit, allowed, meaning)


def whole(name: str, meaning: str, unit: str, allowed: str = "0 or more") -> Column:
    """Declare a column of whole numbers."""
    return Column(name, WHOLE, unit, allowed, meaning)


MEASURE = text("measure", "an id of the measures below", "What is told")
REGIME_COLUMN = text("regime", REGIME, "Under which regime or scenario")
REPLICATE = whole(
    "replicate", "Which draw of the simulated world; under all regimes the same people and luck", "replicates"
)
POINT = whole("point", "Which combination of varied values", "points", "1 or more; 1 where nothing is varied")
SERVICE = text("service", SETS, "For which service or set of services; all_services is the mean over services")
UNIT = text("unit", "that of the measure", "The unit of value")
PAIRS = whole("pairs", "Replicates in which both regimes have the outcome", "replicates")
DROPPED = whole("dropped_pairs", "The other replicates, which no number of the row contains", "replicates")
SMALLEST = numeric(
    "smallest_difference", "The smallest difference that matters, fixed before any run", allowed="above 0"
)

RESULT_COLUMNS = (
    MEASURE,
    SERVICE,
    text(
        "geography",
        f"{NATIONAL}, {REGION_LEVEL}, {AREA_LEVEL}, {FIFTH}, {PLACE}, {PAYER}, {PROVIDER}",
        "Of what kind the area is; a payer is an account of the regime, so payers differ between regimes",
    ),
    text(
        "area",
        f"{NATION}; a code of the geography",
        "The code: of a place, a board, a provider, or an account's identity",
    ),
    text("area_name", "any", "The name of the area; a payer by its unit and level, or its units where money is shared"),
    text(
        "period_start", "all, or a month YYYY-MM", "all measured years together, or the year that begins in that month"
    ),
    text("first_month", "a month YYYY-MM", "The first month that the row is about"),
    text(
        "last_month", "a month YYYY-MM", "The last month that the row is about; the first again for a count of one day"
    ),
    numeric("numerator", "What is divided, see the measure", "see the measure"),
    numeric("denominator", "By what it is divided, see the measure", "see the measure"),
    numeric("value", "The measure"),
    UNIT,
)
TIDY = DataTable(
    "tidy.parquet",
    "one measure of one run, for one set of services, area and period; places are only in the files of the runs, and "
    "of a study that varies values only the nation over all years is here. A line of money that is 0 for one payer, "
    "provider, service and period has no row",
    (REGIME_COLUMN, REPLICATE, POINT, *RESULT_COLUMNS),
)
RUN_FILE = DataTable(
    "store/??/KEY.parquet",
    "as in tidy.parquet, places among them, for the one run of that key; the manifest stands in the file's metadata",
    RESULT_COLUMNS,
)
COMPARISON = DataTable(
    "comparison.csv",
    "one national outcome under one regime, and its mean paired difference from the baseline",
    (
        MEASURE,
        text("label", "any", "The measure in words"),
        SERVICE,
        UNIT,
        REGIME_COLUMN,
        numeric("mean", "Mean over replicates"),
        numeric("mean_low", f"Lower limit of the mean, {INTERVAL}"),
        numeric("mean_high", "Upper limit of the mean, likewise"),
        text("baseline", REGIME, "The regime that the others are set against"),
        numeric("baseline_mean", "Mean of the baseline over the same replicates"),
        numeric("difference", "Mean of regime less baseline, replicate by replicate"),
        numeric("difference_low", f"Lower limit of the difference, {INTERVAL}"),
        numeric("difference_high", "Upper limit of the difference, likewise"),
        SMALLEST,
        text("verdict", f"baseline, {VERDICT_WORDS}", "The difference in words, against the smallest that matters"),
        Column("distinguishable", TRUTH, "", "True, False", "Whether the interval of the difference leaves out zero"),
        PAIRS,
        DROPPED,
    ),
)
YEARS = DataTable(
    "years.csv",
    "one national share of people treated in time under one regime, of those who were diagnosed in one year, and its "
    "mean paired difference from the baseline; only of a study in which hands change",
    (text("year", "a month YYYY-MM", "The first month of the year of diagnosis"), *COMPARISON.columns),
)
GAINS = DataTable(
    "gains.csv",
    "the share of one group treated in time under one regime, less that under the baseline",
    (
        REGIME_COLUMN,
        text("baseline", REGIME, "The regime that it is set against"),
        text("weighting", ", ".join(WEIGHTINGS), "Patients pooled, or services each counting alike"),
        text("grouping", "any", "By what people are grouped: boards, deprivation, rurality, rarity of the service"),
        text("group", "any", "The group by its code"),
        text("label", "any", "The group in words"),
        numeric(
            "residents", "People who live in the group's places", "people", "0 or more; empty for groups of services"
        ),
        numeric("mean", "Share treated in time under the regime", "share of people in need", "0 to 1"),
        numeric("baseline_mean", "The same under the baseline", "share of people in need", "0 to 1"),
        numeric("difference", "Regime less baseline", "share of people in need", "-1 to 1"),
        numeric("difference_low", f"Lower limit, {INTERVAL}", "share of people in need", "-1 to 1"),
        numeric("difference_high", "Upper limit, likewise", "share of people in need", "-1 to 1"),
        SMALLEST,
        text("verdict", VERDICT_WORDS, "The difference in words, by the plain interval"),
        numeric("p_value", "Two-sided probability of so large a difference by luck", "probability", "0 to 1"),
        numeric(
            "p_adjusted",
            "The same, allowing for the number of groups (Benjamini and Hochberg)",
            "probability",
            "0 to 1",
        ),
        text("for_sure", "better off, worse off, not distinguishable", "Who gains or loses for sure, by p_adjusted"),
        PAIRS,
        DROPPED,
    ),
)
LOTTERY = DataTable(
    "lottery.csv",
    "one measure of the lottery under one regime, for a set of services and a part of the country",
    (
        REGIME_COLUMN,
        MEASURE,
        SERVICE,
        text("geography", f"{NATIONAL}, {REGION_LEVEL}, {AREA_LEVEL}, {FIFTH}", "Of what kind the area is"),
        text("area", f"{NATION}; a code of the geography", "The code; of deprivation fifths 1 is the most deprived"),
        text("label", "any", "The measure in words"),
        UNIT,
        numeric("mean", "Mean over the replicates that have it"),
        numeric("low", f"Lower limit of the mean, {INTERVAL}"),
        numeric("high", "Upper limit of the mean, likewise"),
        numeric("median", "Median over the same replicates"),
        whole("replicates", "Replicates that have it", "replicates"),
    ),
)
AXES = text("KEY", "a value of the study", "One column for each parameter or lever that is varied, named by its key")
RUNS = DataTable(
    "runs.csv",
    "one run that the study planned; the point only where values are varied",
    (
        POINT,
        AXES,
        REGIME_COLUMN,
        REPLICATE,
        text("key", "16 hexadecimal digits", "The name of the run's file: a hash of all that determines it"),
        text("status", "done, failed, not made", "How it ended"),
        text("digest", "64 hexadecimal digits", "SHA-256 of the run's rows and lives; equal digests are equal results"),
        numeric("seconds", "How long it took", "seconds", "above 0; empty unless done"),
        text("error", "any", "Why it failed"),
    ),
)
SWEEP = DataTable(
    "sweep.csv",
    "one outcome under one regime at one point; differences are from the baseline at the same point",
    (
        POINT,
        AXES,
        REGIME_COLUMN,
        MEASURE,
        SERVICE,
        text("label", "any", "The measure in words"),
        UNIT,
        numeric("mean", "Mean over replicates"),
        numeric("low", f"Lower limit of the mean, {INTERVAL}"),
        numeric("high", "Upper limit of the mean, likewise"),
        numeric("difference", "Mean of regime less baseline"),
        numeric("diff_low", "Lower limit of the difference"),
        numeric("diff_high", "Upper limit of the difference"),
        text("verdict", f"baseline, {VERDICT_WORDS}", "The difference in words"),
        PAIRS,
    ),
)
SWEEP_LINES = DataTable(
    "sweep_lines.csv",
    "one headline outcome under one regime at one value of the first axis",
    (
        text("parameter", "a key of the study", "What is varied"),
        text("unit", "any", "The unit of value, the parameter"),
        numeric("value", "The value of the parameter", "see unit", "numbers or words"),
        text("regime", REGIME, "Under which regime; with the other values of a grid"),
        MEASURE,
        text("label", "any", "The measure in words"),
        numeric("mean", "Mean over replicates"),
        numeric("low", "Lower limit of the mean"),
        numeric("high", "Upper limit of the mean"),
        numeric("diff_low", "Lower limit of the difference from the baseline"),
        numeric("diff_high", "Upper limit of the difference from the baseline"),
    ),
)
LOOKS = DataTable(
    "stopping.csv",
    "what was known of one difference at one look; only of a study with `until`. In comparison.csv and sweep.csv the "
    "intervals of these differences allow for the looks likewise",
    (
        MEASURE,
        SERVICE,
        text("contrast", "REGIME - REGIME", "The difference: first less second"),
        POINT,
        whole("look", "The number of the look", "looks", "1 or more"),
        whole("replicates", "Replicates at the look", "replicates", "2 or more"),
        PAIRS,
        numeric("difference", "Mean of first less second, replicate by replicate"),
        numeric("difference_low", "Lower limit, Student's t at the level of the look"),
        numeric("difference_high", "Upper limit, likewise"),
        numeric("half_width", "Half the distance between the limits"),
        numeric("half_width_asked", "The half-width that the study asks for", allowed="above 0"),
        numeric("confidence", "Of all intervals together, over all looks", "share", "0.5 to 0.9999"),
        numeric(
            "level", "Of this interval alone; one for all looks up to 1,000 replicates or more", "share", "0.5 to 1"
        ),
        text("narrow", "True, False", "Whether the interval is as narrow as asked"),
    ),
)
MONEY = DataTable(
    "sim analyse money STUDY --json, rows",
    "the mean over the runs of one regime of one line of money, for the nation or by payer, provider, service or year",
    (
        REGIME_COLUMN,
        MEASURE,
        text("label", "any", "The measure in words"),
        text("area", "as in tidy.parquet", "The code of the nation, payer or provider"),
        text("area_name", "any", "Its name"),
        SERVICE,
        text("period_start", "all, or a month YYYY-MM", "All measured years, or the year that begins in that month"),
        numeric(
            "numerator", "Mean over runs of what is divided; nothing where a run has no such row", "see the measure"
        ),
        numeric("denominator", "Mean over runs of what it is divided by", "see the measure"),
        numeric("value", "The measure; of shares of plans, all pounds over all plans"),
        numeric("low", "Lower limit, 95 % over runs"),
        numeric("high", "Upper limit, likewise"),
        UNIT,
        whole("runs", "Runs with a denominator", "runs"),
    ),
)
