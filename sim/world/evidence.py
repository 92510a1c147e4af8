"""The facts behind the numbers: range, grade, source and reason, for priors, reports and checks."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.world.tables import Table, read_table
from sim.world.world import DATA_DIRECTORY

GRADES = ("official", "published", "approximate", "assumption")
SERVICE_FACT_COLUMNS = ("service_id", "parameter", "value", "low", "high", "grade", "source", "reason")
SYSTEM_FACT_COLUMNS = ("fact_id", "value", "unit", "year", "source", "quality", "note")


@dataclass(frozen=True)
class ServiceFact:
    """One number of one service with its plausible range; ``low`` to ``high`` is the prior of a sweep."""

    service_id: str
    parameter: str
    value: float
    low: float
    high: float
    grade: str
    source: str
    reason: str


@dataclass(frozen=True)
class SystemFact:
    """One published number about specialised commissioning in England."""

    fact_id: str
    value: float
    unit: str
    year: str
    source: str
    grade: str
    note: str


@cache
def service_facts(directory: Path = DATA_DIRECTORY) -> tuple[ServiceFact, ...]:
    """Read services_derived_long.csv in the order of the file; raise DataError on anything wrong."""
    table = read_table(directory / "services_derived_long.csv", SERVICE_FACT_COLUMNS)
    value, low, high = (table.numbers(column) for column in ("value", "low", "high"))
    grades, sources = table.texts("grade", one_of=GRADES), table.texts("source")
    facts = tuple(
        ServiceFact(
            cells["service_id"], cells["parameter"], float(value[row]), float(low[row]), float(high[row]),
            grades[row], sources[row], cells["reason"],
        )
        for row, cells in enumerate(table.rows)
    )  # fmt: skip
    _check_service_facts(table, facts)
    table.finish()
    return facts


def _check_service_facts(table: Table, facts: tuple[ServiceFact, ...]) -> None:
    """Note values outside their range, numbers given twice and assumptions without a reason."""
    seen = set()
    for row, fact in enumerate(facts):
        if not fact.low <= fact.value <= fact.high:
            table.wrong(row, "value", f"{fact.value:g}", f"{fact.low:g} to {fact.high:g} (its own range)")
        if (fact.service_id, fact.parameter) in seen:
            table.wrong(row, "parameter", fact.parameter, f"each parameter of {fact.service_id} once")
        if fact.grade == "assumption" and not fact.reason:
            table.wrong(row, "reason", fact.reason, "why, wherever the grade is assumption")
        seen.add((fact.service_id, fact.parameter))


@cache
def system_facts(directory: Path = DATA_DIRECTORY) -> dict[str, SystemFact]:
    """Read system_facts.csv by fact id; raise DataError on anything wrong."""
    table = read_table(directory / "system_facts.csv", SYSTEM_FACT_COLUMNS)
    ids, value = table.codes("fact_id"), table.numbers("value")
    units, grades = table.texts("unit"), table.texts("quality", one_of=GRADES)
    table.finish()
    return {
        ids[row]: SystemFact(
            ids[row],
            float(value[row]),
            units[row],
            cells["year"],
            cells["source"],
            grades[row],
            cells["note"],
        )
        for row, cells in enumerate(table.rows)
    }
