"""Tables of records: one row an agent, one named column an attribute, in one block of memory.

Compiled rules read ``table[row].column``. Handing over one block is cheap, where dozens of separate
columns would cost more to pass to a step of a rule than the step itself.

A row class says of each column what it is: ``waiting: Annotated[Int32, "people", "in the queue"]``. Unit and
meaning stand in the annotation alone, so they cost nothing and change no layout.
"""

from typing import Annotated, Any, Generic, NamedTuple, Protocol, TypeVar, get_args, get_type_hints

import numpy as np
import numpy.typing as npt

Row_co = TypeVar("Row_co", covariant=True)
New = TypeVar("New")

Int8 = Annotated[int, np.int8]
Int16 = Annotated[int, np.int16]
Int32 = Annotated[int, np.int32]
Int64 = Annotated[int, np.int64]
UInt64 = Annotated[np.uint64, np.uint64]
Float64 = Annotated[float, np.float64]


class Table(Protocol, Generic[Row_co]):
    """An array of records: rows by index, whole columns by name."""

    @property
    def size(self) -> int:
        """Count the rows."""

    def __getitem__(self, row: int) -> Row_co:
        """Return one row, which can be read and written by attribute."""

    def __getattr__(self, column: str) -> npt.NDArray[Any]:
        """Return one whole column."""


def record_type(row: type) -> np.dtype[np.void]:
    """Return the memory layout of a row class: every annotation is a column of its second argument's type."""
    hints = get_type_hints(row, include_extras=True)
    return np.dtype([(name, get_args(hint)[1]) for name, hint in hints.items()], align=True)


class Column(NamedTuple):
    """What a row class declares of one column; unit and meaning are empty where it says nothing."""

    name: str
    type: str
    unit: str
    meaning: str


def columns(row: type) -> tuple[Column, ...]:
    """Return the columns of a row class in their order, with the unit and the meaning that it gives them."""
    hints = get_type_hints(row, include_extras=True)
    found = ((name, get_args(hint)[1], [*get_args(hint)[2:], "", ""]) for name, hint in hints.items())
    return tuple(Column(name, np.dtype(kind).name, said[0], said[1]) for name, kind, said in found)


class Records(np.ndarray[tuple[int], np.dtype[np.void]]):
    """An array of records whose columns are attributes too; numpy's own kind takes twice as long to find one."""

    __slots__ = ()  # so that to assign to a name is refused, where it would hide a column

    def __getattr__(self, column: str) -> npt.NDArray[Any]:
        """Return one whole column; raise AttributeError where there is none of that name."""
        if column.startswith("__"):  # numba asks for one at every call of a rule
            raise AttributeError(column)
        try:
            return super().__getitem__(column).view(np.ndarray)
        except (IndexError, ValueError):
            raise AttributeError(f"a table without a column {column!r}") from None

    def __getitem__(self, rows: Any) -> Any:
        """Return rows, or one whole column by name, which is an ordinary array."""
        found = super().__getitem__(rows)
        return found.view(np.ndarray) if isinstance(rows, str) else found


def new_table(row: type[New], count: int, **filled: object) -> Table[New]:
    """Allocate a table of zeros, with some columns filled by a value or an array.

    Values are written to all columns at once, because to go through a large table takes longer than to write.
    """
    layout = record_type(row)
    values = {name: value for name, value in filled.items() if not isinstance(value, np.ndarray)}
    table = np.empty(count, dtype=layout) if values else np.zeros(count, dtype=layout)
    if values:
        pattern = np.zeros(1, dtype=layout)
        for name, value in values.items():
            pattern[name] = value
        as_words(table)[:] = as_words(pattern)
    for name, value in filled.items():
        if name not in values:
            table[name] = value
    made: Table[New] = records(table)
    return made


def as_words(table: npt.NDArray[np.void]) -> npt.NDArray[np.unsignedinteger[Any]]:
    """Return a view of records as unsigned integers, [rows, words], of the largest size of which they all consist."""
    size = int(np.gcd(table.dtype.itemsize, 8))
    return table.view(f"u{size}").reshape(table.size, table.dtype.itemsize // size)


def records(array: npt.NDArray[np.void]) -> Any:
    """Return a view of an array of records whose rows and columns can be read by attribute."""
    return array.view(np.dtype((np.record, array.dtype))).view(Records)
