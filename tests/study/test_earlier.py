"""A folder with the tables of another study says so before they are replaced, and never holds tables of two."""

from pathlib import Path
from typing import Any

import pytest

from sim.specification.load import load_study
from sim.specification.run import Study
from sim.study.earlier import remove_other_tables, replaced, told_before
from sim.study.resolved import write_resolved
from tests.specification.written import regime, study, write

PLAN = "budget.plan_share_of_expected"


def told(folder: Path, overrides: tuple[str, ...] = (), before: tuple[str, ...] = ()) -> list[str]:
    write_resolved(load_study("regional_2013", before), folder / "study.yaml")
    return list(replaced(load_study("regional_2013", overrides), folder))


def test_a_folder_that_holds_nothing_or_the_same_study_needs_no_word(tmp_path: Path) -> None:
    assert list(replaced(load_study("regional_2013"), tmp_path)) == []
    assert told(tmp_path) == []


@pytest.mark.parametrize(
    "more",
    [
        ("replicates=9",),
        ('title="Another"',),
        ("compare=[national_2013, scg_2006, equal_access, area_teams_2012]",),
        (f"vary.{PLAN}=[0.9, 1, 1.1]",),
    ],
)
def test_more_of_the_same_study_is_no_other(tmp_path: Path, more: tuple[str, ...]) -> None:
    before = (f"vary.{PLAN}=[0.9, 1]",) if more[0].startswith("vary") else ()
    assert told(tmp_path, more, before) == []


@pytest.mark.parametrize(
    ("other", "named"),
    [
        (f"{PLAN}=0.97", f"differs in parameters.{PLAN};"),
        ("seed=5", "differs in seed;"),
        ("services=[pnh]", "differs in services;"),
        ("compare=[national_2013, equal_access]", "differs in compare;"),
        (f"vary.{PLAN}=[0.9, 1]", "differs in vary, design;"),
    ],
)
def test_another_study_of_the_same_name_is_told_with_what_differs(tmp_path: Path, other: str, named: str) -> None:
    [sentence] = told(tmp_path, (other,))

    assert f"{tmp_path} holds the tables and figures of another regional_2013, which {named}" in sentence
    assert "--out names another folder" in sentence


def test_tables_that_will_tell_of_fewer_replicates_are_announced(tmp_path: Path) -> None:
    write_resolved(load_study("regional_2013", ("replicates=9",)), tmp_path / "study.yaml")

    [sentence] = told_before(load_study("regional_2013", ("replicates=2",)), tmp_path)
    assert "with 9 replicates, and these will be of 2 (runs already made are kept); --set replicates=9" in sentence
    assert list(told_before(load_study("regional_2013", ("replicates=10",)), tmp_path)) == []
    [other] = told_before(load_study("regional_2013", ("replicates=2", "seed=5")), tmp_path)
    assert "differs in seed" in other


@pytest.mark.parametrize(("method", "other"), [("sobol", 0), ("lhs", 1)])
def test_a_design_that_keeps_its_first_points_may_be_extended(tmp_path: Path, method: str, other: int) -> None:
    def drawn(samples: int) -> Study:
        vary = (f"vary.{PLAN}=prior", "vary.common_pool.marginal_share=prior")
        return load_study("regional_2013", (*vary, f"design={{method: {method}, samples: {samples}}}"))

    write_resolved(drawn(8), tmp_path / "study.yaml")

    assert len(list(replaced(drawn(16), tmp_path))) == other


def test_a_study_of_another_name_is_named(tmp_path: Path) -> None:
    [sentence] = told(tmp_path, ("id=second",))

    assert "of another study, regional_2013, which differs in id;" in sentence


def test_a_regime_that_was_edited_is_another(tmp_path: Path) -> None:
    def load(**changes: Any) -> Any:
        write(tmp_path / "mine.yaml", regime(id="mine", **changes))
        given = study(compare=["./mine.yaml", "equal_access"], baseline="mine")
        return load_study(write(tmp_path / "given.yaml", given))

    write_resolved(load(), tmp_path / "out" / "study.yaml")

    assert list(replaced(load(title="Other words"), tmp_path / "out")) == []
    assert "differs in regime mine;" in next(replaced(load(levers={"ring_fence": False}), tmp_path / "out"))


@pytest.mark.parametrize("spoilt", ["", "[1]", "a: [", "\udcff"])
def test_a_spoilt_study_is_passed_over(tmp_path: Path, spoilt: str) -> None:
    (tmp_path / "study.yaml").write_bytes(spoilt.encode("utf-8", "surrogateescape"))

    assert list(replaced(load_study("regional_2013"), tmp_path)) == []


def test_tables_of_another_study_go_and_all_else_stays(tmp_path: Path) -> None:
    own = ("notes.txt", "figures/mine.png", "store/ab/run.parquet")
    tables = ("sweep.csv", "comparison.csv", "figures/F11.png", "figures/slide/F3.alt.txt")
    write_resolved(load_study("regional_2013"), tmp_path / "study.yaml")
    for name in (*own, *tables):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")

    remove_other_tables(load_study("regional_2013", ["replicates=9"]), tmp_path)
    assert all((tmp_path / name).exists() for name in (*own, *tables))

    remove_other_tables(load_study("regional_2013", ["seed=5"]), tmp_path)
    assert all((tmp_path / name).exists() for name in own)
    assert not any((tmp_path / name).exists() for name in tables)
