"""The ledger as a Parquet file: one row a patient, units and meanings in the metadata of its fields."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sim.analysis.costs import months_of
from sim.analysis.courses import given
from sim.analysis.ledger import Account, Ledger, qalys_gained
from sim.analysis.ledger_lives import FROM_DIAGNOSIS, FROM_ONSET, IN_TIME, NOT_COUNTED
from sim.analysis.ledger_parting import ALIKE, DECISIONS, NONE
from sim.measures.rows import AREA_LEVEL
from sim.model.result import ENDINGS, REASONS
from sim.world.months import format_month
from sim.world.people import NEVER

ROWS_AT_ONCE = 1 << 19
"""Lines that are held as a table before they are written."""
DIGITS = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
HEX_LENGTH = 16
SCHEMA_NAME = "sim/ledger/1"

Part = slice
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """One column: its name, unit and meaning, and its values for a part of the lines."""

    name: str
    unit: str
    meaning: str
    values: Callable[[Part], pa.Array]


def write_ledger(ledger: Ledger, path: Path) -> None:
    """Write the line of every patient, whole or not at all."""
    columns = [*_who(ledger), *_under(ledger.first, "a"), *_under(ledger.second, "b"), *_apart(ledger)]
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        _write(ledger, columns, temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _write(ledger: Ledger, columns: Sequence[Column], path: Path) -> None:
    rows = ledger.first.run.rows.size
    schema = _schema(ledger, columns)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for begin in range(0, rows, ROWS_AT_ONCE):
            part = slice(begin, min(begin + ROWS_AT_ONCE, rows))
            writer.write_table(pa.Table.from_arrays([column.values(part) for column in columns], schema=schema))


def _schema(ledger: Ledger, columns: Sequence[Column]) -> pa.Schema:
    """Say what every field is and, of the whole, which regimes a and b are."""
    result = ledger.first.result
    fields = [
        pa.field(
            column.name, column.values(slice(0, 0)).type, metadata={"unit": column.unit, "meaning": column.meaning}
        )
        for column in columns
    ]
    about = {
        "schema": SCHEMA_NAME,
        "a": ledger.first.run.scenario,
        "b": ledger.second.run.scenario,
        "seed": str(result.seed),
        "replicate": str(result.replicate),
        "start": result.start,
        "measured_years": str(result.measured_years),
    }
    return pa.schema(fields, metadata=about)


def hexadecimal(identity: npt.NDArray[np.uint64]) -> pa.Array:
    """Write identities as 16 hexadecimal digits each, all at once."""
    octets = identity.astype(">u8").view(np.uint8).reshape(-1, 8)
    digits = np.stack([DIGITS[octets >> 4], DIGITS[octets & 15]], axis=2)
    offsets = np.arange(0, HEX_LENGTH * identity.size + 1, HEX_LENGTH, dtype=np.int32)
    text = pa.py_buffer(np.ascontiguousarray(digits))
    return pa.StringArray.from_buffers(identity.size, pa.py_buffer(offsets), text)


def _words(names: Sequence[str], codes: npt.NDArray[np.integer[Any]]) -> Callable[[Part], pa.Array]:
    """Return the values of a column of text, given by codes below 0 where there is none."""
    dictionary = pa.array(list(names), pa.utf8())

    def values(part: Part) -> pa.Array:
        code = codes[part]
        indices = pa.array(np.maximum(code, 0).astype(np.int32), mask=code < 0)
        return pa.DictionaryArray.from_arrays(indices, dictionary)

    return values


def _numbers(amounts: npt.NDArray[np.generic], missing: Bools | None = None) -> Callable[[Part], pa.Array]:
    """Return the values of a column of numbers, null where they are missing."""
    return lambda part: pa.array(amounts[part], mask=None if missing is None else missing[part])


def _who(ledger: Ledger) -> Iterator[Column]:
    """Yield what is given, whoever commissions."""
    run = ledger.first.run
    places, services = run.world.places, run.world.services
    place, service = given(run, "place"), given(run, "service").astype(np.int64)
    identity, month = given(run, "identity"), months_of(given(run, "onset_day").astype(np.int64))
    earliest = int(min(month.min(initial=0), months_of(np.minimum(run.courses.diagnosis_day, 0)).min(initial=0)))
    calendar = [format_month(run.start_month + at) for at in range(earliest, run.population.plan.months)]
    days = run.courses.diagnosis_day
    diagnosed = np.where(days == NEVER, -1, months_of(days) - earliest)
    yield Column(
        "identity", "", "16 hexadecimal digits, for `sim story --patient`", lambda part: hexadecimal(identity[part])
    )
    yield Column("service", "", "what the patient is treated with", _words(services.ids, service))
    yield Column("place", "", "code of the place of residence", _words(places.codes, place))
    yield Column("place_name", "", "its name", _words(places.names, place))
    if AREA_LEVEL in places.unit_of:
        area = places.unit_of[AREA_LEVEL][place]
        yield Column(AREA_LEVEL, "", "code of its board", _words(places.unit_codes[AREA_LEVEL], area))
    fifth = places.deprivation_fifth[place]
    yield Column("deprivation_fifth", "", "of its people: 1 most deprived, 5 least", _numbers(fifth))
    yield Column("severe", "", "whether the illness is severe", _numbers(given(run, "severity") == 1))
    yield Column("onset_month", "month", "when it began", _words(calendar, month - earliest))
    recognised = "when it was recognised (under a), null when it was not"
    yield Column("diagnosis_month", "month", recognised, _words(calendar, diagnosed))
    yield Column("weight", "people", "for whom the line stands", _numbers(ledger.weight))


def _under(account: Account, side: str) -> Iterator[Column]:
    """Yield what became of everyone under one regime."""
    lives, courses = account.lives, account.run.courses
    reason, ending = lives.reason, lives.ending
    known = reason[FROM_DIAGNOSIS] != NOT_COUNTED
    wait = (courses.start_day - courses.diagnosis_day).astype(np.int32)
    counted = "null without the whole access window in the measured years"
    for basis, name in ((FROM_DIAGNOSIS, "diagnosis"), (FROM_ONSET, "onset")):
        of = _words(REASONS, reason[basis])
        yield Column(f"{side}_outcome_from_{name}", "", f"treated in time, or why not; {counted}", of)
    in_time = _numbers(reason[FROM_DIAGNOSIS] == IN_TIME, ~known)
    yield Column(f"{side}_in_time", "", f"treated inside the window from diagnosis; {counted}", in_time)
    never = courses.start_day == NEVER
    yield Column(f"{side}_wait_days", "days", "from diagnosis to treatment, null without", _numbers(wait, never))
    ended = _words(ENDINGS, ending)
    yield Column(f"{side}_wait_ended", "", "how, for those diagnosed in the measured years", ended)
    yield Column(f"{side}_qalys", "QALYs per person", "lived in the measured years", _numbers(lives.qalys))
    paid = "charged to commissioners in the measured years"
    yield Column(f"{side}_cost_pence", "pence per person", paid, _numbers(lives.cost.sum(axis=0)))
    for year, cost in enumerate(lives.cost, start=1):
        meaning = f"of that in measured year {year}"
        yield Column(f"{side}_cost_pence_year_{year}", "pence per person", meaning, _numbers(cost))


def _apart(ledger: Ledger) -> Iterator[Column]:
    """Yield b less a, and where the two lives part."""
    one, other = ledger.first, ledger.second
    starts = [account.run.courses.start_day - account.run.courses.diagnosis_day for account in (one, other)]
    untreated = np.any([account.run.courses.start_day == NEVER for account in (one, other)], axis=0)
    longer = (starts[1] - starts[0]).astype(np.int32)
    yield Column(
        "wait_days_difference", "days", "b less a, null unless treated under both", _numbers(longer, untreated)
    )
    sooner = other.lives.in_time.astype(np.int8) - one.lives.in_time.astype(np.int8)
    yield Column("in_time_difference", "people per person", "b less a", _numbers(sooner))
    yield Column("qalys_difference", "QALYs per person", "b less a", _numbers(qalys_gained(ledger)))
    dearer = other.lives.cost.sum(axis=0) - one.lives.cost.sum(axis=0)
    yield Column("cost_pence_difference", "pence per person", "b less a", _numbers(dearer))
    decision, month = ledger.partings.decision, ledger.partings.month

    coded = np.where(decision == ALIKE, len(DECISIONS), decision)
    told = {
        "first_parting": ("the first event that differs", [decision.name for decision in DECISIONS] + [NONE]),
        "decided_by": ("whose decision it is", [decision.by for decision in DECISIONS] + [""]),
        "kind": ("direct, displaced or none", [decision.kind for decision in DECISIONS] + [NONE]),
    }
    for name, (meaning, words) in told.items():
        known = list(dict.fromkeys(words))
        code = np.array([known.index(word) for word in words])
        yield Column(name, "", meaning, _words(known, code[coded]))
    calendar = [format_month(one.run.start_month + at) for at in range(one.run.population.plan.months)]
    yield Column("parting_month", "month", "when they part, null where they do not", _words(calendar, month))
