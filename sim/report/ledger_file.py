"""The ledger as a Parquet file: one row a patient, units and meanings in the metadata of its fields."""

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
from sim.report.analysis_columns import of_ledger
from sim.report.files import written_whole
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
    """One column: its name, and its values for a part of the lines; ``of_ledger`` says what it means."""

    name: str
    values: Callable[[Part], pa.Array]


def write_ledger(ledger: Ledger, path: Path) -> None:
    """Write the line of every patient, whole or not at all."""
    columns = [*_who(ledger), *_under(ledger.first, "a"), *_under(ledger.second, "b"), *_apart(ledger)]
    with written_whole(path) as temporary:
        _write(ledger, columns, temporary)


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
    fields = []
    for column in columns:
        told = of_ledger(column.name)
        about_it = {"unit": told.unit, "meaning": told.meaning}
        fields.append(pa.field(column.name, column.values(slice(0, 0)).type, metadata=about_it))
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
    yield Column("identity", lambda part: hexadecimal(identity[part]))
    yield Column("service", _words(services.ids, service))
    yield Column("place", _words(places.codes, place))
    yield Column("place_name", _words(places.names, place))
    if AREA_LEVEL in places.unit_of:
        yield Column(AREA_LEVEL, _words(places.unit_codes[AREA_LEVEL], places.unit_of[AREA_LEVEL][place]))
    yield Column("deprivation_fifth", _numbers(places.deprivation_fifth[place]))
    yield Column("severe", _numbers(given(run, "severity") == 1))
    yield Column("onset_month", _words(calendar, month - earliest))
    yield Column("diagnosis_month", _words(calendar, diagnosed))
    yield Column("weight", _numbers(ledger.weight))


def _under(account: Account, side: str) -> Iterator[Column]:
    """Yield what became of everyone under one regime."""
    lives, courses = account.lives, account.run.courses
    reason = lives.reason
    known = reason[FROM_DIAGNOSIS] != NOT_COUNTED
    wait = (courses.start_day - courses.diagnosis_day).astype(np.int32)
    for basis, name in ((FROM_DIAGNOSIS, "diagnosis"), (FROM_ONSET, "onset")):
        yield Column(f"{side}_outcome_from_{name}", _words(REASONS, reason[basis]))
    yield Column(f"{side}_in_time", _numbers(reason[FROM_DIAGNOSIS] == IN_TIME, ~known))
    yield Column(f"{side}_wait_days", _numbers(wait, courses.start_day == NEVER))
    yield Column(f"{side}_wait_ended", _words(ENDINGS, lives.ending))
    yield Column(f"{side}_qalys", _numbers(lives.qalys))
    yield Column(f"{side}_cost_pence", _numbers(lives.cost.sum(axis=0)))
    for year, cost in enumerate(lives.cost, start=1):
        yield Column(f"{side}_cost_pence_year_{year}", _numbers(cost))


def _apart(ledger: Ledger) -> Iterator[Column]:
    """Yield b less a, and where the two lives part."""
    one, other = ledger.first, ledger.second
    starts = [account.run.courses.start_day - account.run.courses.diagnosis_day for account in (one, other)]
    untreated = np.any([account.run.courses.start_day == NEVER for account in (one, other)], axis=0)
    yield Column("wait_days_difference", _numbers((starts[1] - starts[0]).astype(np.int32), untreated))
    yield Column(
        "in_time_difference", _numbers(other.lives.in_time.astype(np.int8) - one.lives.in_time.astype(np.int8))
    )
    yield Column("qalys_difference", _numbers(qalys_gained(ledger)))
    yield Column("cost_pence_difference", _numbers(other.lives.cost.sum(axis=0) - one.lives.cost.sum(axis=0)))
    decision, month = ledger.partings.decision, ledger.partings.month
    coded = np.where(decision == ALIKE, len(DECISIONS), decision)
    told = {
        "first_parting": [decision.name for decision in DECISIONS] + [NONE],
        "decided_by": [decision.by for decision in DECISIONS] + [""],
        "kind": [decision.kind for decision in DECISIONS] + [NONE],
    }
    for name, words in told.items():
        known = list(dict.fromkeys(words))
        code = np.array([known.index(word) for word in words])
        yield Column(name, _words(known, code[coded]))
    calendar = [format_month(one.run.start_month + at) for at in range(one.run.population.plan.months)]
    yield Column("parting_month", _words(calendar, month))
