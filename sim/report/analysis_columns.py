"""What the tables of `sim analyse` hold, column by column."""

import re

from sim.measures.rows import AREA_LEVEL
from sim.model.result import BASES, ENDINGS, REASONS
from sim.report.columns import (
    NUMBER,
    REGIME,
    REGIME_COLUMN,
    REPLICATE,
    SERVICE,
    TRUTH,
    UNIT,
    WHOLE,
    Column,
    DataTable,
    numeric,
    text,
    whole,
)

MONTH = "a month YYYY-MM"
SIDE, YEAR = "SIDE", "NUMBER"
"""Stand for ``a`` or ``b``, and for the number of a measured year, in the columns of the ledger."""
_COUNTED = "null without the whole access window in the measured years"
_OUTCOME = f"Treated in time, or why not; {_COUNTED}"
_ANY = "any"


def _number(name: str, unit: str, meaning: str, allowed: str = _ANY) -> Column:
    return Column(name, NUMBER, unit, allowed, meaning)


def _whole(name: str, unit: str, meaning: str, allowed: str = _ANY) -> Column:
    return Column(name, WHOLE, unit, allowed, meaning)


LEDGER = DataTable(
    "sim analyse ledger --out FILE.parquet",
    "one patient of one replicate, under two regimes a and b, which the metadata of the file name; SIDE is a or b, "
    "NUMBER a measured year",
    (
        text("identity", "16 hexadecimal digits", "Who it is, for `sim story --patient`"),
        text("service", "a service id", "What the patient is treated with"),
        text("place", "a code", "Code of the place of residence"),
        text("place_name", _ANY, "Its name"),
        text(AREA_LEVEL, "a code", "Code of its board"),
        _whole("deprivation_fifth", "fifths", "Of its people: 1 most deprived, 5 least", "1 to 5"),
        Column("severe", TRUTH, "", "true, false", "Whether the illness is severe"),
        text("onset_month", MONTH, "When it began"),
        text("diagnosis_month", MONTH, "When it was recognised (under a), null when it was not"),
        _whole("weight", "people", "For whom the line stands", "1 or more"),
        text("SIDE_outcome_from_diagnosis", ", ".join(REASONS), _OUTCOME),
        text("SIDE_outcome_from_onset", ", ".join(REASONS), _OUTCOME),
        Column("SIDE_in_time", TRUTH, "", "true, false", f"Treated inside the window from diagnosis; {_COUNTED}"),
        _whole("SIDE_wait_days", "days", "From diagnosis to treatment, null without", "0 or more"),
        text("SIDE_wait_ended", ", ".join(ENDINGS), "How, for those diagnosed in the measured years"),
        _number("SIDE_qalys", "QALYs per person", "Lived in the measured years", "0 or more"),
        _whole("SIDE_cost_pence", "pence per person", "Charged to commissioners in the measured years"),
        _whole("SIDE_cost_pence_year_NUMBER", "pence per person", "Of that in one measured year"),
        _whole("wait_days_difference", "days", "b less a, null unless treated under both"),
        _whole("in_time_difference", "people per person", "b less a", "-1, 0, 1"),
        _number("qalys_difference", "QALYs per person", "b less a"),
        _whole("cost_pence_difference", "pence per person", "b less a"),
        text("first_parting", "none, or an event", "The first event that differs"),
        text("decided_by", "empty, or whose it is", "Whose decision it is"),
        text(
            "kind", "direct, displaced, none", "Direct: the patient's own decision; displaced: others' took the place"
        ),
        text("parting_month", MONTH, "When they part, null where they do not"),
    ),
)
BOTTLENECKS = DataTable(
    "sim analyse bottlenecks --out FILE.csv",
    "the people in need of one service in one place who met with one reason under one regime, over all replicates",
    (
        REGIME_COLUMN,
        text("clock", ", ".join(BASES), "From when the access window is counted"),
        text("place", "a code", "Code of the place of residence"),
        text("service", "a service id", "For which service"),
        text("reason", ", ".join(REASONS), "Treated in time, or why not"),
        _whole("people", "people", "Whom it met", "0 or more"),
        _whole("in_need", "people", "All in need there; the reasons of one place and service sum to it", "0 or more"),
        text(AREA_LEVEL, "a code", "Code of the place's board"),
    ),
)
SHARES = DataTable(
    "decomposition.csv",
    "what one group of mechanisms adds to one outcome of a regime, or to its difference from the baseline",
    (
        text("measure", "an id of the measures below", "What is told"),
        SERVICE,
        text("label", _ANY, "The measure in words"),
        UNIT,
        text("regime", REGIME, "Under which regime or scenario"),
        text(
            "baseline", f"empty, or {REGIME}", "From which regime the difference is; empty for the level of one regime"
        ),
        text("part", "off, a group, or all", "Which group of mechanisms; off is what is there without any"),
        text("title", _ANY, "The group in words"),
        numeric("mean", "The Shapley value, mean over replicates"),
        numeric("low", "Lower limit, 95 % over replicates"),
        numeric("high", "Upper limit, likewise"),
        text("verdict", "raises, lowers, not distinguishable, or empty", "Whether the interval leaves out zero"),
        numeric("alone", "What the group does when nothing else is at work; undefined where orders were sampled"),
        numeric("last", "What it does when all else is at work; likewise"),
        whole("replicates", "Replicates with every run that it needs", "replicates"),
        whole("dropped", "The other replicates", "replicates"),
    ),
)
SHARE_RUNS = DataTable(
    "decomposition_runs.csv",
    "one run of a decomposition, with its outcomes in columns named MEASURE, SERVICES",
    (
        text("at_work", "groups joined by +", "The groups of mechanisms that were on"),
        REGIME_COLUMN,
        REPLICATE,
        text("key", "16 hexadecimal digits", "Under which the run is stored"),
        text("status", "done, failed, missing", "Whether the run is there"),
        text("error", _ANY, "Why it failed"),
    ),
)
ANALYSIS_TABLES = (LEDGER, BOTTLENECKS, SHARES, SHARE_RUNS)


def of_ledger(name: str) -> Column:
    """Return the declaration of a column of the ledger by its name in the file; raise KeyError without one.

    >>> of_ledger("b_cost_pence_year_2").name
    'SIDE_cost_pence_year_NUMBER'
    """
    known = {column.name: column for column in LEDGER.columns}
    return (
        known[name]
        if name in known
        else known[re.sub(r"_year_\d+$", f"_year_{YEAR}", re.sub("^[ab]_", f"{SIDE}_", name))]
    )
