"""What the tables of an export hold, column by column."""

from sim.report.columns import (
    POINT,
    REGIME_COLUMN,
    REPLICATE,
    RESULT_COLUMNS,
    Column,
    DataTable,
    numeric,
    text,
)

RUN_COLUMNS = (
    text("key", "16 hexadecimal digits", "The run: equal keys, equal results. Two names of one content share a key"),
    REGIME_COLUMN,
    REPLICATE,
    POINT,
    text("digest", "64 hexadecimal digits", "SHA-256 of the results of the run; `sim verify` makes them again"),
    numeric("seconds", "How long the run took", "seconds", "0 or more"),
    text("created_utc", "a time (ISO 8601)", "When the run ended"),
    text("package_version", "any", "The version of the package that made it"),
    text("code_hash", "64 hexadecimal digits", "SHA-256 of all code that decides a result"),
    text("data_hash", "64 hexadecimal digits", "SHA-256 of the data tables that the model read"),
)


def exported(form: str) -> tuple[DataTable, ...]:
    """Return the tables of an export in parquet or csv."""
    axis = Column("KEY", "text or number", "see the parameter", "a value of the study", "One column for each axis")
    return (
        DataTable(
            f"results.{form}",
            "one measure of one run, for one set of services, area and period: all that a run stores, places too",
            (REGIME_COLUMN, REPLICATE, POINT, *RESULT_COLUMNS),
        ),
        DataTable(f"runs.{form}", "one finished run as the study names it", RUN_COLUMNS),
        DataTable(f"points.{form}", "one combination of the values that the study varies", (POINT, axis)),
    )
