"""Every block of docs/measures.md runs as it stands there, in order, and prints what the page shows."""

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim import measures

PAGE = Path(__file__).resolve().parents[2] / "docs" / "measures.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", TEXT, flags=re.DOTALL)


@pytest.fixture(scope="module")
def printed(repository: Path) -> list[str]:
    """Return what each block prints when they run one after the other from the project's root."""
    names: dict[str, Any] = {}
    said = []
    with contextlib.chdir(repository):
        for code, _ in BLOCKS:
            with contextlib.redirect_stdout(io.StringIO()) as output:
                exec(compile(code, str(PAGE), "exec"), names)
            said.append(output.getvalue())
    return said


def test_every_block_of_code_shows_what_it_prints() -> None:
    assert len(BLOCKS) == TEXT.count("```python") == TEXT.count("```text") > 0


@pytest.mark.parametrize("n", range(len(BLOCKS)))
def test_every_block_prints_what_the_page_shows(printed: list[str], n: int) -> None:
    assert printed[n] == BLOCKS[n][1]


def test_every_measure_that_the_page_names_is_public() -> None:
    table = [line for line in TEXT.splitlines() if line.startswith("| ")]
    named = {name for line in table for name in re.findall(r"`(\w+)`", line)} - {"trim"}

    assert named
    assert named - set(measures.__all__) == set()


def test_the_counts_say_that_they_are_invented_and_can_be_true(repository: Path) -> None:
    file = repository / "docs" / "examples" / "observed_counts.csv"
    rows = pd.read_csv(file, comment="#")

    assert file.read_text(encoding="utf-8").startswith("# Invented for illustration")
    assert (rows.treated_in_time <= rows.in_need).all()
    assert (rows.in_need < rows.population).all()
    assert rows.population.between(500_000, 3_200_000).all()
    assert rows.groupby("service").area.nunique().tolist() == [42] * 3
