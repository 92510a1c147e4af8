"""The long results table of one run: its columns, its canonical order and its digest."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

TEXT_COLUMNS = ("measure", "geography", "area", "service", "period_start", "unit")
NUMBER_COLUMNS = ("numerator", "denominator", "value")
COLUMNS = ("measure", "geography", "area", "service", "period_start", *NUMBER_COLUMNS, "unit")
ADDED_COLUMNS = ("area_name", "first_month", "last_month")
"""What a table says besides of its rows; where it does not, areas go by their code and months are not known."""
STORED_COLUMNS = (*COLUMNS, *ADDED_COLUMNS)
IDENTITY_COLUMNS = TEXT_COLUMNS[:-1]
"""What names a row: no two rows of one run share all five."""

Columns = Mapping[str, Sequence[Any] | npt.NDArray[Any]]
Table = dict[str, npt.NDArray[Any]]


class TableError(ValueError):
    """A results table breaks its own rules; this is a fault of the code that made it."""


def canonical_table(columns: Columns) -> Table:
    """Return the STORED_COLUMNS as arrays (text as str, numbers as float64), rows in canonical order.

    Raise TableError on a missing or unknown column, unequal lengths, or two rows of one name.
    """
    if set(columns) - set(ADDED_COLUMNS) != set(COLUMNS):
        raise TableError(f"results table: columns {sorted(columns)}, wanted {sorted(COLUMNS)}")
    table: Table = {name: np.asarray(columns[name], dtype=np.str_) for name in TEXT_COLUMNS}
    table |= {name: _canonical_numbers(columns[name]) for name in NUMBER_COLUMNS}
    unsaid = {"area_name": table["area"], "first_month": np.full(len(table["area"]), "")}
    for name in ADDED_COLUMNS:
        table[name] = np.asarray(columns.get(name, unsaid.get(name, unsaid["first_month"])), dtype=np.str_)
    lengths = {name: len(table[name]) for name in STORED_COLUMNS}
    if len(set(lengths.values())) != 1:
        raise TableError(f"results table: columns of unequal length {lengths}")
    order = np.lexsort([table[name] for name in reversed(IDENTITY_COLUMNS)])
    table = {name: table[name][order] for name in STORED_COLUMNS}
    _refuse_duplicates(table)
    return table


def _canonical_numbers(values: Sequence[Any] | npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Give zero one sign and "undefined" one bit pattern, so that equal numbers have equal bytes."""
    numbers = np.array(values, dtype=np.float64)
    numbers[numbers == 0.0] = 0.0
    numbers[np.isnan(numbers)] = np.nan
    return numbers


def _refuse_duplicates(table: Table) -> None:
    same = np.ones(max(len(table["measure"]) - 1, 0), dtype=np.bool_)
    for name in IDENTITY_COLUMNS:
        same &= table[name][1:] == table[name][:-1]
    if same.any():
        row = int(np.flatnonzero(same)[0])
        named = ", ".join(f"{name}={table[name][row]}" for name in IDENTITY_COLUMNS)
        raise TableError(f"results table: two rows for {named}")


def result_digest(columns: Columns, checksums: Mapping[str, int]) -> str:
    """Return the SHA-256 (hex) of the result columns and the checksums of lives and twins.

    The order of the rows, time, host and file writer have no part in it.
    """
    table = canonical_table(columns)
    digest = hashlib.sha256()
    for name in (*TEXT_COLUMNS, *ADDED_COLUMNS):
        text = "\x1f".join(table[name].tolist())
        digest.update(f"{name}\x1e{text}\x1e".encode())
    for name in NUMBER_COLUMNS:
        digest.update(f"{name}\x1e".encode())
        digest.update(table[name].astype("<f8").tobytes())
    digest.update(json.dumps(dict(sorted(checksums.items())), separators=(",", ":")).encode())
    return digest.hexdigest()
