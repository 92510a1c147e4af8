"""Every way in which a table can be wrong is said with its place, its value and what is allowed."""

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.months import parse_month
from sim.world.tables import DataError, Problem, read_table


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(path: Path, read: str) -> tuple[Problem, ...]:
    """Read one column of a table by the method named and return what is said about it."""
    table = read_table(path, ["a"])
    getattr(table, read)("a")
    with pytest.raises(DataError) as caught:
        table.finish()
    return caught.value.problems


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.csv:1: file is 'FileNotFoundError'; allowed: a readable file"):
        read_table(tmp_path / "nowhere.csv", ["a"])


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("a\nSão\n".encode("latin-1"))
    with pytest.raises(DataError, match="UTF-8"):
        read_table(path, ["a"])


def test_missing_columns_are_named_together(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_table(written(tmp_path, "a,b\n1,2\n"), ["a", "c", "d"])
    assert [problem.column for problem in caught.value.problems] == ["c", "d"]
    assert {problem.line for problem in caught.value.problems} == {1}


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no rows"):
        read_table(written(tmp_path, "a,b\n"), ["a"])


def test_a_row_of_the_wrong_length_is_found(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_table(written(tmp_path, "a,b\n1,2\n3\n4,5,6\n"), ["a"])
    assert [(p.line, p.value, p.allowed) for p in caught.value.problems] == [
        (3, "1 cells", "2 cells"),
        (4, "3 cells", "2 cells"),
    ]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    path = written(tmp_path, 'a,b\n1,"two\nlines"\nx,3\n')
    (problem,) = problems_of(path, "numbers")
    assert (problem.line, problem.value) == (4, "x")


@pytest.mark.parametrize("cell", ["", "x", "nan", "inf", "-1", "1_000", "1,5"])
def test_what_is_no_number_is_refused(tmp_path: Path, cell: str) -> None:
    (problem,) = problems_of(written(tmp_path, f'a,b\n7,1\n"{cell}",1\n'), "numbers")
    assert (problem.line, problem.column, problem.value) == (3, "a", cell)
    assert problem.allowed == "a number, at least 0"


def test_a_blank_number_can_be_given_a_meaning(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "a,b\n,1\n2,1\n"), ["a"])
    assert table.numbers("a", blank=0.0).tolist() == [0.0, 2.0]
    table.finish()


def test_a_number_beyond_its_limits_is_refused(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "a\n1\n1.5\n"), ["a"])
    table.numbers("a", 0, 1)
    with pytest.raises(DataError, match=r"'1\.5'; allowed: a number, 0 to 1"):
        table.finish()


def test_a_broken_number_of_people_is_refused(tmp_path: Path) -> None:
    (problem,) = problems_of(written(tmp_path, "a\n3\n3.5\n"), "whole_numbers")
    assert (problem.line, problem.allowed) == (3, "a whole number")


def test_a_code_that_stands_twice_is_refused(tmp_path: Path) -> None:
    (problem,) = problems_of(written(tmp_path, "a\nx\ny\nx\n"), "codes")
    assert (problem.line, problem.value) == (4, "x")
    assert problem.allowed == "each code once (first on line 2)"


def test_an_unknown_word_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "a\nblue\n"), ["a"])
    table.texts("a", one_of=("red", "green"))
    with pytest.raises(DataError, match="'blue'; allowed: green, red"):
        table.finish()


def test_a_value_outside_its_own_range_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "a,a_low,a_high\n2,1,3\n4,1,3\n")
    (problem,) = problems_of(path, "ranged")
    assert (problem.line, problem.value, problem.allowed) == (3, "4", "1 to 3 (its own range)")


@pytest.mark.parametrize("cell", ["2013", "2013-13", "2013-4", "April 2013", ""])
def test_what_is_no_month_is_refused(tmp_path: Path, cell: str) -> None:
    (problem,) = problems_of(written(tmp_path, f"a,b\n{cell},1\n"), "months")
    assert problem.allowed == "a month, such as 2013-04"


@given(st.integers(1900, 2100), st.integers(1, 12))
def test_months_count_from_january_1900(year: int, month: int) -> None:
    assert parse_month(f"{year}-{month:02d}") == (year - 1900) * 12 + month - 1


def test_all_problems_of_a_table_are_reported_in_the_order_of_lines(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "a,b\nx,1\n2,-1\n"), ["a", "b"])
    table.numbers("b")
    table.numbers("a")
    with pytest.raises(DataError) as caught:
        table.finish()
    assert [problem.line for problem in caught.value.problems] == [2, 3]
    assert len(str(caught.value).splitlines()) == 2
    assert (caught.value.line, caught.value.column, caught.value.value) == (2, "a", "x")


def test_an_error_survives_the_way_back_from_a_worker() -> None:
    error = DataError((Problem("places.csv", 3, "population", "-1", "a number, at least 0"),))
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    assert isinstance(error, ValueError)
