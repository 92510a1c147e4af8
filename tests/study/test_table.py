"""The digest of a results table sees every number and nothing else."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.study.table import COLUMNS, TEXT_COLUMNS, TableError, canonical_table, result_digest

CHECKSUMS = {"lives": 5, "twins": 9}


def columns(values: list[float], order: list[int] | None = None) -> dict[str, Any]:
    order = list(range(len(values))) if order is None else order
    table: dict[str, Any] = {name: ["x" for _ in order] for name in TEXT_COLUMNS}
    table["area"] = [f"E{row}" for row in order]
    for name in ("numerator", "denominator", "value"):
        table[name] = [values[row] for row in order]
    return table


@given(st.permutations(range(5)))
def test_the_order_of_rows_changes_nothing(order: list[int]) -> None:
    values = [0.5, 1.5, -2.0, float("nan"), 1e300]

    assert result_digest(columns(values, order), CHECKSUMS) == result_digest(columns(values), CHECKSUMS)


def test_one_bit_of_one_number_changes_the_digest() -> None:
    before = result_digest(columns([1.0, 2.0]), CHECKSUMS)

    assert result_digest(columns([1.0, float(np.nextafter(2.0, 3.0))]), CHECKSUMS) != before


@pytest.mark.parametrize("name", TEXT_COLUMNS)
def test_every_text_counts(name: str) -> None:
    table = columns([1.0, 2.0])

    assert result_digest(table | {name: ["x", "other"]}, CHECKSUMS) != result_digest(table, CHECKSUMS)


def test_checksums_of_lives_count_and_their_order_does_not() -> None:
    table = columns([1.0])

    assert result_digest(table, {"twins": 9, "lives": 5}) == result_digest(table, CHECKSUMS)
    assert result_digest(table, {"twins": 9, "lives": 6}) != result_digest(table, CHECKSUMS)


def test_zero_and_undefined_have_one_form() -> None:
    odd_nan = float(np.array([0x7FF8000000000001], dtype=np.uint64).view(np.float64)[0])

    assert result_digest(columns([-0.0, odd_nan]), {}) == result_digest(columns([0.0, float("nan")]), {})


def test_texts_that_only_join_alike_differ() -> None:
    one = columns([1.0, 1.0]) | {"service": ["ab", "c"]}
    other = columns([1.0, 1.0]) | {"service": ["a", "bc"]}

    assert result_digest(one, {}) != result_digest(other, {})


def test_two_rows_of_one_name_are_refused() -> None:
    with pytest.raises(TableError, match="two rows for measure=x"):
        canonical_table(columns([1.0, 2.0], [0, 0]) | {"value": [1.0, 2.0]})


def test_a_missing_column_and_unequal_lengths_are_refused() -> None:
    table = columns([1.0, 2.0])

    with pytest.raises(TableError, match="wanted"):
        canonical_table({name: table[name] for name in COLUMNS[1:]})
    with pytest.raises(TableError, match="unequal length"):
        canonical_table(table | {"unit": ["x"]})
