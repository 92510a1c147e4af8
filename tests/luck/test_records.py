"""Tables of records: one row an agent, one named column an attribute."""

import pickle
from typing import Annotated, Any

import numpy as np
import pytest

from sim.luck.records import Float64, Int8, UInt64, columns, new_table, record_type


class Creature:
    legs: Int8
    weight: Float64
    name: UInt64


def test_every_annotation_is_a_column_of_its_type() -> None:
    layout = record_type(Creature)
    assert layout.names == ("legs", "weight", "name")
    assert [layout[name] for name in layout.names] == [np.int8, np.float64, np.uint64]


class Described:
    legs: Annotated[Int8, "legs", "to stand on"]
    weight: Annotated[Float64, "kg", "after breakfast"]
    name: UInt64


def test_what_is_said_of_a_column_changes_nothing_of_its_layout() -> None:
    assert record_type(Described) == record_type(Creature)
    assert [tuple(column) for column in columns(Described)] == [
        ("legs", "int8", "legs", "to stand on"),
        ("weight", "float64", "kg", "after breakfast"),
        ("name", "uint64", "", ""),
    ]


def test_a_new_table_is_zero_but_for_what_is_filled() -> None:
    table = new_table(Creature, 3, legs=4, weight=np.array([1.0, 2.0, 3.0]))
    assert table.size == 3
    assert table.legs.tolist() == [4, 4, 4]
    assert table.weight.tolist() == [1.0, 2.0, 3.0]
    assert table.name.tolist() == [0, 0, 0]


def test_a_row_reads_and_writes_the_table() -> None:
    table = new_table(Creature, 2)
    table[1].weight = 2.5
    assert table.weight.tolist() == [0.0, 2.5]
    assert table[1].weight == 2.5


def test_a_table_may_be_empty() -> None:
    assert new_table(Creature, 0).size == 0


@pytest.mark.parametrize("way", [lambda t: t[1:], lambda t: t.copy(), lambda t: pickle.loads(pickle.dumps(t))])
def test_parts_copies_and_what_comes_from_another_process_are_read_alike(way: Any) -> None:
    part = way(new_table(Creature, 3, legs=4))
    assert (part.legs == 4).all()
    assert part[0].legs == 4
    assert type(part["legs"]) is type(part.legs) is np.ndarray


def test_a_column_that_is_not_there_is_neither_read_nor_made() -> None:
    table: Any = new_table(Creature, 2)
    with pytest.raises(AttributeError, match="a table without a column 'arms'"):
        _ = table.arms
    with pytest.raises(AttributeError):
        table.legs = 2  # `table.legs[:] = 2` fills the column
