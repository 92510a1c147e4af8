"""Tables of records: one row an agent, one named column an attribute, in one block of memory.

Compiled rules read ``table[row].column``. Handing over one block is cheap, where dozens of separate
columns would cost more to pass to a step of a rule than the step itself.

A row class says of each column what it is: ``waiting: Annotated[Int32, "people", "in the queue"]``. Unit and
meaning stand in the annotation alone, so they cost nothing and change no layout.
"""

from typing import Annotated, Any, Generic, NamedTuple, Protocol, TypeVar, cast, get_args, get_type_hints

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
    """An array of records: rows by index, whole columns by name (as numpy's recarray)."""

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


def new_table(row: type[New], count: int, **filled: object) -> Table[New]:
    """Allocate a table of zeros, with some columns filled by a value or an array."""
    table = np.zeros(count, dtype=record_type(row)).view(np.recarray)
    for name, value in filled.items():
        table[name] = value
    return cast("Table[New]", table)
