"""``sim analyse ledger`` from the command's words to its file, in a small world."""

import errno
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.analysis.ledger_parting import KINDS
from sim.cli import analyse_ledger
from sim.measures.rows import AREA_LEVEL
from sim.model.result import BASES, REASONS
from sim.model.run import run
from sim.report.analysis_columns import LEDGER, of_ledger
from sim.study import england
from tests.builders import lively_world, population_of
from tests.cli.command import Ended, sim
from tests.cli.small_study import study_of

WORLD = lively_world(need_per_head_per_year=2e-4)
STUDY = study_of(WORLD, weights=((WORLD.services.ids[0], 3),))


@pytest.fixture(autouse=True)
def small_england(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analyse_ledger, "load_study", lambda name, overrides: STUDY)
    monkeypatch.setattr(england, "world_of", lambda spec: WORLD)


def ledger(*arguments: str) -> Ended:
    return sim("analyse", "ledger", "small", "--quiet", *arguments)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """Return what the command says as JSON, and the table that it writes."""
    file = tmp_path_factory.mktemp("ledger") / "lines.parquet"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analyse_ledger, "load_study", lambda name, overrides: STUDY)
        patch.setattr(england, "world_of", lambda spec: WORLD)
        return ledger("--out", str(file), "--json").json, pq.read_table(file)


def test_the_lines_sum_to_what_the_runs_say_by_themselves(made: tuple[Any, Any]) -> None:
    content, table = made
    lines = table.to_pandas()
    for side, name in (("a", "nation"), ("b", "district")):
        spec = STUDY.run_spec(STUDY.scenarios[name], 0)
        result = run(spec, WORLD, population_of(WORLD, spec))
        for basis in BASES:
            counted = lines.groupby(f"{side}_outcome_{basis}", observed=True)["weight"].sum()
            expected = dict(zip(REASONS, result.reasons[BASES.index(basis)].sum(axis=(0, 1)).tolist(), strict=True))
            assert {reason: int(counted.get(reason, 0)) for reason in REASONS} == expected
        paid = (lines[f"{side}_cost_pence"] * lines["weight"]).groupby(lines["service"], observed=True).sum()
        assert paid.tolist() == result.treatment_pence.sum(axis=1)[: len(paid)].tolist()
        for year in (1, 2):
            column = lines[f"{side}_cost_pence_year_{year}"]
            assert (column * lines["weight"]).sum() == result.treatment_pence[:, year - 1].sum()
        assert (lines[f"{side}_qalys"] * lines["weight"]).sum() == pytest.approx(result.qalys.sum(), rel=1e-9)
    assert content["totals"][-1]["difference"] == pytest.approx((lines["qalys_difference"] * lines["weight"]).sum())
    assert (lines["a_in_time"].isna() == lines["a_outcome_from_diagnosis"].isna()).all()


def test_every_column_of_the_file_is_in_the_data_dictionary_and_every_one_there_in_the_file(
    made: tuple[Any, Any],
) -> None:
    found = {of_ledger(name).name for name in made[1].column_names}
    here = {AREA_LEVEL} if AREA_LEVEL not in made[1].column_names else set()
    assert found == {column.name for column in LEDGER.columns} - here


def test_every_patient_has_one_line_and_one_kind(made: tuple[Any, Any]) -> None:
    content, table = made
    lines = table.to_pandas()
    people = population_of(WORLD, STUDY.run_spec(STUDY.compare[0], 0))

    assert lines["identity"].tolist() == [f"{int(who):016x}" for who in people.people.identity[: people.real]]
    assert set(lines["weight"]) == {1, 3}
    by_kind = lines.groupby("kind", observed=True)["weight"].sum()
    assert {kind: int(by_kind[kind]) for kind in by_kind.index} == {
        kind: whole["people"] for kind, whole in content["kinds"].items() if whole
    }
    assert set(by_kind.index) == set(KINDS)
    assert (lines["parting_month"].isna() == (lines["kind"] == "none")).all()
    alike = lines[lines["kind"] == "none"]
    assert not alike[["qalys_difference", "cost_pence_difference", "in_time_difference"]].to_numpy().any()


def test_every_column_says_what_it_is(made: tuple[Any, Any]) -> None:
    schema = made[1].schema

    assert schema.metadata[b"a"] == b"nation"
    assert schema.metadata[b"b"] == b"district"
    assert [field.name for field in schema if not field.metadata[b"meaning"]] == []
    assert schema.field("a_wait_days").metadata[b"unit"] == b"days"
    assert str(schema.field("b_cost_pence").type) == "int64"


def test_a_line_agrees_with_the_story_of_that_life(made: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.cli import story

    monkeypatch.setattr(story, "load_study", lambda name, overrides: STUDY)
    lines = made[1].to_pandas()
    line = lines[(lines["kind"] == "displaced") & lines["b_wait_days"].notna()].iloc[0]

    told = sim("story", "small", "--quiet", "--patient", line["identity"], "--json").json

    life = told["lives"][1]
    assert life["start_day"] - life["diagnosis_day"] == line["b_wait_days"]
    assert told["partings"]["district"] is not None


def test_the_summary_tells_kinds_gains_and_totals() -> None:
    text = " ".join(ledger().out.split())

    wanted = ("DIRECT", "DISPLACED", "NONE", "ALL", "live more QALYs under district", "people in need", "one draw")
    assert [words for words in wanted if words not in text] == []
    assert "district less nation, replicate 0" in text


def test_regimes_can_be_chosen_a_benchmark_among_them() -> None:
    content = ledger("--regimes", "region,nation", "--replicate", "1", "--json").json

    assert (content["first"], content["second"], content["replicate"]) == ("nation", "region", 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--regimes", "natoin,district"), "did you mean `nation`?"),
        (("--regimes", "district"), "wants two regimes, got 1"),
        (("--regimes", "district,nation,region"), "wants two regimes, got 3"),
        (("--replicate", "2"), "replicates 0 to 1"),
        (("--out", "lines.csv"), ".parquet file"),
        (("--out", "nowhere/lines.parquet"), "no folder 'nowhere'"),
    ],
)
def test_what_is_not_there_is_a_usage_error(arguments: tuple[str, ...], words: str) -> None:
    ended = ledger(*arguments)

    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert "Traceback" not in ended.err


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.report import ledger_file

    written = []

    def broken(part: slice) -> Any:
        if part.stop > 1:
            written.extend(tmp_path.iterdir())
            raise OSError(errno.ENOSPC, "No space left on device")
        return ledger_file.pa.array(np.zeros(0))

    monkeypatch.setattr(ledger_file, "_apart", lambda ledger: iter([ledger_file.Column("weight", broken)]))

    ended = ledger("--out", str(tmp_path / "lines.parquet"))

    assert (ended.code, ended.out) == (6, "")
    assert ended.err.startswith("error: there is no room left to write")
    assert len(written) == 1  # the file had been begun
    assert list(tmp_path.iterdir()) == []
